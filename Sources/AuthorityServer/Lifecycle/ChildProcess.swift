// SPDX-License-Identifier: Apache-2.0

import CProcessShims
import Foundation

/// A program that this process starts and awaits. It gets none of our open files but standard output and errors, and no environment but
/// a PATH.
///
/// Not Foundation's `Process`, which crashes now and then where more than a thousand files are open: to learn which, it copies 256 bytes
/// from each name in /proc/self/fd, also from the last one of what it has read (swift-corelibs-foundation, pull request 5472).
struct ChildProcess {
    /// The program's path, then its arguments.
    let command: [String]

    /// Runs it to its end, by force after `limit`.
    ///
    /// - Returns: what went wrong; nil if it ended with 0.
    func failure(within limit: Duration) -> String? {
        guard let process = start() else { return "it cannot be started" }
        let deadline = ContinuousClock.now + limit
        var (status, ended): (Int32, pid_t) = (0, 0)
        while true {
            ended = waitpid(process, &status, WNOHANG)
            guard ended == 0 else { break }
            if ContinuousClock.now >= deadline { kill(process, SIGKILL) }
            Thread.sleep(forTimeInterval: 0.05)
        }
        guard ended == process else { return "it cannot be awaited" }
        // As wait(2) packs them: the signal in seven bits, the exit status above.
        let signal = status & 0x7f
        guard signal == 0 else { return "it was ended by signal \(signal)" }
        let code = status >> 8 & 0xff
        return code == 0 ? nil : "it ended with \(code)"
    }

    private func start() -> pid_t? {
        var files = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard let path = command.first, posix_spawn_file_actions_init(&files) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&files) }
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of tasks block signals, and what they start would too.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        guard posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0,
            eo_spawn_closing_from(&files, STDERR_FILENO + 1) == 0,
            posix_spawnattr_setsigmask(&attributes, &none) == 0,
            posix_spawnattr_setsigdefault(&attributes, &all) == 0,
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0
        else { return nil }
        let arguments = command.map { strdup($0) } + [nil]
        let environment = [strdup("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        return posix_spawn(&process, path, &files, &attributes, arguments, environment) == 0 ? process : nil
    }
}
