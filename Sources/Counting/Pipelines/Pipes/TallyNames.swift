// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// make_multipart: gives the tallies ids in their order, by which later pipes name them.
struct NameTallies: Pipe {
    private let ids: [Int]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["election_ids"])
        var ids: [Int] = []
        for element in try field.member("election_ids").elements(0...10_000) {
            let id = try element.integer()
            guard !ids.contains(id) else { throw element.refused(found: "\(id) again", expected: "each id once") }
            ids.append(id)
        }
        self.ids = ids
    }

    func run(_ count: inout ElectionCount) {
        for (index, id) in zip(count.elections.indices, ids) { count.elections[index].id = id }
    }
}

/// data_list_reverse: from here on the last tally is the first.
struct ReverseTallies: Pipe {
    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters([])
    }

    func run(_ count: inout ElectionCount) { count.elections.reverse() }
}

extension ElectionCount {
    /// The place of the election that a pipe names. Those without an id have their place for one from the first time on that
    /// a pipe names any.
    mutating func election(named id: Int, at place: String) throws(CountingError) -> Int {
        for index in elections.indices where elections[index].id == nil { elections[index].id = index }
        let found = elections.indices.filter { elections[$0].id == id }
        guard let index = found.first, found.count == 1 else {
            let reason = found.isEmpty ? "which is not there" : "an id that \(found.count) tallies have"
            throw .pipeline(place: place, reason: "names election \(id), \(reason)")
        }
        return index
    }
}
