// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why a protInfo.xml was refused; lines count from 1.
package enum ProtocolInfoError: Error, Equatable, Sendable {
    case tooLarge(byteCount: Int, limit: Int)
    case notUTF8
    case syntax(line: Int, expected: String)
    /// An element whose text is not what it must be.
    case value(element: String, found: String, expected: String)
    case group(GroupDescriptionError)
}

extension ProtocolInfoError: OperatorError {
    package var message: String {
        switch self {
        case .tooLarge(let count, let limit): "protInfo.xml has \(count) bytes, expected at most \(limit)"
        case .notUTF8: "protInfo.xml is not UTF-8"
        case .syntax(let line, let expected): "protInfo.xml, line \(line): expected \(expected)"
        case .value(let element, let found, let expected):
            "protInfo.xml: \(element) is \(quoted(found)), expected \(expected)"
        case .group(let error): "protInfo.xml: pgroup \(error.message)"
        }
    }
}

/// Why the description of a group was refused (specification of the tally, 3.4).
package enum GroupDescriptionError: Error, Equatable, Sendable {
    /// No `::`, or no lower-case hexadecimal digits behind the last one.
    case notHexadecimal
    case notAByteTree(String)
    /// Another class than ModPGroup, another encoding than 1, or numbers in more bytes than they need.
    case notCanonical(String)
    /// A group that has no name here.
    case unknownGroup(modulusBitCount: Int)

    var message: String {
        switch self {
        case .notHexadecimal: "has no hexadecimal digits behind '::'"
        case .notAByteTree(let reason): "is no byte tree: \(reason)"
        case .notCanonical(let what): "has \(what)"
        case .unknownGroup(let count):
            "is a group of \(count) bits that is none of sequent2048, ffdhe2048, ffdhe3072, ffdhe4096"
        }
    }
}
