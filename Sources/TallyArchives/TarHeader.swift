// SPDX-License-Identifier: Apache-2.0

/// The 512 bytes in front of each entry of a tar archive.
///
/// - SeeAlso: specification of the tally, 1.3, for the fields that are written.
struct TarHeader: Equatable {
    static let byteCount = 512

    enum Kind: Equatable {
        case file
        case directory
    }

    var name: String
    var kind: Kind
    var byteCount: Int

    /// Zeros that fill the data of an entry up to a whole block.
    static func padding(after byteCount: Int) -> Int { (512 - byteCount % 512) % 512 }
}

// MARK: Writing

extension TarHeader {
    /// The header as 1.3 has it: fixed owner, mode and time.
    ///
    /// - Throws: `nameTooLong`, `fileTooLarge`.
    func encoded() throws(ArchiveError) -> [UInt8] {
        let fullName = kind == .directory ? name + "/" : name
        guard fullName.utf8.count <= 100 else { throw .nameTooLong(name) }
        guard byteCount < 1 << 33 else { throw .fileTooLarge(name: name, byteCount: byteCount) }
        var block = [UInt8](repeating: 0, count: Self.byteCount)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(fullName, at: 0)
        put(kind == .directory ? "0000755" : "0000644", at: 100)
        put("0001750", at: 108)
        put("0000144", at: 116)
        put(Self.octal(byteCount, digits: 11), at: 124)
        put("12305726160", at: 136)
        put("        ", at: 148)
        put(kind == .directory ? "5" : "0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(Self.octal(Self.checksum(of: block), digits: 6) + "\u{0} ", at: 148)
        return block
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// The sum of all bytes, those of the checksum itself taken as spaces.
    private static func checksum(of block: some Collection<UInt8>) -> Int {
        block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }
}

// MARK: Reading

extension TarHeader {
    /// Reads one block; nil for a block of zeros, which ends an archive.
    ///
    /// - Parameter offset: where the block stands, for messages.
    /// - Throws: whatever is wrong with it; its name is safe and without `./` in front and `/` behind.
    init?(_ block: [UInt8], at offset: Int) throws(ArchiveError) {
        precondition(block.count == Self.byteCount, "a header of \(block.count) bytes instead of \(Self.byteCount)")
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard block[257..<262].elementsEqual("ustar".utf8) else {
            throw offset == 0 ? .notAnArchive : .badHeader(offset: offset, field: "magic")
        }
        guard try Self.number(block[148..<156], "checksum", at: offset) == Self.checksum(of: block) else {
            throw .badChecksum(offset: offset)
        }
        var raw = try Self.text(block[0..<100], at: offset)
        // Only POSIX archives have a prefix; old GNU ones, known by the spaces, keep times there.
        if block[262] == 0 {
            let prefix = try Self.text(block[345..<500], at: offset)
            if !prefix.isEmpty { raw = prefix + "/" + raw }
        }
        switch block[156] {
        case UInt8(ascii: "0"), 0: kind = .file
        case UInt8(ascii: "5"): kind = .directory
        case let type: throw .forbiddenType(name: raw, type: type)
        }
        name = try Self.safeName(raw, kind: kind)
        byteCount = try Self.number(block[124..<136], "size", at: offset)
        if kind == .directory, byteCount != 0 { throw .badHeader(offset: offset, field: "size of a folder") }
    }

    /// The name without `./` in front and, for a folder, `/` behind; the empty name is the archive's own folder.
    private static func safeName(_ raw: String, kind: Kind) throws(ArchiveError) -> String {
        var components = raw.split(separator: "/", omittingEmptySubsequences: false)
        if kind == .directory, components.count > 1, components.last == "" { components.removeLast() }
        while components.first == "." { components.removeFirst() }
        if kind == .directory, components.isEmpty { return "" }
        guard !components.isEmpty, components.count <= 16, raw.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
            components.allSatisfy({ $0 != "" && $0 != "." && $0 != ".." })
        else { throw .unsafeName(raw) }
        return components.joined(separator: "/")
    }

    private static func text(_ field: ArraySlice<UInt8>, at offset: Int) throws(ArchiveError) -> String {
        let bytes = field.prefix { $0 != 0 }
        guard field.dropFirst(bytes.count).allSatisfy({ $0 == 0 }), let text = String(validating: bytes, as: UTF8.self)
        else { throw .badHeader(offset: offset, field: "name") }
        return text
    }

    /// Octal digits, spaces allowed in front, NULs and spaces behind.
    private static func number(
        _ field: ArraySlice<UInt8>, _ name: String, at offset: Int
    ) throws(ArchiveError) -> Int {
        let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
            throw .badHeader(offset: offset, field: name)
        }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}
