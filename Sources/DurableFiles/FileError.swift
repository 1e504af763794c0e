// SPDX-License-Identifier: Apache-2.0

import Glibc
package import OperatorErrors

/// The disk did not do what was asked. `reason` is an `errno`.
package struct FileError: OperatorError, Equatable {
    package enum Operation: String, Sendable {
        case read, write, create, remove, lock, sync, rename, link, wipe
        case makeFolder = "make the folder"
        case makeFolderInside = "make a folder in"
        case syncFolder = "sync the folder of"
    }

    package let operation: Operation
    package let path: String
    package let reason: Int32

    package init(operation: Operation, path: String, reason: Int32) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// With the `errno` of the call that just failed.
    package static func now(_ operation: Operation, _ path: String) -> FileError {
        FileError(operation: operation, path: path, reason: errno)
    }

    package var message: String {
        "cannot \(operation.rawValue) \(quoted(path, limit: 300)): \(String(cString: strerror(reason)).lowercased())"
    }

    package var hint: String? {
        reason == EACCES || reason == EPERM ? "run it as root, or as the owner of that file" : nil
    }

    package var exitCode: ExitStatus { .disk }
}
