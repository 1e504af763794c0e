// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import StrictJSON
import Testing
import TrustStores

@testable import Orchestration

/// Three authorities, any two of which decrypt, up to the ballots of a first tally: the board of authority 1, and what a third party makes
/// of accusations on it. All that 1 and 2 said is right; 3 dealt malformed shares and named the keys of two. The director, 1,
/// wrote a protInfo.xml that is bound to nothing.
struct JudgedElection {
    static let parties = 1...3

    private let scratch: ScratchFolder
    let keys: [SigningKey]
    private(set) var board: Board
    /// The identities that the evidence holds, by host name.
    var identities: [String: [UInt8]] = [:]
    /// Files of the evidence by the digest under which it shows them.
    var files: [Digest: [UInt8]] = [:]

    /// - Parameters:
    ///   - threshold, names: what the protInfo.xml says, if it is not what the board says.
    ///   - certificate: of authority 2 in the election request.
    init(threshold: Int = 2, names: ClosedRange<Int> = parties, certificate: Certificate? = nil) throws {
        let scratch = try ScratchFolder()
        self.scratch = scratch
        let members = try Self.parties.map { try #require(AuthorityServerTests.identities[$0]) }
        keys = try Self.parties.map { try SigningKey.stored(at: scratch.path("key\($0)")) }
        let authorities = members.enumerated().map { index, member -> JSONValue in
            let shown = index == 1 ? certificate ?? member.certificate : member.certificate
            return [
                "name": .string(member.hostName.text),
                "orchestra_url": .string("https://\(member.hostName.text):5000/"),
                "ssl_cert": .string(shown.pem),
            ]
        }
        let request: JSONValue = [
            "id": "e1", "title": "T", "description": "", "callback_url": "https://box.example/done", "threshold": 2,
            "questions": [
                [
                    "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
                    "answers": [["id": 0, "text": "Yes"], ["id": 1, "text": "No"]],
                ]
            ],
            "authorities": .array(authorities),
        ]
        let parties = zip(members, keys).map { member, key in
            Party(
                name: member.hostName.text, certificate: Digest(of: member.certificate.der), signingKey: key.verifying)
        }
        let session = "0-00000000-0000-4000-8000-000000000000"
        let info = try ProtocolInfo(
            sessionID: session, electionName: "e1", description: "", threshold: threshold, group: .sequent2048,
            parties: names.map { .init(of: parties[$0 - 1], http: "", hint: "") })
        let offer = ProtocolOffer(
            request: request.compactBytes, creator: Digest(of: [1]), parties: parties, threshold: 2,
            sessions: [.init(id: session, protocolInfo: info.bytes)])
        let content = EntryContent(election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        board = try Board(first: Entry(signing: content, with: keys[0]))
        for (member, key) in zip(members, keys) {
            identities[member.hostName.text] = try Self.identity(of: member, signingKey: key)
        }
        for author in [2, 3] { try say(.countersignature, by: author) }
        try makeKeys(info)
        try say(.tallyRequest, attempt: 1, by: 1, payload: Self.order.payload)
    }

    static let order = TallyOrder(votesURL: "https://box:8000/votes", votesDigest: Digest(of: [9]))

    static func identity(of member: TestIdentity, signingKey: SigningKey) throws -> [UInt8] {
        try SignedIdentity(
            hostName: member.hostName.text, mixnetPort: 4081, version: "1", signingKey: signingKey.verifying,
            signedBy: member.key
        ).json.compactBytes
    }

    private mutating func makeKeys(_ info: ProtocolInfo) throws {
        let sharing = KeySharing(
            group: info.group, trusteeCount: 3, threshold: 2, session: info.sessionID, prefix: info.prefix)
        func dealing(_ index: Int) throws -> KeyDealing {
            guard let seed = SecretSeed(SecretBytes([UInt8](repeating: UInt8(index), count: 32))) else {
                throw CocoaError(.fileReadUnknown)
            }
            return KeyDealing(sharing, index: index, seed: seed)
        }
        var openings: [VerifiedKeyOpening] = []
        for author in Self.parties {
            let opening = try dealing(author).opening
            let digest = HashFunction.sha256.digest(of: opening.serialized)
            try say(.keyHash, by: author, payload: ByteTree.node([.leaf(digest)]).serialized)
            openings.append(try VerifiedKeyOpening(opening, announced: digest, dealer: author, sharing: sharing))
        }
        for author in Self.parties {
            try say(.keyCommitments, by: author, payload: ByteTree.node([dealing(author).opening]).serialized)
        }
        for author in Self.parties {
            let shares = author == 3 ? .node([]) : try dealing(author).encryptedShares(for: openings)
            try say(.keyShares, by: author, payload: ByteTree.node([shares]).serialized)
        }
        let trustees = openings.map(\.publicKey)
        for author in Self.parties {
            let named = author == 3 ? Array(trustees.prefix(2)) : trustees
            let joint = try #require(JointPublicKey(named))
            try say(.publicKey, by: author, payload: ElectionKeys(sessions: [joint]).payload)
        }
        for author in Self.parties { try say(.keyPublished, by: author) }
    }

    func sign(_ content: EntryContent) throws -> Entry { try Entry(signing: content, with: keys[content.author - 1]) }

    @discardableResult
    mutating func say(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by author: Int, blobs: [BlobReference] = [],
        payload: [UInt8] = []
    ) throws -> Entry {
        let entry = try sign(
            board.draft(kind, attempt: attempt, session: session, by: author, blobs: blobs, payload: payload))
        try board.append(entry)
        return entry
    }

    /// What comes of an accusation that nobody but the accuser speaks for: authority 1, or 2 against 1.
    func finding(
        _ check: String, against accused: Int, index: Int? = nil, attempt: Int = 1, _ evidence: [[UInt8]] = []
    ) throws -> Finding {
        let folder = URL(filePath: scratch.path(UUID().uuidString))
        for name in ["board", "identities", "files"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        for (number, entry) in board.entries.enumerated() {
            try Data(entry.tree.serialized).write(to: folder.appending(path: Evidence.entryName(number)))
        }
        for (host, statement) in identities {
            try Data(statement).write(to: folder.appending(path: Evidence.identityName(host)))
        }
        for (digest, content) in files {
            try Data(content).write(to: folder.appending(path: Evidence.fileName(digest)))
        }
        let failure = Failure(check: check, accused: accused, index: index, message: "so they say", evidence: evidence)
        return try Evidence(folder: folder).finding(
            on: Accusation(accuser: accused == 1 ? 2 : 1, accused: accused, attempt: attempt, failure: failure))
    }
}
