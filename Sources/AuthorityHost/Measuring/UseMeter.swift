// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// What a piece of work took of this process: all its threads together, and whatever else it did meanwhile.
package struct MeasuredUse: Sendable, Equatable {
    package var seconds: Double
    package var cpuSeconds: Double
    /// The most anonymous memory that the process held, in bytes: files that are mapped are not counted. Looked at twenty times
    /// a second.
    package var peakBytes: Int

    package init(seconds: Double, cpuSeconds: Double, peakBytes: Int) {
        self.seconds = seconds
        self.cpuSeconds = cpuSeconds
        self.peakBytes = peakBytes
    }
}

/// Measures one piece of work, from its making to ``end()``.
package final class UseMeter: Sendable {
    private final class Peak: Sendable {
        private let bytes = Mutex(0)
        func look() { bytes.withLock { $0 = max($0, ProcessUse.anonymousBytes) } }
        var value: Int { bytes.withLock { $0 } }
    }

    private let start = ContinuousClock.now
    private let cpuAtStart = ProcessUse.cpuSeconds
    private let peak = Peak()
    private let looking: Task<Void, Never>

    package init() {
        peak.look()
        looking = Task.detached { [peak] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(50))
                peak.look()
            }
        }
    }

    deinit { looking.cancel() }

    package func end() -> MeasuredUse {
        looking.cancel()
        peak.look()
        return MeasuredUse(
            seconds: (ContinuousClock.now - start) / .seconds(1), cpuSeconds: ProcessUse.cpuSeconds - cpuAtStart,
            peakBytes: peak.value)
    }
}

/// What this process has used so far.
package enum ProcessUse {
    /// Of all threads, user and system.
    package static var cpuSeconds: Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Resident pages that no file stands behind; 0 where the system does not tell.
    package static var anonymousBytes: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        // Pages: all, resident, resident of files.
        let numbers = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " ")).prefix(3).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        return numbers.count == 3 ? max(0, numbers[1] - numbers[2]) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
