// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why what a peer says of itself is not believed.
package enum IdentityError: Error, Equatable {
    case malformed(host: String)
    case otherHost(expected: String, found: String)
    case signature(host: String)
}

extension IdentityError: OperatorError {
    package var message: String {
        switch self {
        case .malformed(let host): "\(host) sent an identity that cannot be read"
        case .otherHost(let expected, let found): "\(expected) says that it is \(quoted(found))"
        case .signature(let host): "the identity of \(host) is not signed by its installed certificate"
        }
    }
}
