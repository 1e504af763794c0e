// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("Each check of a mix fails when exactly what it looks at is wrong")
struct BrokenMixTests {
    private let session: RecordedSession
    private let honest: RecordedFiles

    init() throws {
        session = try .load()
        honest = session.recordedFiles
    }

    /// The first failure of a review of the recorded session with one file changed.
    private func failure(changing file: String, _ change: (ByteTree) -> ByteTree) throws -> MixNetError? {
        var files = honest
        let bytes = try #require(honest.contents[file])
        files.contents[file] = Data(change(try ByteTree(serialized: Array(bytes))).serialized)
        return firstFailure(files)
    }

    private func firstFailure(_ files: RecordedFiles) -> MixNetError? {
        let review = MixReview(parameters: session.parameters, files: files)
        #expect(!review.isAccepted)
        return review.outcomes.lazy.compactMap(\.failure).first
    }

    /// Adds 1 to the exponent at the end of `path`.
    private func incremented(_ tree: ByteTree, at path: ArraySlice<Int>) -> ByteTree {
        switch (tree, path.first) {
        case (.node(var children), .some(let index)):
            children[index] = incremented(children[index], at: path.dropFirst())
            return .node(children)
        case (.leaf(let bytes), .none):
            let sum = (BigInteger(bigEndian: bytes) + 1) % session.group.q
            return .leaf(sum.bytes(count: bytes.count))
        default: return tree
        }
    }

    @Test(
        "a changed reply",
        arguments: [
            ("PoSReply01.bt", [0], MixNetCheck.permutationA, 1, nil),
            ("PoSReply02.bt", [1, 0], .permutationB, 2, 0),
            ("PoSReply01.bt", [1, 2], .permutationB, 1, 2),
            ("PoSReply02.bt", [2], .permutationC, 2, nil),
            ("PoSReply01.bt", [3], .permutationD, 1, nil),
            ("PoSReply01.bt", [4, 1], .permutationA, 1, nil),
            ("CCPoSReply02.bt", [0], .shuffleA, 2, nil),
            ("CCPoSReply01.bt", [1], .shuffleAlpha, 1, nil),
            ("CCPoSReply01.bt", [2, 0], .shuffleA, 1, nil),
            ("DecrFactReply02.bt", [], .decryptionOfGenerator, 2, nil),
        ] as [(String, [Int], MixNetCheck, Int, Int?)])
    func reply(file: String, path: [Int], check: MixNetCheck, party: Int, index: Int?) throws {
        let found = try failure(changing: file) { incremented($0, at: path[...]) }
        #expect(found == .failed(check, party: party, index: index))
    }

    @Test("a reply k_E as long as q goes through the other form of the folded equation, and fails there too")
    func longReply() throws {
        let found = try failure(changing: "PoSReply01.bt") { tree in
            guard case .node(var parts) = tree, case .node(var kE) = parts[4] else { return tree }
            kE[1] = .leaf((session.group.q - 1).bytes(count: session.group.exponentByteCount))
            parts[4] = .node(kE)
            return .node(parts)
        }
        #expect(found == .failed(.permutationA, party: 1, index: nil))
    }

    @Test("replies k_B that are wrong but make up for each other, as all their equations are looked at together")
    func cancellingReplies() throws {
        let found = try failure(changing: "PoSReply01.bt") { tree in
            guard case .node(var parts) = incremented(tree, at: [1, 0]), case .node(var kB) = parts[1],
                case .leaf(let bytes) = kB[2]
            else {
                return tree
            }
            let q = session.group.q
            kB[2] = .leaf(((BigInteger(bigEndian: bytes) + q - 1) % q).bytes(count: bytes.count))
            parts[1] = .node(kB)
            return .node(parts)
        }
        #expect(found == .failed(.permutationB, party: 1, index: 0))
    }

