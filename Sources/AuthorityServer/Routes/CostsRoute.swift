// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Hummingbird
import MutualTLS

/// `GET /public_api/status/ELECTION/phases`: time, CPU and memory of each phase of an election at this authority, and the machine
/// that it runs on, for the election's creator and its authorities.
struct CostsRoute: Sendable {
    let authority: Authority

    func add(to router: Router<BasicPeerRequestContext>) {
        router.get("/public_api/status/:election/phases") { [authority] request, context in
            let election = try context.parameters.require("election")
            return json(try await authority.costs(of: election, for: try context.client).json, status: .ok)
        }
    }
}
