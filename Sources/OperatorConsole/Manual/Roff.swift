// SPDX-License-Identifier: Apache-2.0

/// Text as roff takes it, so that it appears as it is.
enum Roff {
    /// One line of text.
    static func text(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    /// One argument of a macro, that is no macro itself.
    static func word(_ word: String) -> String { "\\&" + text(word).replacing(" ", with: "\\ ") }

    /// Running text, a sentence a line, with `.Pp` for a blank line; what is indented stays as it stands.
    static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isLiteral = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("  ") != isLiteral, !line.isEmpty {
                if !isLiteral, lines.last == ".Pp" { lines.removeLast() }
                lines.append(isLiteral ? ".Ed" : ".Bd -literal -offset indent")
                isLiteral.toggle()
            }
            if line.isEmpty {
                if !isLiteral { lines.append(".Pp") }
            } else {
                lines += isLiteral ? [Roff.text(String(line.dropFirst(2)))] : sentences(of: line).map(Roff.text)
            }
        }
        return isLiteral ? lines + [".Ed"] : lines
    }

    private static func sentences(of line: String) -> [String] {
        line.replacing(/\. (?=[A-Z])/, with: ".\n").split(separator: "\n").map(String.init)
    }
}
