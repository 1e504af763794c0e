// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

/// Every number of every file that a mix publishes is changed in turn.
@Suite("Each number of each proof file")
struct ProofNumberTests {
    private let mix: SmallMix
    private let honest: RecordedFiles

    init() throws {
        mix = try SmallMix(parties: 2, threshold: 2, count: 3)
        _ = try mix.decrypted()
        var files: [String: Data] = [:]
        for name in ProofFileName.needed(parties: 2, threshold: 2) {
            files[name] = try Data(contentsOf: mix.scratch.file(name))
        }
        honest = RecordedFiles(contents: files)
    }

    private var group: SafePrimeGroup { mix.parameters.group }

    /// The trees that come of replacing one leaf of `width` bytes, each in turn.
    private func changes(_ tree: ByteTree, width: Int, _ change: (BigInteger) -> BigInteger) -> [ByteTree] {
        switch tree {
        case .leaf(let bytes):
            guard bytes.count == width else { return [] }
            return [.leaf(change(BigInteger(bigEndian: bytes)).bytes(count: width))]
        case .node(let children):
            return children.indices.flatMap { index in
                changes(children[index], width: width, change).map { changed in
                    var children = children
                    children[index] = changed
                    return .node(children)
                }
            }
        }
    }

    /// The first failure of a review for each change of a file.
    private func failures(
        _ file: String, width: Int, _ change: (BigInteger) -> BigInteger
    ) throws -> [MixNetError?] {
        let bytes = try #require(honest.contents[file])
        let honestTree = try ByteTree(serialized: Array(bytes))
        return changes(honestTree, width: width, change).filter { $0 != honestTree }.map { tree in
            var files = honest
            files.contents[file] = Data(tree.serialized)
            let review = MixReview(parameters: mix.parameters, files: files)
            #expect(!review.isAccepted)
            return review.outcomes.lazy.compactMap(\.failure).first
        }
    }

    private static let files: [String] = ProofFileName.needed(parties: 2, threshold: 2).filter {
        !$0.hasPrefix("KeepList")
    }
    private static let replies: [String] = files.filter { $0.contains("Reply") }
    private static let elements: [String] = files.filter { !$0.contains("Reply") }

    @Test("an element that was multiplied by g is noticed", arguments: elements)
    func otherElement(file: String) throws {
        let g = group.generator.value
        let found = try failures(file, width: group.elementByteCount) { $0 * g % group.p }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0 != nil })
    }

    @Test(
        "an element outside the group is refused for being outside, in every place: -x, 0, p-1, p and x + p",
        arguments: elements)
    func outside(file: String) throws {
        let p = group.p
        let changes: [(BigInteger) -> BigInteger] = [
            { p - $0 }, { _ in 0 }, { _ in p - 1 }, { _ in p }, { $0 + p },
        ]
        for change in changes {
            for failure in try failures(file, width: group.elementByteCount, change) {
                // The parts of FullPublicKey are compared with bytes that are known.
                if file == ProofFileName.fullPublicKey, case .failed = failure { continue }
                guard case .malformed(file, let reason) = failure else {
                    Issue.record("\(file): \(String(describing: failure))")
                    continue
                }
                #expect(reason.contains("not an element of the group"))
            }
        }
    }

    @Test("a reply that is another number is noticed, and one from q on is refused for its range", arguments: replies)
    func otherReply(file: String) throws {
        let q = group.q
        for change in [{ ($0 + 1) % q }, { (q - $0) % q }] as [(BigInteger) -> BigInteger] {
            let found = try failures(file, width: group.exponentByteCount, change)
            #expect(!found.isEmpty)
            for failure in found {
                guard case .failed = failure else {
                    Issue.record("\(file): \(String(describing: failure))")
                    continue
                }
            }
        }
        for failure in try failures(file, width: group.exponentByteCount, { $0 + q }) {
            guard case .malformed(file, _) = failure else {
                Issue.record("\(file): \(String(describing: failure))")
                continue
            }
        }
    }

    /// The trees that come of changing one part's shape: a child more or fewer, a byte more or fewer, a leaf for a node and a node for
    /// a leaf.
    private func reshaped(_ tree: ByteTree) -> [ByteTree] {
        switch tree {
        case .leaf(let bytes):
            return [.leaf(bytes + [0]), .leaf([0] + bytes), .leaf(Array(bytes.dropLast())), .leaf([]), .node([tree])]
        case .node(let children):
            let inside = children.indices.flatMap { index in
                reshaped(children[index]).map { changed in
                    var children = children
                    children[index] = changed
                    return ByteTree.node(children)
                }
            }
            return inside + [
                .node(children + children.suffix(1)), .node(Array(children.dropLast())), .leaf([]), .node([]),
            ]
        }
    }

    @Test(
        "no part of a file may have another shape, of which the original's reader takes some",
        arguments: ProofFileName.needed(parties: 2, threshold: 2))
    func shapes(file: String) throws {
        let bytes = try Array(#require(honest.contents[file]))
        let tree = try ByteTree(serialized: bytes)
        // A tag other than that of a node and a leaf, in front.
        let serialized = reshaped(tree).map(\.serialized) + [[2] + bytes.dropFirst(), [0xff] + bytes.dropFirst()]
        for changed in serialized {
            var files = honest
            files.contents[file] = Data(changed)
            let review = MixReview(parameters: mix.parameters, files: files)
            #expect(!review.isAccepted)
            switch review.outcomes.lazy.compactMap(\.failure).first {
            case .malformed(file, _): break
            case .failed where file == ProofFileName.fullPublicKey: break
            // A shorter list of ballots is a list; what was mixed has other lengths.
            case .malformed where file == ProofFileName.ciphertextList(0): break
            case let other: Issue.record("\(file): \(String(describing: other))")
            }
        }
    }

    @Test("blinding numbers have all their bits: n_s more than what they hide")
    func blinding() throws {
        let bits = mix.parameters.blindingBits
        #expect(bits == 40 + 80 + 80)
        for file in Self.replies where file.contains("PoSReply") {
            guard case .node(let parts) = try ByteTree(serialized: Array(#require(honest.contents[file]))),
                case .node(let kE)? = parts.last
            else {
                Issue.record("\(file) has another shape")
                continue
            }
            let lengths = kE.compactMap { reply -> Int? in
                guard case .leaf(let bytes) = reply else { return nil }
                return BigInteger(bigEndian: bytes).bitCount
            }
            #expect(lengths.count == 3)
            // All three shorter by twenty bits and more happens once in 2^60 runs.
            #expect(lengths.allSatisfy { $0 <= bits + 1 })
            #expect(lengths.contains { $0 > bits - 20 }, "\(lengths)")
        }
    }
}
