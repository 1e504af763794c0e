// SPDX-License-Identifier: Apache-2.0

import Elections
import Rehearsal
import Testing

@Suite("The mailbox of callbacks")
struct MailboxTests {
    private let mailbox = Mailbox()
    private let created: ElectionReply
    private let tallied: ElectionReply

    init() throws {
        let id = try #require(ElectionIdentifier("7"))
        created = .creationFailed(id, message: "no")
        tallied = .tallyFailed(id, message: "no")
    }

    @Test("a callback that comes before anybody waits is not missed")
    func early() async throws {
        mailbox.deliver(created)
        #expect(try await mailbox.next(.creation) == created)
    }

    @Test("a callback that comes later ends the waiting")
    func late() async throws {
        async let reply = mailbox.next(.tally, within: .seconds(60))
        // Whether the reader is there already makes no difference: that is what a mailbox is for.
        mailbox.deliver(tallied)
        #expect(try await reply == tallied)
    }

    @Test("a reader gets what it waits for, not what else comes in")
    func subjects() async throws {
        mailbox.deliver(created)
        mailbox.deliver(tallied)
        #expect(try await mailbox.next(.tally) == tallied)
        #expect(try await mailbox.next(.creation) == created)
    }

    @Test("a callback is taken once, and a repeated one lies there for the next")
    func once() async throws {
        mailbox.deliver(created)
        mailbox.deliver(created)
        #expect(try await mailbox.next(.creation) == created)
        #expect(try await mailbox.next(.creation, within: .milliseconds(20)) == nil)
    }

    @Test("waiting ends after its time with nothing, and a later reader is not disturbed by it")
    func timeout() async throws {
        #expect(try await mailbox.next(.tally, within: .milliseconds(20)) == nil)
        mailbox.deliver(tallied)
        #expect(try await mailbox.next(.tally, within: .seconds(60)) == tallied)
    }

    @Test("a cancelled reader ends")
    func cancelled() async throws {
        let reader = Task { try await mailbox.next(.tally) }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
    }
}
