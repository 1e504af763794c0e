// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorErrors

/// Where a tool's text goes: standard output, standard error, or a test's own sink.
package struct TextOutput: Sendable {
    /// A person watches: progress may be redrawn in place.
    package let isTerminal: Bool
    /// Colours help: a terminal, no `NO_COLOR`, and `TERM` is not `dumb`.
    package let usesColour: Bool
    /// Characters on a line, or nil where lines may have any length.
    package let width: Int?
    private let sink: @Sendable (String) -> Void

    package init(
        isTerminal: Bool, usesColour: Bool? = nil, width: Int? = nil, sink: @escaping @Sendable (String) -> Void
    ) {
        self.isTerminal = isTerminal
        self.usesColour = usesColour ?? isTerminal
        self.width = width
        self.sink = sink
    }

    package static let standardOutput = TextOutput(descriptor: STDOUT_FILENO)
    package static let standardError = TextOutput(descriptor: STDERR_FILENO)

    package func write(_ text: String) { sink(text) }

    package func line(_ text: String = "") { sink(text + "\n") }

    private init(descriptor: Int32) {
        let isTerminal = isatty(descriptor) == 1
        let environment = ProcessInfo.processInfo.environment
        let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self.init(
            isTerminal: isTerminal, usesColour: isTerminal && !noColour && environment["TERM"] != "dumb",
            width: isTerminal ? TextOutput.columns(of: descriptor) : nil
        ) { text in
            guard !writeAll(text, to: descriptor) else { return }
            // Nobody reads any more (`| head`): end quietly. A full disk is worth a word, if that can still be said.
            if errno == EPIPE { exit(ExitStatus.refused.rawValue) }
            let reason = String(cString: strerror(errno))
            if descriptor != STDERR_FILENO {
                _ = writeAll("\(toolName): error: cannot write the output: \(reason)\n", to: STDERR_FILENO)
            }
            exit(ExitStatus.disk.rawValue)
        }
    }

    private static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// The name under which this process was started, without its folder.
package let toolName: String = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "tool"

private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
