// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The 512 bytes in front of each member of a backup.
struct TarBlock: Equatable {
    static let byteCount = 512

    enum Kind: UInt8 {
        case file = 0x30
        case link = 0x31
        /// Records about the member that follows.
        case extended = 0x78
    }

    var kind: Kind
    var name: String
    /// Of a link.
    var target: String
    var mode: mode_t
    /// Seconds since 1970.
    var modified: Int
    var byteCount: Int

    static func padding(after byteCount: Int) -> Int { (512 - byteCount % 512) % 512 }

    /// Takes out what the block has no room for, as records of an extended header in front of it.
    mutating func moveOutWhatDoesNotFit() -> [UInt8] {
        var records: [UInt8] = []
        if name.utf8.count > 100 {
            records += Self.record("path", name)
            name = "long-name"
        }
        if target.utf8.count > 100 {
            records += Self.record("linkpath", target)
            target = "long-name"
        }
        if byteCount >= 1 << 33 {
            records += Self.record("size", String(byteCount))
            byteCount = 0
        }
        return records
    }

    /// `LENGTH KEY=VALUE` and a line end; the length counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while length != rest.utf8.count + String(length).utf8.count { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }

    var encoded: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.byteCount)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(Self.octal(Int(mode), digits: 7), at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(byteCount, digits: 11), at: 124)
        put(Self.octal(max(0, modified), digits: 11), at: 136)
        put("        ", at: 148)
        block[156] = kind.rawValue
        put(target, at: 157)
        put("ustar\u{0}00", at: 257)
        put(Self.octal(Self.checksum(of: block), digits: 6) + "\u{0} ", at: 148)
        return block
    }

    /// Nil for a block of zeros.
    init?(_ block: [UInt8]) throws(BackupError) {
        precondition(block.count == Self.byteCount, "a header of \(block.count) bytes")
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard block[257..<262].elementsEqual("ustar".utf8), let kind = Kind(rawValue: block[156]),
            Self.number(block[148..<156]) == Self.checksum(of: block), let name = Self.text(block[0..<100]),
            let target = Self.text(block[157..<257]), let mode = Self.number(block[100..<108]),
            let modified = Self.number(block[136..<148]), let byteCount = Self.number(block[124..<136])
        else { throw .malformed("a header") }
        self.init(
            kind: kind, name: name, target: target, mode: mode_t(mode & 0o7777), modified: modified,
            byteCount: byteCount)
    }

    init(kind: Kind, name: String, target: String, mode: mode_t, modified: Int, byteCount: Int) {
        self.kind = kind
        self.name = name
        self.target = target
        self.mode = mode
        self.modified = modified
        self.byteCount = byteCount
    }

    /// Puts records of an extended header into their places.
    mutating func apply(_ records: [UInt8]) throws(BackupError) {
        var rest = records[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 3,
                length <= rest.count, rest[rest.startIndex + length - 1] == 0x0A,
                let text = String(
                    validating: rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)],
                    as: UTF8.self),
                let equals = text.firstIndex(of: "=")
            else { throw .malformed("an extended header") }
            let value = String(text[text.index(after: equals)...])
            switch text[..<equals] {
            case "path": name = value
            case "linkpath": target = value
            case "size":
                guard let size = Int(value), size >= 0 else { throw .malformed("a size") }
                byteCount = size
            default: throw .malformed("an extended header")
            }
            rest = rest.dropFirst(length)
        }
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    private static func checksum(of block: [UInt8]) -> Int {
        block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        String(validating: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { (0x30...0x37).contains($0) }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}
