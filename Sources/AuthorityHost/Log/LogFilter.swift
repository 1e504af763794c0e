// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Which events somebody wants to see.
package struct LogFilter: Sendable {
    /// Only events of this election.
    package var election: String?
    /// Only events at least as grave.
    package var level: Logger.Level?

    package init(election: String? = nil, level: Logger.Level? = nil) {
        self.election = election
        self.level = level
    }

    /// A line that is no event of ours (a stack trace, say) passes only where everything does.
    package func passes(_ line: String) -> Bool {
        guard election != nil || level != nil else { return true }
        guard let record = LogRecord(line: line) else { return false }
        if let level, record.level < level { return false }
        return election == nil || record.metadata["election"] == election
    }
}
