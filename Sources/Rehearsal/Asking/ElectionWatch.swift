// SPDX-License-Identifier: Apache-2.0

package import Elections
package import MutualTLS
import OperatorErrors
import StrictJSON
import Synchronization
import TrustStores

/// Asks every authority of an election how far it is, once a second each, while the operator waits for something of it.
///
/// Nothing is decided by what they say: it is shown, and an authority that says nothing any more is named.
package final class ElectionWatch: Sendable {
    /// One authority as it answered last.
    struct Watched: Sendable {
        let name: String
        var status: ElectionStatus?
        var lastAnswer: ContinuousClock.Instant
        /// Why the last request failed.
        var reason: String?
        var isNamed = false
    }

    struct State: Sendable {
        var watched: [Watched]
        var told: Set<String> = []
    }

    /// Whoever says nothing for this long is named; asked once a second, within less than ten.
    static let patience: Duration = .seconds(5)
    private static let pause: Duration = .seconds(1)
    private static let requestTimeout: Duration = .seconds(4)

    private let election: ElectionIdentifier
    private let authorities: [PeerEndpoint]
    private let client: AuthorityClient
    private let journal: RehearsalJournal
    private let state: Mutex<State>

    /// - Parameter authorities: the director first.
    package init(
        _ election: ElectionIdentifier, at authorities: [PeerEndpoint], through client: AuthorityClient,
        journal: RehearsalJournal
    ) {
        self.election = election
        self.authorities = authorities
        self.client = client
        self.journal = journal
        state = Mutex(
            State(watched: authorities.map { Watched(name: $0.hostName.text, lastAnswer: ContinuousClock.now) }))
    }

    /// Watches until `body` ends.
    package func during<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let watching = Task {
            await withDiscardingTaskGroup { group in
                for index in self.authorities.indices { group.addTask { await self.ask(index) } }
                group.addTask { await self.look() }
            }
        }
        defer { watching.cancel() }
        return try await body()
    }

    private func ask(_ index: Int) async {
        while !Task.isCancelled {
            do {
                heard(index, try await status(of: index))
            } catch is CancellationError {
                return
            } catch {
                state.withLock { $0.watched[index].reason = (error as? PeerClientError)?.message ?? "\(error)" }
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// Nil of one that does not know the election yet, or this request at all: it is there all the same.
    private func status(of index: Int) async throws -> ElectionStatus? {
        let answer = try await client.client.send(
            .get, "/public_api/status/\(election.text)?once", to: client.whereNow(authorities[index]), limit: 4 << 20,
            timeout: Self.requestTimeout)
        return answer.status == 200 ? try? ElectionStatus(JSONValue(parsing: answer.body)) : nil
    }

    /// Without whom the tally ended, as the director says; who has not been told so is told now.
    package func absentAtEnd() async -> [String] {
        if let status = try? await status(of: 0) { heard(0, status) }
        return state.withLock { state in
            if let note = state.noteOfAbsent(), state.told.insert(note).inserted { journal.note(note) }
            return state.absent
        }
    }

    private func heard(_ index: Int, _ status: ElectionStatus?) {
        let name = state.withLock { state -> String? in
            let wasNamed = state.watched[index].isNamed
            state.watched[index].lastAnswer = ContinuousClock.now
            state.watched[index].isNamed = false
            state.watched[index].reason = nil
            if let status { state.watched[index].status = status }
            return wasNamed ? state.watched[index].name : nil
        }
        if let name { journal.note("\(name) answers again") }
    }

    /// Once a second: names who is silent, tells what hinders the others.
    private func look() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.pause)
            guard !Task.isCancelled else { return }
            for note in state.withLock({ $0.takeNotes(at: ContinuousClock.now) }) { journal.note(note) }
        }
    }

    /// What is shown at the moment; nil while no authority said anything.
    package var activity: ElectionActivity? {
        state.withLock { ElectionActivity($0.watched, at: ContinuousClock.now) }
    }

    /// Who does not answer, for the end of a wait that was in vain.
    package var silence: String? {
        let names = state.withLock { state in
            state.watched.filter { ContinuousClock.now - $0.lastAnswer > Self.patience }.map(\.name)
        }
        return names.isEmpty ? nil : "\(names.joined(separator: ", ")) did not answer at all"
    }
}

extension ElectionWatch.State {
    /// What the operator has not been told yet.
    mutating func takeNotes(at now: ContinuousClock.Instant) -> [String] {
        var notes: [String] = []
        let absent = absent
        if let note = noteOfAbsent(), told.insert(note).inserted { notes.append(note) }
        for index in watched.indices {
            let authority = watched[index]
            let silence = now - authority.lastAnswer
            if silence > ElectionWatch.patience {
                // The others go on without it.
                if absent.contains(authority.name) { continue }
                if !authority.isNamed {
                    let reason = authority.reason.map { " (\($0))" } ?? ""
                    notes.append(
                        "\(authority.name) has not answered for \(Int(silence / .seconds(1))) s, still waiting for it\(reason)"
                    )
                }
                watched[index].isNamed = true
                continue
            }
            guard let status = authority.status, !status.isAtRest else { continue }
            var news: [String] = []
            if let problem = status.problem {
                news.append("\(authority.name) is hindered, and tries again: \(quoted(problem, limit: 400))")
            }
            if status.operatorAwaitedSince != nil {
                let what = status.attempt == 0 ? "the election" : "tally \(status.attempt)"
                news.append("\(authority.name) waits for its operator to accept \(what): eotasks --list, there")
            }
            if status.awaitsShare {
                news.append("\(authority.name) awaits its key share, which was taken away, to be restored")
            }
            for absence in status.absences {
                guard let author = known(absence.authority), let names = known(absence.without) else { continue }
                news.append("\(author) goes on without \(names), once the operators of all others have said the same")
            }
            for peer in status.peers where peer.silentMilliseconds > 5000 && !absent.contains(peer.name) {
                guard let problem = peer.problem, let known = watched.first(where: { $0.name == peer.name }) else {
                    continue
                }
                news.append("\(authority.name) cannot reach \(known.name): \(quoted(problem, limit: 400))")
            }
            notes += news.filter { told.insert($0).inserted }
        }
        return notes
    }

    var absent: [String] { watched.absent }

    fileprivate func noteOfAbsent() -> String? {
        known(absent).map { "the tally goes on without \($0)" }
    }

    /// Names of authorities of this election: any other text would be foreign.
    private func known(_ name: String) -> String? { watched.contains { $0.name == name } ? name : nil }

    private func known(_ names: [String]) -> String? {
        let known = names.compactMap { self.known($0) }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }
}

extension [ElectionWatch.Watched] {
    /// Who is left out of the latest tally, as the director says.
    var absent: [String] {
        let names = first?.status?.absent ?? []
        return map(\.name).filter(names.contains)
    }
}
