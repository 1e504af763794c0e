// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

extension VotesFile {
    /// The first line (from 1) with an alpha that stands in another votes file as well, in whatever question.
    ///
    /// Both were found sound before: whoever knows the randomness of an alpha in one did not copy it from the other, so a
    /// ballot that has no alpha in common with another is none that was made of it.
    ///
    /// - Complexity: both files read once; 16 bytes a ballot and question of each.
    package func firstLine(sharedWith other: VotesFile, groups: [SafePrimeGroup]) -> Int? {
        let earlier = Dictionary(grouping: other.places(groups: groups), by: \.key)
        for place in places(groups: groups) {
            guard let candidates = earlier[place.key], let alpha = alpha(at: place, groups: groups) else { continue }
            if candidates.contains(where: { other.alpha(at: $0, groups: groups) == alpha }) {
                return Int(place.line) + 1
            }
        }
        return nil
    }

    private static let batchCount = 4096

    private func places(groups: [SafePrimeGroup]) -> [AlphaPlace] {
        stride(from: 0, to: lineCount, by: Self.batchCount).flatMap { start in
            ReadBatch(of: self, start..<min(start + Self.batchCount, lineCount), groups: groups, contexts: nil).places
        }
    }

    /// The number itself; nil in a line that cannot be read.
    func alpha(at place: AlphaPlace, groups: [SafePrimeGroup]) -> BigInteger? {
        guard let line = try? line(Int(place.line)), let ballot = try? Ballot(parsing: line.ballot, groups: groups)
        else { return nil }
        return ballot.choices[Int(place.question)].alpha
    }
}
