// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CProcessShims
import Foundation

/// Keeps the memory of a process that holds keys to itself: no dumps, no accounts of crashes, no reading by others of the same user, and a
/// heap for secrets that is locked into memory.
package enum ProcessSecrecy {
    /// Something that the system did not grant: the process goes on without it.
    package enum Shortfall: Equatable, Sendable {
        case dumps(Int32)
        case coreFiles(Int32)
        /// There is no secure heap, or it may be swapped out.
        case lockedMemory

        package var message: String {
            switch self {
            case .dumps(let code): "this process can be dumped: \(reason(code))"
            case .coreFiles(let code): "the limit for core files cannot be set: \(reason(code))"
            case .lockedMemory:
                "memory of keys cannot be locked and may be swapped out: allow \(heapByteCount >> 10) KiB (LimitMEMLOCK, ulimit -l)"
            }
        }

        private func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
    }

    /// What libcrypto's secure heap takes: private keys of libcrypto, and the number wing's secrets in at most half of it.
    private static let heapByteCount = 2 << 20
    /// The smallest piece of it, as limbs of numbers want to lie.
    private static let pieceByteCount = 64

    /// To be called before the first secret is read. Doing it twice does no harm.
    package static func begin() -> [Shortfall] {
        var shortfalls: [Shortfall] = []
        // Swift's runtime answers a crash by printing registers and the memory that they point to.
        for crash in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(crash, SIG_DFL) }
        let (dumps, coreFiles) = (eo_forbid_dumps(), eo_forbid_core_files())
        if dumps != 0 { shortfalls.append(.dumps(dumps)) }
        if coreFiles != 0 { shortfalls.append(.coreFiles(coreFiles)) }
        if CRYPTO_secure_malloc_initialized() == 0 {
            // 1: as asked for; 2: not locked.
            let made = CRYPTO_secure_malloc_init(heapByteCount, pieceByteCount)
            if made != 1 { shortfalls.append(.lockedMemory) }
        }
        return shortfalls
    }
}
