// SPDX-License-Identifier: Apache-2.0

extension ElementVector {
    /// The elements of many vectors of one group, one after another in one allocation.
    package init(joining parts: [ElementVector], in group: SafePrimeGroup) {
        let limbCount = group.elements.limbCount
        let storage = LimbStorage(count: parts.reduce(0) { $0 + $1.count } * limbCount)
        var place = storage.base
        for part in parts {
            precondition(part.group == group, "a vector of another group")
            part.numbers.withLimbs(0..<part.count) { place.update(from: $0, count: part.count * limbCount) }
            place += part.count * limbCount
        }
        self.init(NumberList(storage, limbCount: limbCount), in: group)
    }
}
