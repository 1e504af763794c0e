// SPDX-License-Identifier: Apache-2.0

/// What authorities say to each other under `/api/`.
package enum PeerProtocol {
    /// Two authorities work together if both have the same.
    package static let version = "1.0"
}
