// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The first member of a backup.
struct BackupManifest {
    let hostName: String
    let software: String
    /// By ISO 8601.
    let created: String

    var json: JSONValue {
        [
            "format": .integer(BackupLayout.format), "host": .string(hostName), "software": .string(software),
            "created": .string(created),
        ]
    }

    init(hostName: String, software: String, created: String) {
        self.hostName = hostName
        self.software = software
        self.created = created
    }

    /// - Throws: ``BackupError/otherFormat(_:)``, or what is wrong with the JSON.
    init(_ bytes: [UInt8]) throws {
        let field = JSONField(try JSONValue(parsing: bytes), name: BackupLayout.manifest)
        let format = try field.member("format").integer()
        guard format == BackupLayout.format else { throw BackupError.otherFormat(format) }
        hostName = try field.member("host").string(maximum: 300)
        software = try field.member("software").string(maximum: 300)
        created = try field.member("created").string(maximum: 100)
    }
}
