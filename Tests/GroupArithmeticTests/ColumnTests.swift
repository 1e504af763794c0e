// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import TestSupport
import Testing

@Suite("Columns of numbers and their decimal texts")
struct ColumnTests {
    private let group = SmallGroups.fiveLimbs

    private func digits(_ column: DecimalColumn, _ index: Int) -> String {
        column.withDigits(index) { String(decoding: $0, as: UTF8.self) }
    }

    private func reads(_ text: String, _ column: NumberColumn) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { column.read($0, at: 0) }
    }

    @Test("numbers of every length are written in decimal and read back")
    func roundTrip() {
        let ten = BigInteger(10)
        var numbers: [BigInteger] = [0, 1, 9, 10, 11, group.p - 1]
        var power = ten
        while power * ten < group.p {
            power = power * ten
            numbers += [power - 1, power, power + 1]
        }
        for bits in stride(from: 64, to: group.p.bitCount, by: 64) {
            numbers += [BigInteger(powerOfTwo: bits) - 1, BigInteger(powerOfTwo: bits)]
        }
        let column = NumberColumn(count: numbers.count, below: group.p, takesZero: true)
        for (index, number) in numbers.enumerated() { column.set(number, at: index) }
        let texts = DecimalColumn(column)
        let other = NumberColumn(count: 1, below: group.p, takesZero: true)
        for (index, number) in numbers.enumerated() {
            #expect(digits(texts, index) == number.decimal)
            #expect(reads(number.decimal, other))
            #expect(other[0] == number)
        }
    }

    @Test(
        "text that is no canonical decimal is not read",
        arguments: ["", "00", "01", "+1", "-1", " 1", "1 ", "1a", "a", "/", ":", "1/", "\u{0}", "٣"])
    func notCanonical(text: String) {
        #expect(!reads(text, NumberColumn(count: 1, below: group.p, takesZero: true)))
    }

    @Test("numbers at and above the limit are not read, nor 0 where it is no number of the range")
    func range() {
        for limit in [group.p, group.q, BigInteger(powerOfTwo: 256), 1000] {
            let column = NumberColumn(count: 1, below: limit, takesZero: false)
            #expect(reads((limit - 1).decimal, column))
            #expect(column[0] == limit - 1)
            #expect(reads("1", column))
            for number in [0, limit, limit + 1, limit * 10, BigInteger(powerOfTwo: 9000)] {
                #expect(!reads(number.decimal, column))
            }
        }
    }

    @Test("numbers outside the group are found, all of them and the first")
    func membership() {
        var random = SeededRandomSource()
        let column = NumberColumn(count: 300, below: group.p, takesZero: false)
        for index in 0..<300 { column.set(random.element(of: group).value, at: index) }
        #expect(column.firstNonMember(of: group) == nil)
        #expect(column.nonMembers(of: group).isEmpty)
        let outside = [3, 64, 65, 299]
        for index in outside { column.set(group.p - column[index], at: index) }
        #expect(column.firstNonMember(of: group) == 3)
        #expect(column.nonMembers(of: group) == outside)
        #expect(column.prefix(3).firstNonMember(of: group) == nil)
        #expect(column.selecting([1, 65]).nonMembers(of: group) == [1])
    }

    @Test(
        "a folded sum and folded challenges are what big integers give", arguments: [SmallGroups.fiveLimbs, .ffdhe2048])
    func folding(group: SafePrimeGroup) {
        var random = SeededRandomSource()
        let weights = ExponentVector.foldingWeights(count: 20, in: group, from: &random)
        let terms = ExponentVector((0..<20).map { _ in random.exponent(of: group) }, in: group)
        let sum = (0..<20).reduce(BigInteger(0)) { ($0 + terms[$1].value * weights[$1].value) % group.q }
        #expect(terms.foldedSum(under: weights).value == sum)
        let challenges = ExponentVector(
            (0..<20).map { _ in BigInteger(bigEndian: random.bytes(32)) }, bitCount: 256, in: group)
        let products = challenges.products(with: weights)
        for index in 0..<20 {
            #expect(products[index].value == challenges[index].value * weights[index].value % group.q)
        }
    }

    @Test("uniform elements are members, and differ")
    func uniformElements() {
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        let elements = ElementVector.uniform(count: 50, in: group, from: seed, label: "test")
        #expect((0..<50).allSatisfy { group.element(elements[$0].value) != nil })
        #expect(Set((0..<50).map { elements[$0].value }).count == 50)
    }
}
