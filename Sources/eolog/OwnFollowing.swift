// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import DurableFiles
import Foundation
import OperatorConsole
import OperatorErrors

/// Shows this authority's own log, from its files.
struct OwnFollowing {
    let path: String
    let filter: LogFilter
    let lineCount: Int?
    let endsAtOnce: Bool
    let rendering: LogRendering

    func run() async throws {
        var tail = LogTail(path: path, filter: filter)
        do {
            try showFirst(of: &tail)
        } catch let error as FileError where error.reason == ENOENT {
            guard !endsAtOnce else { throw NoLog(path: path) }
            TextOutput.standardError.printWarning("there is no log at \(quoted(path, limit: 300)) yet, waiting for it")
        }
        while !endsAtOnce {
            rendering.show(tail.newLines())
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func showFirst(of tail: inout LogTail) throws {
        guard filter.since != nil else { return rendering.show(try tail.lastLines(lineCount ?? 100)) }
        try tail.begin()
        var kept: [String] = []
        while tail.readOn(into: &kept) {
            if let lineCount {
                kept.removeFirst(max(0, kept.count - lineCount))
            } else {
                rendering.show(kept)
                kept = []
            }
        }
        rendering.show(kept)
    }
}

struct NoLog: OperatorError {
    let path: String
    var message: String { "there is no log at \(quoted(path, limit: 300))" }
    var hint: String? { "has eorchestra been started with this configuration?" }
    var exitCode: ExitStatus { .disk }
}
