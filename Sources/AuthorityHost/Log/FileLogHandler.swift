// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging

/// Writes swift-log's events to a ``LogFile``: one JSON line an event.
package struct FileLogHandler: LogHandler {
    private let file: LogFile
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    package init(file: LogFile, level: Logger.Level = .info) {
        self.file = file
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let given = event.metadata { all.merge(given) { $1 } }
        file.append(
            LogRecord(
                timestamp: timestamp(Date()), level: event.level, message: "\(event.message)",
                metadata: all.mapValues { "\($0)" }))
    }
}

/// UTC with milliseconds, such as 2026-01-02T03:04:05.678Z.
func timestamp(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
}
