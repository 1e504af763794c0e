// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import TrustStores

/// The data of an authority that does not run, with a board on disk as its server would have left it.
struct SampleDesk {
    let host: PeerHost
    let data: DataFolder
    let database: AuthorityDatabase
    var eotasks: BuiltTool { host.tool("eotasks") }

    init() throws {
        let scratch = try ScratchFolder()
        host = try PeerHost("a.example", scratch: scratch, more: ", \"DATA_PATH\": \"\(scratch.path("data"))\"")
        data = try DataFolder(root: URL(filePath: scratch.path("data")))
        database = try AuthorityDatabase(file: data.database)
    }

    /// Proposes an election of this authority and another one, and asks the operator.
    ///
    /// - Returns: the digest of the proposal, in hex.
    func propose(title: String) throws -> String {
        let request: JSONValue = [
            "id": "e1", "title": .string(title), "description": "", "start_date": "2026-01-01",
            "callback_url": "https://box.example/done",
            "questions": [
                [
                    "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
                    "answers": [["id": 0, "text": "Yes"], ["id": 1, "text": "No"]],
                ]
            ],
            "authorities": [authority("a.example", "A"), authority("b.example", "B")],
        ]
        let other = try SigningKey.stored(at: host.scratch.path("other.key"))
        let own = Digest(hex: host.identity.certificate.fingerprint.hex)
        let offer = ProtocolOffer(
            request: request.compactBytes, creator: Digest(of: [1]),
            parties: [
                Party(
                    name: "a.example", certificate: own ?? Digest(of: []), signingKey: try data.signingKey().verifying),
                Party(name: "b.example", certificate: Digest(of: [7]), signingKey: other.verifying),
            ], threshold: 2, sessions: [.init(id: "0-00000000-0000-4000-8000-000000000000", protocolInfo: [10])])
        let content = EntryContent(election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        let entry = try Entry(signing: content, with: data.signingKey())
        try BoardFolder(data: data).append(entry, number: 0, to: "e1")
        _ = try database.askConsent(
            election: "e1", attempt: 0, proposal: entry.digest.hex, ballots: nil, at: "2026-11-21T12:00:00Z")
        return entry.digest.hex
    }

    private func authority(_ name: String, _ certificate: String) -> JSONValue {
        ["name": .string(name), "orchestra_url": .string("https://\(name):5000/"), "ssl_cert": .string(certificate)]
    }

    /// When the proposal came.
    func arrival() throws -> String {
        let file = host.scratch.path("data/private/e1/board/000000.entry")
        let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        return date?.ISO8601Format() ?? ""
    }
}
