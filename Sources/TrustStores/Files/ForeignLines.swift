// SPDX-License-Identifier: Apache-2.0

/// Whole lines of ours in files of others, which come and go and leave every other byte as it was: whether the file ends with a
/// line end too.
extension [UInt8] {
    /// Appends `line`, which ends with a line end; where the file has none at its end, neither has it afterwards.
    package mutating func appendLine(_ line: some Collection<UInt8>) {
        guard let last, last != 0x0A else {
            self += line
            return
        }
        append(0x0A)
        self += line.dropLast()
    }

    /// Takes out the lines at `range`, and of a last one without a line end the line end before it.
    package mutating func removeLine(_ range: Range<Int>) {
        let isLastWithoutEnd = range.upperBound == count && last != 0x0A
        let start = isLastWithoutEnd && range.lowerBound > 0 ? range.lowerBound - 1 : range.lowerBound
        removeSubrange(start..<range.upperBound)
    }
}
