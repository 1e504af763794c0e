// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import StrictJSON

/// segmented_election_config.json: an election that was mixed as one and is counted as a whole and by category of voters
/// (specification of counting, 4.5). Every ballot's plaintext was multiplied by a prime of the voter's category.
package struct Segmentation: Sendable {
    private let categories: [String]
    /// One for each question: p of its group.
    private let moduli: [BigInteger]

    private static let fileName = "segmented_election_config.json"

    package init(parsing bytes: some Sequence<UInt8>) throws(CountingError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 64 << 20)) } catch {
            throw .syntax(error, file: Self.fileName)
        }
        do throws(JSONShapeError) {
            let root = JSONField(json, name: "the segmentation")
            let field = try root.member("configuration").member("mixingCategorySegmentation").member("categories")
            var categories: [String] = []
            for element in try field.elements(1...1000) {
                let name = try element.string()
                guard !categories.contains(where: { ExactText($0) == ExactText(name) }) else {
                    throw element.refused(found: element.value.compact, expected: "a category that is not there yet")
                }
                categories.append(name)
            }
            self.categories = categories
            moduli = try Self.moduli(root.member("pks"))
        } catch { throw .at(Self.fileName, .shape(error)) }
    }

    /// The keys are text in which there is JSON.
    private static func moduli(_ field: JSONField) throws(JSONShapeError) -> [BigInteger] {
        let text = try field.string(maximum: 16 << 20)
        let keys: JSONValue
        do { keys = try JSONValue(parsing: text) } catch {
            throw field.refused(found: "no JSON", expected: "text with the public keys as JSON")
        }
        var moduli: [BigInteger] = []
        for element in try JSONField(keys, name: "pks").elements(0...1000) {
            let number = try element.member("p")
            // Squares are told apart below by what safe primes are modulo 4.
            guard let p = BigInteger(canonicalDecimal: try number.string()), p.bitCount > 64, p.limbs[0] & 3 == 3 else {
                throw number.refused(found: "another number", expected: "the safe prime of a group")
            }
            moduli.append(p)
        }
        return moduli
    }

    /// The prime of each category in their order: the next one that is no ballot's plaintext and is a square modulo p.
    func primes(for question: CountableQuestion, index: Int) throws(CountingError) -> [UInt] {
        guard !question.method.isRetired else {
            throw .segmentation(question: index, reason: "has a tally type that was never segmented")
        }
        guard !question.options.carriesNames else {
            throw .segmentation(question: index, reason: "takes written names")
        }
        guard moduli.indices.contains(index) else {
            throw .segmentation(question: index, reason: "has no public key in \(Self.fileName)")
        }
        let largest = BallotCode(question).largestPlaintext
        let suitable = Self.smallPrimes.filter { largest <= BigInteger($0) && Self.isSquare($0, modulo: moduli[index]) }
        guard suitable.count >= categories.count else {
            throw .segmentation(
                question: index, reason: "has too many different ballots for \(categories.count) categories")
        }
        return Array(suitable.prefix(categories.count))
    }

    /// The tally with each question followed by one for each category, and ballots as they were cast.
    package func taken(apart tally: CountedTally) throws(CountingError) -> CountedTally {
        let questionCount = tally.questions.count * (categories.count + 1)
        let byteCount = tally.questions.reduce(0) { $0 + $1.json.byteCount } * categories.count
        guard questionCount <= 1000, byteCount <= ElectionCount.copyLimit else {
            throw .at(Self.fileName, .tooManyCopies)
        }
        var questions: [CountableQuestion] = []
        var lists: [PlaintextList?] = []
        for (index, question) in tally.questions.enumerated() {
            guard let plaintexts = tally.plaintexts[index] else {
                throw .noPlaintexts(tally: tally.name, question: index)
            }
            let primes = try primes(for: question, index: index)
            let untagged = try untagged(plaintexts, primes, question: index)
            questions.append(question)
            lists.append(untagged.all)
            for (category, list) in zip(categories, untagged.byCategory) {
                let copy = try question.changed(at: "question \(index)") { object in
                    object["title"] = .string("\(question.title) - \(category)")
                    // As the original's way of copying counts questions.
                    object["source_question_index"] = .integer(index * (categories.count + 1))
                    object["source_election_index"] = 0
                }
                questions.append(copy)
                lists.append(list)
            }
        }
        return CountedTally(name: tally.name, questions: questions, plaintexts: lists)
    }

    private func untagged(
        _ plaintexts: PlaintextList, _ primes: [UInt], question: Int
    ) throws(CountingError) -> (all: PlaintextList, byCategory: [PlaintextList]) {
        var all = Data()
        var byCategory = primes.map { _ in Data() }
        var line = 0
        for file in plaintexts.files {
            let runs = file.withUnsafeBytes { bytes in
                var lines = LineRuns(bytes)
                var runs: [(plaintext: Plaintext?, count: Int)] = []
                while let run = lines.next() { runs.append(run) }
                return runs
            }
            for (plaintext, count) in runs {
                guard let found = plaintext.flatMap({ Self.parts(of: $0, primes) }) else {
                    throw .segmentation(question: question, reason: "has a plaintext of no category, line \(line)")
                }
                for _ in 0..<count {
                    all += found.line
                    byCategory[found.category] += found.line
                }
                line += count
            }
        }
        return (PlaintextList(all), byCategory.map { PlaintextList($0) })
    }

    /// The first category whose prime divides a plaintext, and what is left.
    private static func parts(of plaintext: Plaintext, _ primes: [UInt]) -> (category: Int, line: Data)? {
        for (category, prime) in primes.enumerated() {
            var rest = MixedRadixNumber(plaintext.number)
            if rest.removeDigit(base: prime) == 0 { return (category, Data("\"\(rest.number.decimal)\"\n".utf8)) }
        }
        return nil
    }
}

extension Segmentation {
    /// Those that the original knows.
    private static let smallPrimes: [UInt] = {
        var isPrime = Array(repeating: true, count: 9722)
        for number in 2..<99 where isPrime[number] {
            for multiple in stride(from: number * number, to: isPrime.count, by: number) { isPrime[multiple] = false }
        }
        return (2..<isPrime.count).filter { isPrime[$0] }.map { UInt($0) }
    }()

    /// Whether a small prime is a square modulo a large one that is 3 modulo 4, by quadratic reciprocity.
    private static func isSquare(_ prime: UInt, modulo p: BigInteger) -> Bool {
        guard prime > 2 else { return p.limbs[0] & 7 == 7 }
        var number = MixedRadixNumber(p)
        let base = number.removeDigit(base: prime)
        var (power, square, exponent) = (UInt(1), base, (prime - 1) / 2)
        while exponent > 0 {
            if exponent & 1 == 1 { power = power * square % prime }
            square = square * square % prime
            exponent >>= 1
        }
        return (power == 1) == (prime & 3 == 1)
    }
}
