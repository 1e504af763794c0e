// SPDX-License-Identifier: Apache-2.0

import Foundation
package import OperatorErrors

/// A line that a person types without its being shown: on the terminal itself, wherever input and output lead.
package enum HiddenLine {
    /// Asks, and lets `body` look at what was typed, without its line end; the memory is wiped then.
    ///
    /// - Throws: ``HiddenLineError/noTerminal`` where there is nobody to ask.
    package static func read<Value>(
        _ prompt: String, atMost limit: Int = 1024, _ body: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw HiddenLineError.noTerminal }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { throw HiddenLineError.noTerminal }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(terminal, TCSANOW, &silent) == 0 else { throw HiddenLineError.noTerminal }
        defer {
            tcsetattr(terminal, TCSANOW, &before)
            say("\n", on: terminal)
        }
        say(prompt, on: terminal)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit + 1, alignment: 8)
        defer {
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
            buffer.deallocate()
        }
        var count = 0
        while count < buffer.count {
            let got = Foundation.read(terminal, buffer.baseAddress?.advanced(by: count), 1)
            if got < 0, errno == EINTR { continue }
            guard got == 1, buffer[count] != 0x0A else { break }
            count += 1
        }
        return try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }

    private static func say(_ text: String, on terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }
}

package enum HiddenLineError: OperatorError, Equatable {
    case noTerminal
    /// Two lines that should be the same are not.
    case different

    package var message: String {
        switch self {
        case .noTerminal: "there is no terminal on which a passphrase could be asked for"
        case .different: "the two passphrases differ"
        }
    }

    package var hint: String? { self == .noTerminal ? "name a file that holds it: --passphrase-file FILE" : nil }
    package var exitCode: ExitStatus { .usage }
}
