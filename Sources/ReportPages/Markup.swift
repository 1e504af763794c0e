// SPDX-License-Identifier: Apache-2.0

/// HTML or SVG. What is written in a literal is markup; every text that is put into one is escaped, so that nothing foreign can be
/// markup.
package struct Markup: ExpressibleByStringInterpolation, Sendable {
    package let text: String

    package init(stringLiteral value: String) { text = value }
    package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        package mutating func appendInterpolation(_ list: [Markup]) { for markup in list { text += markup.text } }
        package mutating func appendInterpolation(_ number: Int) { text += String(number) }
        /// A part of the whole, from 0 to 1.
        package mutating func appendInterpolation(share: Double) { text += Figures.fixed(share, places: 4) }
        /// A length or place in a drawing, to the tenth.
        package mutating func appendInterpolation(place: Double) { text += String((place * 10).rounded() / 10) }
        package mutating func appendInterpolation(_ foreign: String) { text += escaped(foreign) }
    }
}

/// Characters that mean something in markup as references; those that show nothing, or turn the direction of writing, as a sign
/// that something was there.
private func escaped(_ foreign: String) -> String {
    var text = ""
    for scalar in foreign.unicodeScalars {
        switch scalar {
        case "&": text += "&amp;"
        case "<": text += "&lt;"
        case ">": text += "&gt;"
        case "\"": text += "&quot;"
        case "'": text += "&#39;"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
    return text
}
