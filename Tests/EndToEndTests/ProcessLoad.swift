// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// What a process takes of the machine, as the kernel counts it.
struct ProcessLoad {
    /// Memory in use.
    let bytes: Int
    let connections: Int

    /// Nil for a process that is not there.
    init?(_ process: Int32) {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let size = status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap({ Int($0.1) }),
            let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        else { return nil }
        bytes = size << 10
        connections = files.count { file in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(file)")
            return target?.hasPrefix("socket:") == true
        }
    }
}

/// The greatest load of a process while this value lives.
final class LoadWatch {
    private let thread: Thread
    private let greatest: Greatest

    private final class Greatest: Sendable {
        private let values = Mutex((bytes: 0, connections: 0))

        func take(_ load: ProcessLoad) {
            values.withLock { $0 = (max($0.bytes, load.bytes), max($0.connections, load.connections)) }
        }

        var current: (bytes: Int, connections: Int) { values.withLock { $0 } }
    }

    init(of authority: AuthorityProcess) {
        let greatest = Greatest()
        self.greatest = greatest
        thread = Thread {
            while !Thread.current.isCancelled {
                if let load = authority.load { greatest.take(load) }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        thread.start()
    }

    deinit { thread.cancel() }

    var bytes: Int { greatest.current.bytes }
    var connections: Int { greatest.current.connections }
}