    @Test("a joint key that is not the product, another group, another generator, the key 1")
    func keys() throws {
        let group = session.group
        let other = group.generator.powerVariableTime(BigInteger(77)).bytes
        #expect(
            try failure(changing: "PublicKey01.bt") { _ in .leaf(other) } == .failed(.jointKey, party: 0, index: nil))
        #expect(
            try failure(changing: "PublicKey02.bt") { _ in .leaf(BigInteger(1).bytes(count: group.elementByteCount)) }
                == .failed(.keyIsOne, party: 2, index: nil))
        func full(_ position: Int, _ replacement: ByteTree) throws -> MixNetError? {
            try failure(changing: "FullPublicKey.bt") { tree in
                guard case .node(var parts) = tree else { return tree }
                if position == 0 {
                    parts[0] = replacement
                } else if case .node(var pair) = parts[1] {
                    pair[position - 1] = replacement
                    parts[1] = .node(pair)
                }
                return .node(parts)
            }
        }
        #expect(try full(0, SafePrimeGroup.ffdhe2048.marshalled) == .failed(.fullKeyGroup, party: 0, index: nil))
        #expect(try full(1, .leaf(other)) == .failed(.fullKeyGenerator, party: 0, index: nil))
        #expect(try full(2, .leaf(other)) == .failed(.jointKey, party: 0, index: nil))
    }

    @Test("no ciphertext at all, or more than the session may have")
    func numberOfCiphertexts() throws {
        let file = "CiphertextList00.bt"
        #expect(
            try failure(changing: file) { _ in .node([.node([]), .node([])]) }
                == .malformed(file: file, reason: "0 ciphertexts where 1 to 1 were expected"))
        let parameters = MixNetParameters(
            group: session.group, partyCount: 2, threshold: 2, maximumCiphertexts: 2,
            prefix: session.parameters.prefix)
        let review = MixReview(parameters: parameters, files: honest)
        #expect(
            review.outcomes.last?.failure
                == .malformed(file: file, reason: "3 ciphertexts where 1 to 2 were expected"))
        #expect(!review.isAccepted)
    }

    @Test("a plaintext that was not decrypted, at its index")
    func plaintext() throws {
        let found = try failure(changing: "PlaintextElements.bt") { tree in
            guard case .node(var elements) = tree else { return tree }
            elements[2] = .leaf(session.group.generator.bytes)
            return .node(elements)
        }
        #expect(found == .failed(.plaintext, party: 0, index: 2))
    }

    @Test("plaintexts in another order than they were mixed in")
    func reorderedPlaintexts() throws {
        let found = try failure(changing: "PlaintextElements.bt") { tree in
            guard case .node(let elements) = tree else { return tree }
            return .node(elements.reversed())
        }
        #expect(found == .failed(.plaintext, party: 0, index: 0))
    }

    @Test("factors that were made with another key than they say")
    func decryptionKey() throws {
        let found = try failure(changing: "DecryptionFactors01.bt") { tree in
            guard case .node(var parts) = tree else { return tree }
            parts[0] = .leaf(session.group.generator.bytes)
            return .node(parts)
        }
        #expect(found == .failed(.decryptionKey, party: 1, index: nil))
    }

    @Test("a published secret key is used if it is the party's, and refused if not")
    func secretKey() throws {
        var files = honest
        let width = session.group.exponentByteCount
        files.contents["SecretKey02.bt"] = Data(ByteTree.leaf(session.x[1].value.bytes(count: width)).serialized)
        for name in ProofFileName.decryption(2) { files.contents[name] = nil }
        #expect(MixReview(parameters: session.parameters, files: files).isAccepted)
        files.contents["SecretKey02.bt"] = Data(ByteTree.leaf(session.x[0].value.bytes(count: width)).serialized)
        #expect(firstFailure(files) == .failed(.secretKey, party: 2, index: nil))
    }

    @Test("every missing file, by its name", arguments: ProofFileName.needed(parties: 2, threshold: 2))
    func missing(file: String) {
        var files = honest
        files.contents[file] = nil
        #expect(firstFailure(files) == .missingFile(file))
    }

    @Test(
        "every file with one byte behind its tree, or cut short by one",
        arguments: ProofFileName.needed(parties: 2, threshold: 2))
    func lengths(file: String) throws {
        let bytes = try #require(honest.contents[file])
        for changed in [bytes + [0], bytes.dropLast()] {
            var files = honest
            files.contents[file] = Data(changed)
            guard case .malformed(let name, _) = firstFailure(files) else {
                Issue.record("\(file) was taken with another length")
                return
            }
            #expect(name == file)
        }
    }

    @Test("any byte of any file that is changed", arguments: ProofFileName.needed(parties: 2, threshold: 2))
    func anyByte(file: String) throws {
        let bytes = try #require(honest.contents[file])
        var random = SeededRandomSource()
        // The headers at the front, and a few bytes of the rest.
        let positions = Array(0..<min(8, bytes.count)) + (0..<2).map { _ in Int(random.next() % UInt64(bytes.count)) }
        for position in positions {
            var files = honest
            var changed = bytes
            changed[changed.startIndex + position] ^= 1 << UInt8(random.next() % 8)
            files.contents[file] = changed
            #expect(firstFailure(files) != nil, "\(file), byte \(position), seed \(random.seed)")
        }
    }

    @Test("a keep list that keeps too few positions, or holds another byte than 0 and 1")
    func keepList() throws {
        let file = "KeepList01.bt"
        #expect(
            try failure(changing: file) { _ in .leaf([1, 0, 1]) }
                == .malformed(file: file, reason: "2 positions are kept where 3 were expected"))
        #expect(
            try failure(changing: file) { _ in .leaf([1, 2, 1]) }
                == .malformed(file: file, reason: "byte 1 of the keep list is 2, neither 0 nor 1"))
    }

    @Test("an element outside the group, named by file and index")
    func outsideTheGroup() throws {
        let found = try failure(changing: "CiphertextList01.bt") { tree in
            guard case .node(var components) = tree, case .node(var betas) = components[1],
                case .leaf(let bytes) = betas[1]
            else { return tree }
            let minus = session.group.p - BigInteger(bigEndian: bytes)
            betas[1] = .leaf(minus.bytes(count: bytes.count))
            components[1] = .node(betas)
            return .node(components)
        }
        #expect(
            found
                == .malformed(file: "CiphertextList01.bt", reason: "beta: number 1 is not an element of the group"))
    }
}
