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
        case .damagedSecret(let election): "a secret of election \(quoted(election)) is damaged"
        case .missingSecret(let election):
            "a secret of election \(quoted(election)) is missing, or was wiped after its use"
        case .missingBlob(let name): "the file \(quoted(name)) is not here"
        case .changedBlob(let name): "the file \(quoted(name)) has changed on disk"
        case .busy(let election): "election \(quoted(election)) changes faster than it can be read"
        }
    }

    package var hint: String? {
        switch self {
        case .electionExists: "choose another id"
        case .file: "look at the space and the rights on the disk of DATA_PATH"
        case .damagedEntry: "restore DATA_PATH from a backup, or make the election anew"
        case .busy: "try again in a minute"
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
