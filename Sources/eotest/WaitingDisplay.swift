// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Synchronization

/// Says whom we wait for, and for how long already: in place on a terminal, elsewhere a line every half minute.
final class WaitingDisplay: Sendable {
    private let title: String
    private let output: TextOutput
    private let isDrawn = Mutex(false)

    init(_ title: String, on output: TextOutput) {
        self.title = title
        self.output = output
    }

    func update(seconds: Int) {
        let text = "\(title), \(short(.seconds(seconds)))"
        isDrawn.withLock { isDrawn in
            if output.isTerminal {
                output.write("\r\u{1B}[K" + String(text.prefix((output.width ?? 80) - 1)))
                isDrawn = true
            } else if seconds > 0, seconds.isMultiple(of: 30) {
                output.line(text)
            }
        }
    }

    /// Takes the line off the terminal.
    func finish() {
        isDrawn.withLock { isDrawn in
            if isDrawn { output.write("\r\u{1B}[K") }
            isDrawn = false
        }
    }
}
