// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// apply_removals: drops the answers that a modification `remove-candidates` named.
struct ApplyRemovals: Pipe {
    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters([])
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        let removed = count.elections.first?.removed ?? []
        try count.changeResult { result in
            for index in result.questions.indices {
                let ids = Set(removed.filter { $0.question == index }.map(\.id))
                result.questions[index].answers.removeAll { ids.contains($0.id) }
            }
        }
    }
}
