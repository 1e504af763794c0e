// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import MixNets
import TallyArchives
import TestSupport
import Testing

@testable import PublishedTallies

@Suite("Ballots that are compared with the mixed list in batches")
struct MixedBallotsTests {
    let group = SafePrimeGroup.ffdhe2048
    let scratch: PrivateFolder
    let list: CiphertextVector
    let files: ProofFolder

    init() throws {
        let group = group
        let elements = (0..<10).compactMap { group.encode(vote: BigInteger(UInt($0))) }
        let alphas = ElementVector(elements, in: group)
        list = CiphertextVector(alphas: alphas, betas: ElementVector(elements.reversed(), in: group))
        scratch = try PrivateFolder()
        files = ProofFolder(URL(fileURLWithPath: scratch.path))
        let writer = CiphertextListWriter(in: files, group: group)
        writer.append(list)
        _ = try writer.finish()
    }

    private func compared(_ ballots: CiphertextVector) throws -> MixedBallots {
        var mixed = try MixedBallots(files, in: group)
        for start in stride(from: 0, to: ballots.count, by: 3) {
            mixed.compare(ballots.selecting(Array(start..<min(start + 3, ballots.count))))
        }
        return mixed
    }

    @Test("are found equal, all of them")
    func equal() throws {
        let mixed = try compared(list)
        #expect(mixed.count == 10 && mixed.firstDifference == nil)
    }

    @Test("differ where the first one does, by alpha or beta")
    func different() throws {
        #expect(try compared(list.selecting([0, 1, 2, 3, 4, 5, 6, 8, 7, 9])).firstDifference == 7)
        let betas = list.betas.selecting([0, 1, 2, 3, 5, 4, 6, 7, 8, 9])
        #expect(try compared(CiphertextVector(alphas: list.alphas, betas: betas)).firstDifference == 4)
    }

    @Test("are counted, be they more or fewer than were mixed")
    func counts() throws {
        let fewer = try compared(list.selecting([0, 1, 2, 3]))
        #expect(fewer.count == 4 && fewer.firstDifference == nil)
        let more = try compared(list.selecting([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]))
        #expect(more.count == 13 && more.firstDifference == nil)
    }

    @Test("are counted alone where there is no list")
    func missing() throws {
        try FileManager.default.removeItem(atPath: scratch.path + "/CiphertextList00.bt")
        let mixed = try compared(list)
        #expect(mixed.count == 10 && mixed.firstDifference == nil)
    }
}
