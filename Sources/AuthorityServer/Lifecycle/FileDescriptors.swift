// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How many files and connections this process may have open.
enum FileDescriptors {
    /// More than the servers take, by far.
    private static let enough: rlim_t = 16_384

    /// Takes as many as the system lets this user have, up to what is enough; gives their number.
    static func raiseLimit() -> Int {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return 1024 }
        let wanted = min(limits.rlim_max, enough)
        if limits.rlim_cur < wanted {
            let old = limits.rlim_cur
            limits.rlim_cur = wanted
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) != 0 { limits.rlim_cur = old }
        }
        return Int(min(limits.rlim_cur, enough))
    }
}
