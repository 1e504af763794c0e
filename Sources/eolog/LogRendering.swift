// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Logging
import OperatorConsole
import OperatorErrors

/// Events for people (time, level, message, then what it is about) or for programs. Foreign text in them is escaped.
struct LogRendering {
    let output: TextOutput
    let json: Bool

    func show(_ lines: [String]) {
        for line in lines {
            if json {
                output.line(LogRecord.printable(line))
            } else if let record = LogRecord(line: line) {
                output.line(text(of: record))
            } else {
                output.line(String(quoted(line, limit: 2000).dropFirst().dropLast()))
            }
        }
    }

    func show(_ events: [LogRecord]) {
        for event in events { output.line(json ? LogRecord.printable(event.line) : text(of: event)) }
    }

    private func text(of record: LogRecord) -> String {
        let about = record.readableMetadata.joined(separator: " ")
        let level = record.level.rawValue.uppercased()
        let padded = level + String(repeating: " ", count: max(0, 8 - level.count))
        let head =
            "\(output.painted(time(record.timestamp), .faint)) \(colour(record.level).map { output.painted(padded, $0) } ?? padded)"
        return "\(head) \(record.readableMessage)" + (about.isEmpty ? "" : "  " + output.painted(about, .faint))
    }

    /// `2026-01-02 03:04:05.678` of the ISO form, which is in UTC.
    private func time(_ timestamp: String) -> String {
        String(quoted(timestamp, limit: 40).dropFirst().dropLast()).replacing("T", with: " ").replacing("Z", with: "")
    }

    private func colour(_ level: Logger.Level) -> Colour? {
        switch level {
        case .critical, .error: .red
        case .warning: .yellow
        case .notice: .green
        case .info: nil
        case .debug, .trace: .faint
        }
    }
}
