// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Which events somebody wants to see, or may.
package struct LogFilter: Sendable {
    /// Only events of these elections.
    package var elections: Set<String>?
    /// Only events at least as grave.
    package var level: Logger.Level?
    /// Only events from this moment on.
    package var since: LogInstant?

    package init(election: String? = nil, level: Logger.Level? = nil, since: LogInstant? = nil) {
        elections = election.map { [$0] }
        self.level = level
        self.since = since
    }

    /// A line that is no event of ours (a stack trace, say) passes only where everything does.
    package func passes(_ line: String) -> Bool {
        guard elections != nil || level != nil || since != nil else { return true }
        guard let record = LogRecord(line: line) else { return false }
        if let level, record.level < level { return false }
        if let since, record.timestamp < since.timestamp { return false }
        return elections.map { elections in record.metadata["election"].map(elections.contains) ?? false } ?? true
    }
}
