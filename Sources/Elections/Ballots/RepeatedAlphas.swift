// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

/// Where an alpha stands in a votes file; 16 bytes, so that a million ballots cost little.
struct AlphaPlace: Sendable {
    /// A hash of the number's digits under this process's random key, so that nobody can make many different alphas share one.
    let key: UInt64
    let line: UInt32
    let question: UInt32

    /// - Parameters:
    ///   - digits: the alpha in canonical decimal.
    ///   - line: from 0.
    init(digits: UnsafeRawBufferPointer, line: Int, question: Int) {
        var hasher = Hasher()
        hasher.combine(bytes: digits)
        key = UInt64(truncatingIfNeeded: hasher.finalize())
        self.line = UInt32(line)
        self.question = UInt32(question)
    }

    fileprivate func isInFront(of other: AlphaPlace) -> Bool { (line, question) < (other.line, other.question) }
}

/// Finds an alpha that stands twice in a votes file, in whatever question (specification of the tally, 7.1, point 4).
///
/// The challenge of a ballot's proof binds little, so a copied alpha is a copied or a related vote.
struct RepeatedAlphas {
    let file: VotesFile
    /// One a question.
    let groups: [SafePrimeGroup]

    /// The first line (from 0) with an alpha that stood in front of it.
    ///
    /// - Parameters:
    ///   - places: in lines that can be read; those that are a further vote of one weighted ballot left out.
    ///   - end: the first line that is not looked at.
    /// - Complexity: N log N, and two lines of the file read again for each two places that share a key, until one is found.
    func first(among places: [AlphaPlace], before end: Int) -> (line: Int, reason: BallotFault)? {
        var places = places.filter { Int($0.line) < end }
        places.sort { $0.key != $1.key ? $0.key < $1.key : $0.isInFront(of: $1) }
        let sharing = places.indices.dropFirst().filter { places[$0].key == places[$0 - 1].key }
        for later in sharing.sorted(by: { places[$0].isInFront(of: places[$1]) }) {
            let start = places[..<later].lastIndex { $0.key != places[later].key }.map { $0 + 1 } ?? 0
            for earlier in start..<later where areEqual(places[earlier], places[later]) {
                let reason = BallotFault.repeatedAlpha(
                    question: Int(places[later].question), line: Int(places[earlier].line) + 1)
                return (Int(places[later].line), reason)
            }
        }
        return nil
    }

    private func areEqual(_ a: AlphaPlace, _ b: AlphaPlace) -> Bool {
        guard let left = file.alpha(at: a, groups: groups), let right = file.alpha(at: b, groups: groups) else {
            return false
        }
        return left == right
    }
}
