// SPDX-License-Identifier: Apache-2.0

import Foundation
package import OperatorErrors

/// What the disk or the database did not do. No case names a path below private/.
package enum StoreError: Error, Equatable, Sendable {
    /// A system call on a file of that kind failed with that `errno`.
    case file(String, operation: String, errno: Int32)
    case electionExists(String)
    /// Not 1 to 100 of `A-Z a-z 0-9 _ -`.
    case electionName(String)
    case damagedEntry(election: String, number: Int)
    case damagedSecret(election: String)
    case missingSecret(election: String)
    case missingBlob(name: String)
    case changedBlob(name: String)
    /// Board and secrets of the election change faster than they are read.
    case busy(election: String)
    /// What SQLite says.
    case database(String)
}

extension StoreError: OperatorError {
    package var message: String {
        switch self {
        case .file(let kind, let operation, let code):
            "cannot \(operation) \(kind): \(String(cString: strerror(code)))"
        case .electionExists(let id): "election \(quoted(id)) exists already"
        case .electionName(let id): "\(quoted(id)) cannot be an election's id: 1 to 100 letters, digits, _ and - are"
        case .damagedEntry(let election, let number):
            "entry \(number) on the board of election \(quoted(election)) is damaged or missing"
        case .damagedSecret(let election):
            "a seed or key share of election \(quoted(election)) is damaged on this disk"
        case .missingSecret(let election):
            "a secret of election \(quoted(election)) is missing, or was wiped after its use"
        case .missingBlob(let name): "the file \(quoted(name)) is not here"
        case .changedBlob(let name): "the file \(quoted(name)) does not have the digest that its author named"
        case .busy(let election): "election \(quoted(election)) changes faster than it can be read"
        case .database(let reason): "the database of this authority is damaged: \(quoted(reason, limit: 300))"
        }
    }

    package var hint: String? {
        switch self {
        case .electionExists: "choose another id"
        case .file: "look at the space and the rights on the disk of DATA_PATH"
        case .damagedEntry: "eorchestra serve gets it back from the other authorities: see its log"
        case .damagedSecret: "nobody else has it: restore DATA_PATH from a backup, see docs/operators/accidents.md"
        case .busy: "try again in a minute"
        case .database:
            "restore DATA_PATH from a backup, or move authority.sqlite away: see docs/operators/accidents.md"
        default: nil
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .electionExists, .electionName: .refused
        default: .disk
        }
    }
}
