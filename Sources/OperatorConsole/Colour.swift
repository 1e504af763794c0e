// SPDX-License-Identifier: Apache-2.0

/// The few colours that mean something in the tools' output.
package enum Colour: String, Sendable {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    case faint = "2"
    case bold = "1"
}

extension TextOutput {
    /// `text` in `colour` where colours help, else as it is.
    package func painted(_ text: String, _ colour: Colour) -> String {
        usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
