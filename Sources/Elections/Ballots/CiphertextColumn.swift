// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic

/// The ciphertexts of one question, filled batch by batch into memory that is allocated once.
struct CiphertextColumn {
    private let group: SafePrimeGroup
    private let alphas: LimbStorage
    private let betas: LimbStorage
    private var filled = 0
    /// The alphas of the batch that came last.
    private(set) var lastBatch: ElementVector

    init(lineCount: Int, group: SafePrimeGroup) {
        self.group = group
        alphas = LimbStorage(count: lineCount * group.elements.limbCount)
        betas = LimbStorage(count: lineCount * group.elements.limbCount)
        lastBatch = ElementVector([], in: group)
    }

    /// Checks that the numbers are elements and takes them; else names the first line (from 0) whose are not.
    mutating func append(_ ballots: [Ballot], question: Int) -> (line: Int, reason: BallotFault)? {
        let first = filled
        let (newAlphas, alphaFault) = checked(ballots.map { $0.choices[question].alpha })
        let (newBetas, betaFault) = checked(ballots.map { $0.choices[question].beta })
        for (source, target) in [(newAlphas, alphas), (newBetas, betas)] where source.count > 0 {
            let place = target.base + first * group.elements.limbCount
            source.numbers.withLimbs(0..<source.count) {
                place.update(from: $0, count: source.count * group.elements.limbCount)
            }
        }
        lastBatch = newAlphas
        filled += ballots.count
        switch (alphaFault, betaFault) {
        case (let a?, let b) where a <= b ?? a: return (first + a, .notInGroup(question: question, .alpha))
        case (_, let b?): return (first + b, .notInGroup(question: question, .beta))
        default: return nil
        }
    }

    /// The elements up to the first number that is none, and its index.
    private func checked(_ numbers: [BigInteger]) -> (ElementVector, Int?) {
        do throws(VectorError) {
            return (try ElementVector(checking: numbers, in: group), nil)
        } catch .notInGroup(let index) {
            return (checked(Array(numbers[..<index])).0, index)
        } catch {
            preconditionFailure("numbers refused for \(error)")
        }
    }

    /// The limbs of the alpha in a line that was filled.
    func alpha(_ line: Int) -> UnsafeBufferPointer<UInt> {
        precondition(line < filled, "line \(line) of \(filled)")
        let limbCount = group.elements.limbCount
        return UnsafeBufferPointer(start: alphas.base + line * limbCount, count: limbCount)
    }

    /// - Precondition: every line was filled.
    var ciphertexts: CiphertextVector {
        let limbCount = group.elements.limbCount
        return CiphertextVector(
            alphas: ElementVector(NumberList(alphas, limbCount: limbCount).slice(0..<filled), in: group),
            betas: ElementVector(NumberList(betas, limbCount: limbCount).slice(0..<filled), in: group))
    }
}
