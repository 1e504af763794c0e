// SPDX-License-Identifier: Apache-2.0

/// Who takes part in one tally, and who mixes at which place.
///
/// A published tally has λ shuffles, numbered from 1. Shuffle l is authority l's; if that one is absent, the first
/// authority behind λ that has no place yet mixes in its stead. No proof of a shuffle names its maker (specification of the
/// published tally, 7.5), so verifiers take such a tally as any other: decision 7.
package struct Roster: Equatable, Sendable {
    /// Party numbers, ascending. At least as many as the threshold.
    package let present: [Int]
    /// Party numbers, ascending.
    package let absent: [Int]
    /// By place: `mixers[0]` makes the first shuffle.
    package let mixers: [Int]

    /// - Precondition: enough are left, see ``isEnough(of:without:threshold:)``.
    package init(partyCount: Int, threshold: Int, absent: [Int] = []) {
        precondition(Roster.isEnough(of: partyCount, without: absent, threshold: threshold), "too many are absent")
        self.absent = absent
        present = (1...partyCount).filter { !absent.contains($0) }
        var substitutes = present.filter { $0 > threshold }[...]
        mixers = (1...threshold).compactMap { absent.contains($0) ? substitutes.popFirst() : $0 }
    }

    /// Whether the others can finish a tally.
    package static func isEnough(of partyCount: Int, without absent: [Int], threshold: Int) -> Bool {
        partyCount - absent.count >= threshold
    }

    /// The number of the shuffle that this authority makes, from 1; nil if it makes none.
    package func place(of author: Int) -> Int? { mixers.firstIndex(of: author).map { $0 + 1 } }
}
