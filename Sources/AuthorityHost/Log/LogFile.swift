// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import Logging
import Synchronization

/// The file that an authority's events are appended to, line by line, and that it rotates by size.
///
/// When the file at the path is no longer the open one, because another program moved it away, the path is opened anew. A line
/// goes out in one write, so that lines of several writers never mix. A disk that takes nothing loses lines, and never stops the
/// authority.
package final class LogFile: Sendable {
    private struct State {
        var descriptor: Int32
        var lostLines = 0
        /// The disk took only the beginning of a line.
        var isCut = false
        /// Once it could not be rotated, the file grows by as much again before the next try.
        var limit: Int?
    }

    static let mode: mode_t = 0o640

    private let path: String
    private let rotation: LogRotation
    private let state: Mutex<State>

    /// - Throws: ``FileError`` if the file cannot be opened now.
    package init(path: String, rotation: LogRotation = .none) throws {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty { try DurableFile.makeFolder(folder, mode: 0o750) }
        self.path = path
        self.rotation = rotation
        let descriptor = Self.open(path)
        guard descriptor >= 0 else { throw FileError.now(.write, path) }
        state = Mutex(State(descriptor: descriptor, limit: rotation.byteLimit))
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    package func append(_ record: LogRecord) {
        state.withLock { state in
            let line = record.line
            let fault = makeRoom(for: line.utf8.count + 1, &state)
            if state.lostLines > 0 {
                let lost = event("\(state.lostLines) lines of the log were lost", at: record)
                if write(lost.line, &state) { state.lostLines = 0 }
            }
            if !write(line, &state) { state.lostLines += 1 }
            if let fault { _ = write(event("the log cannot be rotated: \(fault.message)", at: record).line, &state) }
        }
    }

    private func event(_ message: String, at record: LogRecord) -> LogRecord {
        LogRecord(timestamp: record.timestamp, level: .error, message: message, metadata: [:])
    }

    private func write(_ line: String, _ state: inout State) -> Bool {
        let bytes = Array(((state.isCut ? "\n" : "") + line + "\n").utf8)
        let count = Foundation.write(state.descriptor, bytes, bytes.count)
        if count > 0 { state.isCut = count < bytes.count }
        return count == bytes.count
    }

    /// Makes the open file the one at the path, with room for a line.
    ///
    /// - Returns: why it could not be rotated.
    private func makeRoom(for byteCount: Int, _ state: inout State) -> FileError? {
        var opened = stat()
        guard fstat(state.descriptor, &opened) == 0, FileIdentity(path: path) == FileIdentity(opened) else {
            reopen(&state)
            return nil
        }
        guard let limit = state.limit, opened.st_size > 0, Int(opened.st_size) + byteCount > limit else { return nil }
        do {
            try rotation.rotate(path)
            reopen(&state)
            return nil
        } catch {
            state.limit = Int(opened.st_size) + (rotation.byteLimit ?? limit)
            return error
        }
    }

    private func reopen(_ state: inout State) {
        let descriptor = Self.open(path)
        guard descriptor >= 0 else { return }
        close(state.descriptor)
        state.descriptor = descriptor
        state.isCut = false
        state.limit = rotation.byteLimit
    }

    private static func open(_ path: String) -> Int32 {
        Foundation.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode)
    }
}
