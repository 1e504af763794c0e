// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why an entry was not taken.
package enum BoardError: Error, Equatable, Sendable {
    case otherElection(found: String)
    case unknownAuthor(Int)
    case signature(Position)
    /// Entries before it are not here yet.
    case gap(author: Int, expected: Int, found: Int)
    case missingInput(EntryReference)
    /// The author names an entry that differs from the one that we hold: one of its author's two versions, or a lie.
    case differentInput(by: Int, EntryReference, held: Digest)
    case equivocation(author: Int, sequence: Int)
    case misplaced(Position, why: String)
    case payload(Position, FieldError)

    /// Which entry: author, number and kind.
    package struct Position: Equatable, Sendable {
        package let author: Int
        package let sequence: Int
        package let kind: EntryKind

        init(_ content: EntryContent) {
            author = content.author
            sequence = content.sequence
            kind = content.kind
        }
    }

    /// Whether the entry may fit later, when what it follows has arrived.
    package var isEarly: Bool {
        switch self {
        case .gap(_, let expected, let found): found > expected
        case .missingInput: true
        default: false
        }
    }
}

extension BoardError: OperatorError {
    package var message: String {
        switch self {
        case .otherElection(let found): "an entry of election \(quoted(found)) came for another one"
        case .unknownAuthor(let author): "there is no authority number \(author)"
        case .signature(let at): "\(at) has no valid signature"
        case .gap(let author, let expected, let found):
            "authority \(author) sent entry \(found) before entry \(expected)"
        case .missingInput(let input): "entry \(input.sequence) of authority \(input.author) is not here yet"
        case .differentInput(let by, let input, _):
            "authority \(by) holds another entry \(input.sequence) of authority \(input.author) than we do"
        case .equivocation(let author, let sequence): "authority \(author) signed two different entries \(sequence)"
        case .misplaced(let at, let why): "\(at) does not belong there: \(why)"
        case .payload(let at, let error): "\(at) cannot be read: \(error)"
        }
    }

    package var hint: String? { nil }
}

extension BoardError.Position: CustomStringConvertible {
    package var description: String { "entry \(sequence) (\(kind.rawValue)) of authority \(author)" }
}
