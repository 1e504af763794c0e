// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON

/// The decimal code of ballots before 2021 (specification of counting, 3.10): option ids in order, each plus 1 in as many
/// digits as n + 2 has, one behind the other.
struct RetiredCode {
    private let question: CountableQuestion
    private let width: Int
    private let withdrawn: Set<Int>

    init(_ question: CountableQuestion, withdrawn: Set<Int>) {
        self.question = question
        self.withdrawn = withdrawn
        width = String(question.answers.count + 2).count
    }

    enum Ballot: Hashable {
        case valid([Int])
        case blank
        case null(NullReason)
    }

    func ballot(_ plaintext: Plaintext?) -> Ballot {
        guard let plaintext else { return .null(.notANumber) }
        let number = plaintext.number
        let digits = (number.isZero ? number : number - 1).decimal
        let padding = (width - digits.count % width) % width
        let padded = Array((String(repeating: "0", count: padding) + digits).utf8)
        var options: [Int] = []
        for start in stride(from: 0, to: padded.count, by: width) {
            let group = padded[start..<start + width].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            let count = question.answers.count
            if group == count + 2 { return .blank }
            guard group >= 1, group <= count else { return .null(.tooBig) }
            if !withdrawn.contains(group - 1) { options.append(group - 1) }
        }
        return judged(options)
    }

    /// The plaintext of a ballot's options in their order; without any, that of a blank ballot. The inverse of ``ballot(_:)``.
    ///
    /// - Precondition: the options are ids of answers.
    func encode(_ options: [Int]) -> BigInteger {
        let groups = options.isEmpty ? [question.answers.count + 2] : options.map { $0 + 1 }
        let digits = groups.map { group in
            let text = String(group)
            return String(repeating: "0", count: width - text.count) + text
        }.joined()
        guard
            let number = BigInteger(
                canonicalDecimal: digits.utf8.drop { $0 == 0x30 }, maximumBitCount: 4 * digits.count)
        else {
            preconditionFailure("\(options) are no ids of answers")
        }
        return number + 1
    }

    private func judged(_ options: [Int]) -> Ballot {
        var options = options
        if options.isEmpty { return question.method == .pairwiseBeta ? .valid([]) : .null(.tooFew) }
        if question.method == .bordaMasMadrid, Set(options).count < options.count { return .null(.ranks) }
        let isPairwise = question.method == .pairwiseBeta
        if isPairwise, !options.count.isMultiple(of: 2) { return .null(.ranks) }
        let count = isPairwise ? options.count / 2 : options.count
        if count < question.minimum { return .null(.tooFew) }
        if count > question.maximum {
            guard question.json["truncate-max-overload"] == .bool(true) else { return .null(.tooMany) }
            let most = question.maximum * (question.method == .bordaMasMadrid ? 1 : 2)
            options = Array(options.prefix(most))
        }
        return .valid(options)
    }
}
