// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

extension BallotCode {
    /// The plaintext of choices, v + 1 (specification of counting, 1.2 to 1.4).
    ///
    /// - Parameter largest: the group's q, above which no plaintext lies; nil for no bound.
    /// - Throws: ``ChoicesError`` for choices that the code has no number for. The original would spoil the next digit.
    package func encode(_ choices: Choices, below largest: BigInteger? = nil) throws(ChoicesError) -> BigInteger {
        let digits = try self.digits(of: choices)
        var number = MixedRadixNumber()
        if carriesNames {
            for byte in try nameBytes(of: choices).reversed() { number.insertDigit(UInt(byte), base: 256) }
        } else if let id = choices.names.keys.min() {
            throw .notAWriteIn(id: id)
        }
        for (column, digit) in zip(columns, digits).reversed() { number.insertDigit(digit, base: column.base) }
        number.insertDigit(choices.isInvalid ? 1 : 0, base: 2)
        let plaintext = number.number + 1
        if let largest, largest <= plaintext { throw .tooLong }
        return plaintext
    }

    /// One digit for each column.
    package func digits(of choices: Choices) throws(ChoicesError) -> [UInt] {
        for id in choices.chosen.keys.sorted() where !columns.contains(where: { $0.answerID == id }) {
            throw .unknownAnswer(id: id)
        }
        var digits: [UInt] = []
        for column in columns {
            guard let value = choices.chosen[column.answerID] else {
                digits.append(0)
                continue
            }
            let isPlurality = method == .plurality
            let digit = isPlurality ? 1 : method == .cumulative ? value : value + 1
            guard value >= 0, digit < column.base else {
                let largest = Int(column.base) - (method == .cumulative ? 1 : 2)
                throw .outOfRange(id: column.answerID, value: value, largest: largest)
            }
            digits.append(UInt(digit))
        }
        return digits
    }

    /// The names of all write-ins by id, a zero byte behind each.
    private func nameBytes(of choices: Choices) throws(ChoicesError) -> [UInt8] {
        let ids = Set(writeIns.map { columns[$0].answerID })
        for id in choices.names.keys.sorted() where !ids.contains(id) { throw .notAWriteIn(id: id) }
        var bytes: [UInt8] = []
        for index in writeIns {
            let id = columns[index].answerID
            let name = choices.names[id] ?? ""
            guard !name.utf8.contains(0) else { throw .zeroInName(id: id) }
            bytes += Array(name.utf8) + [0]
        }
        return bytes
    }

    /// The choices that a well-formed ballot stands for; the inverse of ``encode(_:below:)``.
    package func choices(of ballot: DecodedBallot) -> Choices {
        var choices = Choices(isInvalid: ballot.isFlagged)
        for (column, digit) in zip(columns, ballot.digits) where digit > 0 {
            choices.chosen[column.answerID] =
                method == .plurality ? 0 : method == .cumulative ? Int(digit) : Int(digit) - 1
        }
        if carriesNames {
            for (index, name) in zip(writeIns, ballot.names) where !name.isEmpty {
                choices.names[columns[index].answerID] = name
            }
        }
        return choices
    }
}
