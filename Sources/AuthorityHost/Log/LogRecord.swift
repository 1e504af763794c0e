// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
import OperatorErrors
import StrictJSON

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
        guard let object = try? JSONValue(parsing: line).asObject, let timestamp = object["timestamp"]?.asString,
            let level = object["level"]?.asString.flatMap({ Logger.Level(rawValue: $0) }),
            let message = object["message"]?.asString
        else { return nil }
        self.init(timestamp: timestamp, level: level, message: message, metadata: Self.metadata(of: object))
    }

    /// The line without its end.
    package var line: String {
        var object = JSONObject()
        for (key, value) in metadata { object[key] = .string(value) }
        object["timestamp"] = .string(timestamp)
        object["level"] = .string(level.rawValue)
        object["message"] = .string(message)
        return JSONValue.object(object).compact
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
        return (Self.firstKeys + others).compactMap { key in metadata[key].map { "\(key)=\(readable($0, limit: 200))" }
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
