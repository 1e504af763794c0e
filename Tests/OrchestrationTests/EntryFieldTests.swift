// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Orchestration
import Testing
import TrustStores

@Suite("The signature of an entry")
struct EntryFieldTests {
    private static let changes: [(name: String, change: @Sendable (inout EntryContent) -> Void)] = [
        ("election", { $0.election = "e2" }), ("question", { $0.session = 1 }), ("no question", { $0.session = nil }),
        ("attempt", { $0.attempt = 2 }), ("kind", { $0.kind = .decryption }), ("author", { $0.author = 1 }),
        ("sequence", { $0.sequence += 1 }), ("fewer inputs", { $0.inputs.removeLast() }),
        ("no inputs", { $0.inputs = [] }), ("inputs in another order", { $0.inputs.reverse() }),
        (
            "an input's digest",
            { $0.inputs[0] = EntryReference(author: 1, sequence: $0.inputs[0].sequence, digest: Digest(of: [9])) }
        ),
        (
            "an input's sequence number",
            {
                $0.inputs[0] = EntryReference(
                    author: 1, sequence: $0.inputs[0].sequence + 1, digest: $0.inputs[0].digest)
            }
        ),
        ("no files", { $0.blobs = [] }),
        ("a file's name", { $0.blobs[0] = BlobReference(name: "b.bt", digest: $0.blobs[0].digest, byteCount: 5) }),
        ("a file's digest", { $0.blobs[0] = BlobReference(name: "a.bt", digest: Digest(of: [9]), byteCount: 5) }),
        ("a file's length", { $0.blobs[0] = BlobReference(name: "a.bt", digest: $0.blobs[0].digest, byteCount: 6) }),
        ("payload", { $0.payload = [2] }), ("a longer payload", { $0.payload.append(0) }),
    ]

    @Test(
        "does not hold for a content of which anything is changed, and such an entry is on no board",
        arguments: changes.indices)
    func everyField(index: Int) throws {
        let election = try SampleElection(parties: 2, sessions: 2)
        var board = try election.boardWithBallots()
        let blob = BlobReference(name: "a.bt", digest: Digest(of: [3]), byteCount: 5)
        let content = board.draft(.permutation, attempt: 1, session: 0, by: 2, blobs: [blob], payload: [1])
        let honest = try election.sign(content)
        #expect(honest.isSigned(by: election.keys[1].verifying))
        #expect(!honest.isSigned(by: election.keys[0].verifying))

        var changed = content
        Self.changes[index].change(&changed)
        let entry = try Entry(tree: .node([.leaf(changed.canonicalBytes), .leaf(honest.signature)]))
        #expect(entry.content == changed)
        #expect(entry.digest != honest.digest)
        for key in election.keys { #expect(!entry.isSigned(by: key.verifying), "\(Self.changes[index].name)") }
        #expect(throws: BoardError.self) { try board.append(entry) }
        #expect(try board.append(honest) == .added)
    }

    @Test("does not hold if any byte of it is changed")
    func everyByte() throws {
        let election = try SampleElection(parties: 2)
        let board = try election.board()
        let honest = try election.sign(board.draft(.countersignature, by: 2))
        for index in honest.signature.indices {
            var signature = honest.signature
            signature[index] ^= 1
            let entry = try Entry(tree: .node([.leaf(honest.content.canonicalBytes), .leaf(signature)]))
            #expect(!entry.isSigned(by: election.keys[1].verifying), "byte \(index)")
        }
    }
}
