// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

/// Finds an alpha that stands twice in a votes file, in whatever question (specification of the tally, 7.1, point 4).
///
/// The challenge of a ballot's proof binds little, so a copied alpha is a copied or a related vote.
enum RepeatedAlphas {
    /// One place of an alpha; 16 bytes, so that a million ballots cost little.
    private struct Place {
        /// A hash under this process's random key, so that nobody can make many different alphas share one.
        let key: UInt64
        let line: UInt32
        let question: UInt32
    }

    /// The first line (from 0) with an alpha that stood in front of it.
    ///
    /// - Parameter lines: the lines to look at: those that are not a further vote of one weighted ballot.
    static func first(
        in columns: [CiphertextColumn], lines: ArraySlice<Int>
    ) -> (line: Int, reason: BallotFault)? {
        var places: [Place] = []
        places.reserveCapacity(lines.count * columns.count)
        for line in lines {
            for (question, column) in columns.enumerated() {
                let limbs = column.alpha(line)
                var hasher = Hasher()
                // Without leading zeros: questions may have groups of different sizes.
                let count = limbs.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
                for limb in limbs.prefix(count) { hasher.combine(limb) }
                let key = UInt64(truncatingIfNeeded: hasher.finalize())
                places.append(Place(key: key, line: UInt32(line), question: UInt32(question)))
            }
        }
        places.sort { ($0.key, $0.line, $0.question) < ($1.key, $1.line, $1.question) }
        var first: (place: Place, earlier: Place)?
        var start = 0
        while start < places.count {
            var end = start + 1
            while end < places.count, places[end].key == places[start].key { end += 1 }
            for later in start + 1..<max(start + 1, end) {
                for earlier in start..<later where areEqual(places[earlier], places[later], columns) {
                    let (place, known) = (places[later], first?.place)
                    if known.map({ (place.line, place.question) < ($0.line, $0.question) }) ?? true {
                        first = (place, places[earlier])
                    }
                    break
                }
            }
            start = end
        }
        return first.map { found in
            let reason = BallotFault.repeatedAlpha(
                question: Int(found.place.question), line: Int(found.earlier.line) + 1)
            return (Int(found.place.line), reason)
        }
    }

    private static func areEqual(_ a: Place, _ b: Place, _ columns: [CiphertextColumn]) -> Bool {
        let (left, right) = (columns[Int(a.question)].alpha(Int(a.line)), columns[Int(b.question)].alpha(Int(b.line)))
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        return short.elementsEqual(long.prefix(short.count)) && long.dropFirst(short.count).allSatisfy { $0 == 0 }
    }
}
