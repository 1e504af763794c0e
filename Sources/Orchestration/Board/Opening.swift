// SPDX-License-Identifier: Apache-2.0

/// Which request opens a tally.
///
/// Whoever agreed to go on without somebody does nothing for a request of that one, so the request of the leader whom the
/// others agreed on goes before that of an absent director, wherever it comes first. Two leaders for one tally come of
/// operators that changed their mind while messages crossed: nobody can have worked for both, and the tally fails.
extension Board {
    enum Opening {
        case none
        case by(Entry, TallyOrder?)
        case contested(by: [Int])
    }

    func opening(attempt: Int) -> Opening {
        let requests = requests.filter { $0.entry.content.attempt == attempt }
        let led = requests.filter { $0.order?.absent.isEmpty == false }
        if led.count > 1 { return .contested(by: led.map(\.entry.content.author).sorted()) }
        return (led.first ?? requests.first).map { .by($0.entry, $0.order) } ?? .none
    }

    /// What is tallied; nil before it was asked for, and if the request cannot be read.
    package func tallyRequest(attempt: Int) -> TallyOrder? {
        guard case .by(_, let order) = opening(attempt: attempt) else { return nil }
        return order
    }

    /// The latest request that can be read.
    package var latestOrder: TallyOrder? {
        (1...max(1, attempt)).reversed().lazy.compactMap { tallyRequest(attempt: $0) }.first
    }

    /// The entry that operators decide about: the protocol of the election (attempt 0), or the request for that tally.
    package func proposal(attempt: Int) -> Entry? {
        if attempt == 0 { return entries.first }
        guard case .by(let entry, _) = opening(attempt: attempt) else { return nil }
        return entry
    }

    /// Who asked for that tally.
    package func opener(attempt: Int) -> Int { proposal(attempt: attempt)?.content.author ?? director }

    /// Who takes part in that tally.
    package func roster(attempt: Int) -> Roster {
        Roster(partyCount: partyCount, threshold: threshold, absent: tallyRequest(attempt: attempt)?.absent ?? [])
    }
}
