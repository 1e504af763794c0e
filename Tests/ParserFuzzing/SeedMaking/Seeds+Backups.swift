// SPDX-License-Identifier: Apache-2.0

import AgeFiles

extension Seeds {
    static func backups() throws -> [String: [UInt8]] {
        let manifest = Array(
            #"{"format": 1, "host": "a.example", "software": "1.2", "created": "2026-01-02T03:04:05Z"}"#.utf8)
        let content = tar([
            ("backup.json", "0", manifest), ("eoconf.json", "0", Array("{}".utf8)), ("certs/cert.pem", "0", [1]),
            ("data/private/e1/board/000000.entry", "0", [2]), ("data/public/e1/tally.tar.gz", "0", [3]),
        ])
        let long = "data/private/e1/" + String(repeating: "n", count: 90)
        let extended = tar([
            ("PaxHeader", "x", Array("\(long.utf8.count + 10) path=\(long)\n".utf8)), ("long-name", "0", [1]),
        ])
        let links = tar([("certs/calist", "0", [1]), ("data/public/x", "1", [])], linkedTo: "certs/calist")
        return [
            "encrypted": try encrypted(content), "empty": try encrypted([]), "content": content, "extended": extended,
            "links": links, "climbing": tar([("data/../../b", "0", [1])]),
            "twice": tar([("certs/a", "0", []), ("certs/a", "0", [])]),
            "file-as-folder": tar([("data/a", "0", [1]), ("data/a/b", "0", [2])]),
            "full-pieces": [4, 4, 0x81], "last-piece-full": [0x84], "no-end": [4, 2], "two-ends": [0x84, 0x82],
        ]
    }

    /// With few rounds of scrypt: what it is for is not what is fuzzed.
    private static func encrypted(_ content: [UInt8]) throws -> [UInt8] {
        var file: [UInt8] = []
        let writer = try AgeWriter(SealedFile.passphrase, logN: 4) { file += $0 }
        try content.withUnsafeBytes { try writer.write($0) }
        try writer.finish()
        return file
    }
}
