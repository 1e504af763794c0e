// SPDX-License-Identifier: Apache-2.0

import HostTestSupport
import Synchronization

/// Identities that all tests of this process share, because keys take long to make; who is trusted differs in each test.
enum SharedIdentities {
    private static let made = Mutex<[String: TestIdentity]>([:])

    static func named(_ name: String) throws -> TestIdentity {
        try made.withLock { made in
            if let identity = made[name] { return identity }
            let identity = try TestIdentity(name)
            made[name] = identity
            return identity
        }
    }
}
