// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import TrustStores

/// The file that an authority's events are appended to, line by line.
///
/// Rotation needs no signal: when the file at the path is no longer the open one, the path is opened anew. A line goes out in
/// one write, so that lines of several writers never mix. A disk that takes nothing loses lines, and never stops the authority.
package final class LogFile: Sendable {
    private struct State {
        var descriptor: Int32
        var lostLines = 0
    }

    private let path: String
    private let state: Mutex<State>

    /// - Throws: ``FileError`` if the file cannot be opened now.
    package init(path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty { try DurableFile.makeFolder(folder, mode: 0o750) }
        self.path = path
        let descriptor = Self.open(path)
        guard descriptor >= 0 else { throw FileError.now(.write, path) }
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    package func append(_ record: LogRecord) {
        state.withLock { state in
            reopenIfMoved(&state)
            if state.lostLines > 0 {
                let lost = LogRecord(
                    timestamp: record.timestamp, level: .error,
                    message: "\(state.lostLines) lines of the log were lost", metadata: [:])
                if write(lost.line, &state) { state.lostLines = 0 }
            }
            if !write(record.line, &state) { state.lostLines += 1 }
        }
    }

    private func write(_ line: String, _ state: inout State) -> Bool {
        let bytes = Array((line + "\n").utf8)
        return Foundation.write(state.descriptor, bytes, bytes.count) == bytes.count
    }

    private func reopenIfMoved(_ state: inout State) {
        var (current, opened) = (stat(), stat())
        if stat(path, &current) == 0, fstat(state.descriptor, &opened) == 0, current.st_ino == opened.st_ino,
            current.st_dev == opened.st_dev
        {
            return
        }
        let descriptor = Self.open(path)
        guard descriptor >= 0 else { return }
        close(state.descriptor)
        state.descriptor = descriptor
    }

    private static func open(_ path: String) -> Int32 {
        Foundation.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    }
}
