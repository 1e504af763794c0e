// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

/// The mixed-radix code of a question's ballots (specification of counting, 1): one digit for the flag, one for each column by
/// id, least significant first, then the bytes of the write-ins' names. The plaintext is the number plus 1.
package struct BallotCode: Sendable {
    package let method: TallyMethod
    package let columns: [Column]
    /// Indexes of the columns that are write-ins.
    package let writeIns: [Int]
    /// Whether names stand behind the digits.
    package let carriesNames: Bool
    /// What makes every ballot null.
    let fault: NullReason?
    /// Consecutive columns whose bases multiply to at most one word, so that a long number is divided once for all of them.
    let runs: [Run]

    struct Run: Sendable {
        let columns: Range<Int>
        let product: UInt
    }

    package init(_ question: CountableQuestion) {
        method = question.method
        let base: UInt =
            switch question.method {
            case .plurality: 2
            case .cumulative: UInt(question.options.checkboxes) + 1
            default: UInt(question.maximum) + 1
            }
        var categories: [ExactText: Int] = [:]
        var columns: [Column] = []
        for (index, answer) in question.answers.enumerated().sorted(by: { $0.element.id < $1.element.id })
        where answer.role != .invalidVoteFlag {
            let category = categories[answer.category] ?? categories.count
            categories[answer.category] = category
            columns.append(
                Column(
                    answerID: answer.id, answerIndex: index, text: answer.text, isWriteIn: answer.role == .writeIn,
                    base: base, category: category))
        }
        self.columns = columns
        writeIns = columns.indices.filter { columns[$0].isWriteIn }
        carriesNames = question.options.carriesNames
        if question.answers.count(where: { $0.role == .invalidVoteFlag }) > 1 {
            fault = .twoFlags
        } else {
            fault = question.options.isNull ? .options : nil
        }
        runs = Self.runs(of: columns)
    }

    /// The bases of all digits, the flag's first; without names.
    package var bases: [UInt] { [2] + columns.map(\.base) }

    /// Whether the ballots of another question mean the same: the same answers behind the same digits.
    package func isInterchangeable(with other: BallotCode) -> Bool {
        carriesNames == other.carriesNames
            && columns.elementsEqual(other.columns) {
                $0.answerID == $1.answerID && $0.isWriteIn == $1.isWriteIn && $0.base == $1.base
            }
    }

    private static func runs(of columns: [Column]) -> [Run] {
        var runs: [Run] = []
        for index in columns.indices {
            if let last = runs.last {
                let (product, overflow) = last.product.multipliedReportingOverflow(by: columns[index].base)
                if !overflow {
                    runs[runs.count - 1] = Run(columns: last.columns.lowerBound..<index + 1, product: product)
                    continue
                }
            }
            runs.append(Run(columns: index..<index + 1, product: columns[index].base))
        }
        return runs
    }
}
