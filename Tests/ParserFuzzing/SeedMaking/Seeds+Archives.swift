// SPDX-License-Identifier: Apache-2.0

extension Seeds {
    static func archives() -> [String: [UInt8]] {
        let ordinary = tar([("./", "5", []), ("./folder/", "5", []), ("./folder/file", "0", Array("content".utf8))])
        let bomb = tar([("zeros", "0", [UInt8](repeating: 0, count: 1 << 20))])
        return [
            "ordinary": ordinary, "compressed": gzip(ordinary) ?? [], "bomb": gzip(bomb) ?? [],
            "two-members": (gzip(ordinary) ?? []) + (gzip(ordinary) ?? []),
            "absolute": tar([("/etc/passwd", "0", [1])]), "climbing": tar([("a/../../b", "0", [1])]),
            "symbolic-link": tar([("link", "2", []), ("link/file", "0", [1])]), "hard-link": tar([("link", "1", [])]),
            "device": tar([("null", "3", [])]), "pax": tar([("x", "x", Array("20 path=/tmp/other\n".utf8))]),
            "file-as-folder": tar([("a", "0", [1]), ("a/b", "0", [2])]),
            "twice": tar([("a", "0", []), ("./a", "0", [])]),
        ]
    }

    /// Entries by name, type and content.
    static func tar(_ entries: [(String, Character, [UInt8])], linkedTo target: String = "/tmp") -> [UInt8] {
        let blocks = entries.flatMap { name, type, content -> [UInt8] in
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, _ offset: Int) {
                header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
            }
            let size = String(content.count, radix: 8)
            put(name, 0)
            put("0000644\u{0}0001750\u{0}0000144\u{0}", 100)
            put(String(repeating: "0", count: 11 - size.utf8.count) + size, 124)
            put("12305726160", 136)
            put(String(type), 156)
            if type == "1" || type == "2" { put(target, 157) }
            put("ustar\u{0}00", 257)
            return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        }
        return withRightChecksums(blocks + [UInt8](repeating: 0, count: 1024))
    }
}
