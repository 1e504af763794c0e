// SPDX-License-Identifier: Apache-2.0

import Glibc
import OperatorErrors

/// An authority cannot listen on its ports.
struct ListeningError: Error, Equatable {
    /// PORT and MIXNET_PORT.
    let ports: [Int]
    /// An `errno`.
    let reason: Int32
}

extension ListeningError: OperatorError {
    var message: String {
        "cannot listen on ports \(ports.map(String.init).joined(separator: " and ")): \(String(cString: strerror(reason)).lowercased())"
    }

    var hint: String? { "is another authority running with PORT or MIXNET_PORT of this configuration?" }
}

/// Another process works on the same DATA_PATH.
struct AlreadyRunning: Error, Equatable {
    let dataPath: String
}

extension AlreadyRunning: OperatorError {
    var message: String { "another authority is running with DATA_PATH \(quoted(dataPath, limit: 300))" }
    var hint: String? { "end it first, or name another configuration with --config" }
}
