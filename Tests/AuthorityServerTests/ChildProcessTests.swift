// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityServer
import Foundation
import Testing

@Suite("A program that a server starts")
struct ChildProcessTests {
    /// Generous: what takes a moment takes long on a busy machine.
    private static let limit: Duration = .seconds(60)

    @Test("its end is told: well, with a status, by a signal, or that it never began")
    func ends() {
        #expect(ChildProcess(command: ["/bin/true"]).failure(within: Self.limit) == nil)
        #expect(shell("exit 3") == "it ended with 3")
        #expect(shell("kill -TERM $$") == "it was ended by signal 15")
        #expect(ChildProcess(command: ["/nonexistent"]).failure(within: Self.limit) == "it cannot be started")
        #expect(ChildProcess(command: []).failure(within: Self.limit) == "it cannot be started")
    }

    @Test("it is ended by force when its time is over")
    func late() {
        let sleeping = ChildProcess(command: ["/bin/sleep", "600"])
        #expect(sleeping.failure(within: .milliseconds(200)) == "it was ended by signal 9")
    }

    @Test(
        "it gets none of 2,000 files that its server has open, nor its input, environment and blocked signals")
    func inheritsNothing() throws {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limits)
        limits.rlim_cur = min(limits.rlim_max, 8192)
        setrlimit(resource, &limits)
        // Without O_CLOEXEC, so that they would be handed on.
        let files = (0..<2000).map { _ in open("/dev/zero", O_RDONLY) }
        defer { for file in files { close(file) } }
        try #require(files.allSatisfy { $0 >= 0 })
        #expect(shell("! readlink /proc/$$/fd/* | grep -q /dev/zero") == nil)
        #expect(shell("[ \"$(readlink /proc/$$/fd/0)\" = /dev/null ]") == nil)
        setenv("EO_CHILD_PROCESS", "1", 1)
        defer { unsetenv("EO_CHILD_PROCESS") }
        #expect(shell("[ -z \"$EO_CHILD_PROCESS\" ] && [ -n \"$PATH\" ]") == nil)
        var (signals, before) = (sigset_t(), sigset_t())
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #expect(shell("exec grep -q '^SigBlk:[[:space:]]*0*$' /proc/self/status") == nil)
    }

    private func shell(_ script: String) -> String? {
        ChildProcess(command: ["/bin/sh", "-c", script]).failure(within: Self.limit)
    }
}
