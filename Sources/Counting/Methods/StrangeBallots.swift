// SPDX-License-Identifier: Apache-2.0

/// Ballots that no booth makes as the question is, whatever they count for: how many there are, and where the first is.
struct StrangeBallots: Sendable {
    enum Kind: CaseIterable {
        /// No ballot of the question at all (``NullReason/isMalformed``).
        case malformed
        /// Plaintext 0, which no mix can give.
        case zero
        /// More points together than `max`, which booths hold for invalid and counting does not.
        case points
    }

    private var found: [Kind: (count: Int, first: Int)] = [:]

    /// - Parameter place: of the first of them among all ballots, from 0.
    mutating func add(_ kind: Kind, times count: Int, at place: Int) {
        found[kind, default: (0, place)].count += count
    }

    /// Adds those of the ballots that follow the first `count` ones.
    mutating func append(_ next: StrangeBallots, behind count: Int) {
        for (kind, other) in next.found { add(kind, times: other.count, at: count + other.first) }
    }

    /// A sentence for each kind.
    func remarks(on question: CountedQuestion) -> [String] {
        Kind.allCases.compactMap { kind in found[kind].map { remark(kind, $0.count, $0.first, question) } }
    }

    private func remark(_ kind: Kind, _ count: Int, _ first: Int, _ question: CountedQuestion) -> String {
        let line = "the first in line \(first + 1)"
        switch kind {
        case .malformed:
            let kinds = question.nullReasons.filter(\.key.isMalformed).sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
            return "\(count) \(count == 1 ? "plaintext is no ballot" : "plaintexts are no ballots") of the question "
                + "(\(kinds), \(line)): counted as null"
        case .zero:
            return "\(count) \(count == 1 ? "plaintext is" : "plaintexts are") 0, which no mix gives (\(line)): "
                + "counted as if nothing was chosen"
        case .points:
            return "\(count) \(count == 1 ? "ballot gives" : "ballots give") more points together than "
                + "\(question.question.maximum), which is max, as no booth takes for valid (\(line)): counted as valid"
        }
    }
}
