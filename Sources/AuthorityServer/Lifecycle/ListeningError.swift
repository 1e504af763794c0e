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
