// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import Logging
import Orchestration
import TrustStores

extension Authority {
    /// The one worker: takes what is next of any election, performs it, posts what came of it.
    func work() async {
        while !Task.isCancelled {
            // Between steps: what a step remembers is forgotten.
            if let election = elections.first(where: { $0.value.isToInspect })?.key {
                elections[election]?.isToInspect = false
                await inspectAgain(election)
                continue
            }
            guard let (election, action) = nextJob() else {
                await workBell.wait(atMost: .seconds(5))
                continue
            }
            await perform(action, of: election)
        }
    }

    /// Key generation first, because it is short and somebody waits for it.
    private func nextJob() -> (String, Action)? {
        var later: (String, Action)?
        for (id, live) in elections.sorted(by: { $0.key < $1.key }) {
            for action in live.plan.actions where (live.retryAt[action] ?? clock.now) <= clock.now {
                if action.attempt == 0 { return (id, action) }
                if later == nil || live.lastProgress < (elections[later?.0 ?? ""]?.lastProgress ?? live.lastProgress) {
                    later = (id, action)
                }
                break
            }
        }
        return later
    }

    private func perform(_ action: Action, of election: String) async {
        guard let live = elections[election] else { return }
        var log = log(election, step: action.name, session: action.session)
        if let author = action.author { log[metadataKey: "peer"] = "\(live.board.name(of: author))" }
        let counter = WorkCounter()
        elections[election]?.working = (action, clock.now, counter)
        defer { elections[election]?.working = nil }
        let context = ActionContext(
            board: live.board, me: live.me, storage: live.storage, knownParties: live.knownParties ?? [],
            promised: promisedBytes(besides: election),
            note: { [log] in log.warning("\($0)") },
            report: { [log] event, figures in log.info("\(event)", metadata: figures.mapValues { "\($0)" }) },
            progress: { counter.set($0, of: $1) })
        measureRest(before: action, of: election)
        let meter = UseMeter()
        do {
            let performed = try await heavy.run { [performer] in try performer.perform(action, in: context) }
            let use = meter.end()
            measured(use, of: action, in: election)
            elections[election]?.problem = nil
            elections[election]?.finished.append(
                work(action, in: live.board, for: .seconds(use.seconds), counter: counter, isDone: true))
            guard apply(performed, to: election) else { return postpone(action, of: election) }
            elections[election]?.hindrances[action] = nil
            log.info(
                "done",
                metadata: [
                    "milliseconds": "\(Int(use.seconds * 1000))", "cpu_milliseconds": "\(Int(use.cpuSeconds * 1000))",
                ])
        } catch is CancellationError {
            return
        } catch {
            log.error("this authority could not do it, and tries again: \(error)")
            elections[election]?.problem = words(for: error)
            postpone(action, of: election)
            if error is ChangedFile { await inspectAgain(election) }
        }
    }

    /// Soon at first, then less and less often.
    private func postpone(_ action: Action, of election: String) {
        let count = elections[election]?.hindrances[action, default: 0] ?? 0
        elections[election]?.hindrances[action] = count + 1
        let pause = min(.milliseconds(500 << min(count, 10)), settings.hindrancePause)
        elections[election]?.retryAt[action] = clock.now + pause
        Task {
            try? await Task.sleep(for: pause)
            await workBell.ring()
        }
    }

    /// False if the disk did not take it: then nothing was said.
    private func apply(_ performed: Performed, to election: String) -> Bool {
        switch performed {
        case .post(let content): return takeAsMadeAgain(content) || post(content)
        case .verified(let digest):
            elections[election]?.facts.verified.insert(digest)
            elections[election]?.lastProgress = clock.now
            settle(election)
            return true
        }
    }

    /// Signs, makes durable, shows to the others.
    ///
    /// - Returns: false if the disk did not take it: then nothing was said.
    @discardableResult
    func post(_ content: EntryContent) -> Bool {
        guard var live = elections[content.election], live.facts.unheard.isEmpty,
            content.sequence == live.board.counts[live.me - 1]
        else { return true }
        do {
            let entry = try Entry(signing: content, with: key)
            var board = live.board
            guard try board.append(entry) == .added else { return true }
            try boards.append(entry, number: live.board.entries.count, to: content.election)
            live.grow(to: board, now: clock.now)
            // Not one of those that came back from others.
            live.madeAgain.insert(entry.digest)
            live.facts.heldBlobs.formUnion(content.blobs.map(\.digest))
            elections[content.election] = live
        } catch {
            hindered(content.election, step: content.kind.rawValue, by: error)
            return false
        }
        if content.kind == .failure, let failure = try? Failure(payload: content.payload) {
            log(content.election, step: failure.check).error("\(failure.message)")
        } else {
            log(content.election, step: content.kind.rawValue, session: content.session).info("posted")
        }
        catchUp(content.election)
        settle(content.election)
        Task { await exchangeBell.ring() }
        return true
    }

    /// Stops a key generation (attempt 0) or a tally.
    func fail(_ election: String, attempt: Int, _ failure: Failure) {
        guard let live = elections[election], live.board.entry(.failure, attempt: attempt, by: live.me) == nil,
            !live.board.isPublished(attempt: attempt)
        else { return }
        post(live.board.draft(.failure, attempt: attempt, by: live.me, payload: failure.payload))
    }
}
