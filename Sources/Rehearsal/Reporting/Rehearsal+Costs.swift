// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
package import Elections
import GroupArithmetic
import MutualTLS
import OperatorErrors
import StrictJSON
import TrustStores

extension Rehearsal {
    /// Asks every authority of the election what it took there, for the report. One that does not say is told of, and left out.
    package func collectCosts(from host: RehearsalHost) async {
        guard let election = journal.facts.election, let names = journal.facts.authorities else { return }
        let authorities = ([host.director] + host.installed).filter { names.contains($0.hostName.text) }
        var found: [AuthorityCosts] = []
        try? await host.asking(patience: min(patience, .seconds(10))) { client in
            for authority in authorities {
                do {
                    let costs = try await Self.costs(of: election, at: authority, client)
                    found.append(AuthorityCosts(authority: authority.hostName.text, costs: costs))
                } catch {
                    let reason = (error as? any OperatorError)?.message ?? "\(error)"
                    journal.note("what the election took at \(authority.hostName) is not known: \(reason)")
                }
            }
        }
        journal.learn { [found] in $0.costs = found }
    }

    private static func costs(
        of election: String, at authority: PeerEndpoint, _ client: AuthorityClient
    ) async throws -> ElectionCosts {
        let answer = try await client.get(
            "/public_api/status/\(election)/phases", from: authority)
        guard answer.status == 200 else { throw AuthorityClient.refusal(by: authority, answer) }
        return try ElectionCosts(JSONValue(parsing: answer.body))
    }

    /// The machine that eotest runs on.
    package static func ownHost(software: String) -> HostFacts {
        HostFacts.own(arithmetic: Kernel.chosen.rawValue, software: software)
    }
}

extension Rehearsal {
    /// What the files of a rehearsal take of the disk, in bytes.
    package func diskUse(of election: ElectionIdentifier) -> Int { DiskUse.byteCount(of: [folder(election).path]) }
}
