// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import Testing
import TrustStores

/// Two authorities, of which the second signed two versions of one entry, at the disk of the first.
@Suite("Evidence as docs/protocol/evidence.md shows it")
struct EvidenceTranscriptTests {
    private static let id = "271828"

    @Test("is written and read in these words, whatever the certificates are")
    func transcript() async throws {
        let desk = try SampleDesk()
        let file = desk.host.scratch.path("evidence.tar.gz")
        try accuse(at: desk)
        let commands = try transcripts()
        #expect(commands.map { $0.words.first } == ["eotasks", "eoverify"])
        for command in commands {
            let arguments = command.words.dropFirst().map { $0 == "evidence.tar.gz" ? file : $0 }
            let ended = try await desk.host.tool(command.words[0]).run(arguments)
            #expect(ended.status == 0 && ended.errors.isEmpty, "\(ended)")
            let said = ended.output.replacing(file, with: "evidence.tar.gz").replacing(/[0-9a-f]{64}/, with: "…")
            #expect(said == command.output.replacing(/[0-9a-f]{4}…/, with: "…"))
        }
    }

    /// The commands of the document, and what they print.
    private func transcripts() throws -> [(words: [String], output: String)] {
        let document = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/protocol/evidence.md").standardized
        var commands: [(words: [String], output: String)] = []
        for line in try String(contentsOf: document, encoding: .utf8).split(separator: "\n")
        where line.hasPrefix("    ") {
            let text = line.dropFirst(4)
            if text.hasPrefix("$ ") {
                commands.append((text.dropFirst(2).split(separator: " ").map(String.init), ""))
            } else if let last = commands.indices.last {
                commands[last].output += text + "\n"
            }
        }
        return commands
    }

    private func accuse(at desk: SampleDesk) throws {
        let (first, second) = (desk.host.identity, try TestIdentity("b.example"))
        let keys = [
            try desk.data.signingKey(), try SigningKey.stored(at: desk.host.scratch.path("other.key")),
        ]
        let authorities = [first, second].map { identity -> JSONValue in
            let name = identity.hostName.text
            return [
                "name": .string(name), "orchestra_url": .string("https://\(name):5000/"),
                "ssl_cert": .string(identity.certificate.pem),
            ]
        }
        let request: JSONValue = [
            "id": .string(Self.id), "title": "T", "description": "", "start_date": "2026-01-01",
            "callback_url": "https://box.example/done",
            "questions": [
                [
                    "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
                    "answers": [["id": 0, "text": "Yes"], ["id": 1, "text": "No"]],
                ]
            ],
            "authorities": .array(authorities),
        ]
        let parties = zip([first, second], keys).map { identity, key in
            Party(
                name: identity.hostName.text, certificate: Digest(of: identity.certificate.der),
                signingKey: key.verifying)
        }
        let offer = ProtocolOffer(
            request: request.compactBytes, creator: Digest(of: [1]), parties: parties, threshold: 2,
            sessions: [.init(id: "0-x", protocolInfo: [10])])
        let content = EntryContent(election: Self.id, kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        var board = try Board(first: Entry(signing: content, with: keys[0]))
        func say(_ content: EntryContent) throws {
            try board.append(Entry(signing: content, with: keys[content.author - 1]))
        }
        try say(board.draft(.countersignature, by: 2))
        let other = try Entry(signing: board.draft(.keyHash, by: 2, payload: [2]), with: keys[1])
        try say(board.draft(.keyHash, by: 2, payload: [1]))
        #expect(throws: BoardError.self) { try board.append(other) }
        try say(board.draft(.failure, by: 1, payload: try #require(board.offence).payload))
        for (number, entry) in board.entries.enumerated() {
            try BoardFolder(data: desk.data).append(entry, number: number, to: Self.id)
        }
        let statement = try SignedIdentity(
            hostName: "b.example", mixnetPort: 4081, version: "1", signingKey: keys[1].verifying, signedBy: second.key)
        try desk.data.election(Self.id).keepIdentity(statement.json.compactBytes, of: "b.example")
    }
}
