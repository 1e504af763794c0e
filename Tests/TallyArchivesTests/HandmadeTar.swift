// SPDX-License-Identifier: Apache-2.0

/// A tar as somebody hostile or old would make it: every field is free, the checksum fits unless it is spoilt.
struct HandmadeTar {
    var bytes: [UInt8] = []

    mutating func add(
        _ name: String, _ data: [UInt8] = [], type: Character = "0", size: String? = nil, prefix: String = "",
        magic: String = "ustar\u{0}00", link: String = "", spoil: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, 0)
        put("0000644\u{0}0001750\u{0}0000144\u{0}", 100)
        put(size ?? padded(data.count, 11), 124)
        put("12305726160", 136)
        put("        ", 148)
        put(String(type), 156)
        put(link, 157)
        put(magic, 257)
        put(prefix, 345)
        put(padded(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", 148)
        if let spoil { header[spoil] ^= 1 }
        bytes += header + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
    }

    /// The archive with its end.
    func finished(end: Int = 1024) -> [UInt8] { bytes + [UInt8](repeating: 0, count: end) }

    private func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
