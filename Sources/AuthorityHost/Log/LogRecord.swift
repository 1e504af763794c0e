// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
import OperatorErrors
package import StrictJSON

/// One event of an authority's log: one line of JSON in its file.
///
///     {"election":"7","level":"info","message":"keys agreed","peer":"b.example","timestamp":"2026-01-02T03:04:05.678Z"}
///
/// `election`, `session`, `step` and `peer` are the metadata keys by which logs are searched; others may stand beside them.
package struct LogRecord: Sendable, Equatable {
    /// UTC with milliseconds, as it stands in the line.
    package let timestamp: String
    package let level: Logger.Level
    package let message: String
    package let metadata: [String: String]

    package init(timestamp: String, level: Logger.Level, message: String, metadata: [String: String]) {
        self.timestamp = timestamp
        self.level = level
        self.message = message
        self.metadata = metadata
    }

    /// Reads a line; nil for one that this format does not have.
    package init?(line: String) {
        guard let value = try? JSONValue(parsing: line) else { return nil }
        self.init(json: value)
    }

    /// Nil for a value that is no event.
    package init?(json: JSONValue) {
        guard let object = json.asObject, let timestamp = object["timestamp"]?.asString,
            let level = object["level"]?.asString.flatMap({ Logger.Level(rawValue: $0) }),
            let message = object["message"]?.asString
        else { return nil }
        self.init(timestamp: timestamp, level: level, message: message, metadata: Self.metadata(of: object))
    }

    /// The line without its end.
    package var line: String { json.compact }

    package var json: JSONValue {
        var object = JSONObject()
        for (key, value) in metadata { object[key] = .string(value) }
        object["timestamp"] = .string(timestamp)
        object["level"] = .string(level.rawValue)
        object["message"] = .string(message)
        return .object(object)
    }

    /// A line of JSON in ASCII alone, `\u` escapes for the rest: the same to programs, and harmless to a terminal.
    package static func printable(_ line: String) -> String {
        if line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return line }
        var text = ""
        for unit in line.utf16 {
            if (0x20...0x7E).contains(unit) {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }

    private static func metadata(of object: JSONObject) -> [String: String] {
        var metadata: [String: String] = [:]
        for member in object.members where !["timestamp", "level", "message"].contains(member.key) {
            metadata[member.key] = member.value.asString ?? member.value.compact
        }
        return metadata
    }
}

extension LogRecord {
    /// The order in which a person wants the known keys; the others follow by name.
    private static let firstKeys = ["election", "session", "step", "peer"]

    /// The metadata as `key=value`, what foreign text it holds escaped.
    package var readableMetadata: [String] {
        let others = metadata.keys.filter { !Self.firstKeys.contains($0) }.sorted()
        return (Self.firstKeys + others).compactMap { key in
            metadata[key].map { "\(readable(key, limit: 80))=\(readable($0, limit: 200))" }
        }
    }

    package var readableMessage: String {
        // Without its quotes, a message reads as it was written.
        let text = quoted(message, limit: 2000)
        return text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }

    private func readable(_ text: String, limit: Int) -> String {
        let form = quoted(text, limit: limit)
        return text.contains(" ") || text.isEmpty || form.utf8.count != text.utf8.count + 2 ? form : text
    }
}

extension LogRecord {
    /// The same event with something else in place of the names of files below `folder`.
    func withoutPaths(below folder: String) -> LogRecord {
        func cleaned(_ text: String) -> String {
            var (clean, rest) = ("", text[...])
            while let found = rest.range(of: folder) {
                clean += rest[..<found.lowerBound] + "(a private file)"
                rest = rest[found.upperBound...].drop { !" \"',;:)]}\\\n".contains($0) }
            }
            return clean + rest
        }
        return LogRecord(
            timestamp: timestamp, level: level, message: cleaned(message), metadata: metadata.mapValues(cleaned))
    }
}
