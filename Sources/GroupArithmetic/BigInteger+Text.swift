// SPDX-License-Identifier: Apache-2.0

private import CGMP

extension BigInteger {
    /// Reads a decimal number as ballots and keys carry it: ASCII digits only, no sign, no space, no leading zero.
    ///
    /// - Parameter maximumBitCount: longer numbers are refused before any work is done on them.
    public init?(canonicalDecimal text: some Sequence<UInt8>, maximumBitCount: Int = 8192) {
        var digits = [UInt8]()
        // 3.3 bits a digit: one digit more than fits is enough to see that the number is too long.
        let most = maximumBitCount / 3 + 2
        for character in text {
            guard character >= 0x30, character <= 0x39, digits.count < most else { return nil }
            digits.append(character - 0x30)
        }
        guard let first = digits.first, first != 0 || digits.count == 1 else { return nil }
        guard first != 0 else {
            self.init(0)
            return
        }
        var limbs = [UInt](repeating: 0, count: digits.count / 19 + 2)
        let used = __gmpn_set_str(&limbs, digits, digits.count, 10)
        self.init(limbs: limbs.prefix(used))
        guard bitCount <= maximumBitCount else { return nil }
    }

    /// As ``init(canonicalDecimal:maximumBitCount:)``, from a string.
    public init?(canonicalDecimal text: String, maximumBitCount: Int = 8192) {
        self.init(canonicalDecimal: text.utf8, maximumBitCount: maximumBitCount)
    }

    /// The number in decimal, without leading zeros.
    public var decimal: String {
        guard !limbs.isEmpty else { return "0" }
        // mpn_get_str overwrites its operand and needs one limb more than the number has.
        var operand = limbs + [0]
        var digits = [UInt8](repeating: 0, count: limbs.count * 20 + 1)
        let used = __gmpn_get_str(&digits, 10, &operand, limbs.count)
        let text = digits.prefix(used).drop { $0 == 0 }.map { $0 + 0x30 }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads bytes, most significant first, with or without leading zeros.
    public init(bigEndian bytes: some Collection<UInt8>) {
        var limbs = [UInt](repeating: 0, count: bytes.count / 8 + 1)
        for (index, byte) in bytes.reversed().enumerated() { limbs[index / 8] |= UInt(byte) << (8 * (index % 8)) }
        self.init(limbs: limbs)
    }

    /// The number in `count` bytes, most significant first, padded with zeros.
    ///
    /// - Precondition: the number fits.
    public func bytes(count: Int) -> [UInt8] {
        precondition(bitCount <= 8 * count, "a number of \(bitCount) bits does not fit \(count) bytes")
        return (0..<count).reversed().map { index in
            index / 8 < limbs.count ? UInt8(limbs[index / 8] >> (8 * UInt(index % 8)) & 0xff) : 0
        }
    }

    /// Two's complement with as few bytes as possible, sign bit included: int(n) of the specification's section 3.2.
    public var minimalTwosComplement: [UInt8] { bytes(count: bitCount / 8 + 1) }

    /// Reads int(n) of section 3.2; `nil` for a negative number or more bytes than needed.
    public init?(minimalTwosComplement bytes: [UInt8]) {
        self.init(bigEndian: bytes)
        guard minimalTwosComplement == bytes else { return nil }
    }

    /// Reads hexadecimal digits; spaces and line feeds between them are skipped. For constants in source text.
    package init?(hexadecimal text: some StringProtocol) {
        var nibbles: [UInt8] = []
        for character in text where !character.isWhitespace {
            guard let value = character.hexDigitValue, character.isASCII else { return nil }
            nibbles.append(UInt8(value))
        }
        if !nibbles.count.isMultiple(of: 2) { nibbles.insert(0, at: 0) }
        self.init(bigEndian: stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] })
    }
}

extension BigInteger: CustomStringConvertible {
    public var description: String { decimal }
}
