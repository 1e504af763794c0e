// SPDX-License-Identifier: Apache-2.0

/// Text that somebody else wrote, made safe to print: in double quotes, on one line, cut after `limit` characters.
///
/// Printable ASCII stays as it is, but for `"` and `\`, which get a backslash; letters and digits of other scripts stay too.
/// Everything else (control characters, escape sequences of terminals, marks that turn the direction of writing) becomes
/// `\u{HEX}`. A cut is shown by `…` behind the closing quote.
public func quoted(_ foreign: some StringProtocol, limit: Int = 80) -> String {
    var text = "\""
    var count = 0
    for scalar in foreign.unicodeScalars {
        guard count < limit else { return text + "\"…" }
        count += 1
        switch scalar {
        case "\"", "\\":
            text += "\\"
            text.unicodeScalars.append(scalar)
        case " "..."~":
            text.unicodeScalars.append(scalar)
        case _ where scalar.properties.isAlphabetic && !scalar.properties.isDefaultIgnorableCodePoint:
            text.unicodeScalars.append(scalar)
        default:
            text += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
    return text + "\""
}
