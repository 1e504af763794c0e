// SPDX-License-Identifier: Apache-2.0

extension Planning {
    /// Protocol, countersignatures, key hashes, openings, shares, keys. True when the keys are published.
    mutating func planKeyGeneration() -> Bool {
        let others = board.parties.filter { $0 != board.director }
        if me != board.director, !isMine(.countersignature) {
            guard facts.knowsParties else {
                plan.awaited.append(.identities)
                return false
            }
            if hasConsent(attempt: 0) { plan.actions.append(.countersign) }
            return false
        }
        // A director proposes at once, so that all operators decide at the same time; its own is asked before there is a key.
        let isDecided = me != board.director || isMine(.keyHash) || hasConsent(attempt: 0)
        let missing = others.filter { board.entry(.countersignature, by: $0) == nil }
        guard missing.isEmpty, isDecided else {
            plan.awaited += missing.map { .entry(.countersignature, session: nil, by: $0) }
            return false
        }
        guard isMine(.keyHash) else { return doing(.hashKeys) }
        guard everyone(.keyHash, by: board.parties) != nil else { return false }
        guard isMine(.keyCommitments) else { return doing(.openKeys) }
        guard everyone(.keyCommitments, by: board.parties) != nil else { return false }
        guard isMine(.keyShares) else { return doing(.dealShares) }
        guard everyone(.keyShares, by: board.parties) != nil else { return false }
        guard isMine(.publicKey) else { return doing(.computeKeys) }
        guard let keys = everyone(.publicKey, by: board.parties) else { return false }
        if let action = disagreement(among: keys, check: "publicKey.equal", about: "a public key") {
            return doing(action)
        }
        guard isMine(.keyPublished) else { return doing(.publishKeys) }
        return everyone(.keyPublished, by: board.parties) != nil
    }

    /// Adds `action`, unless this authority already said that it failed.
    private mutating func doing(_ action: Action) -> Bool {
        if !isMine(.failure) { plan.actions.append(action) }
        return false
    }
}

extension Board {
    /// Whether every authority published the keys: the election can take ballots.
    package var isReady: Bool { !isStopped && all(.keyPublished, by: parties) != nil }
}
