// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
import StrictJSON
package import TrustStores

extension Evidence {
    /// Looks into an accusation: repeats the check on what the accused signed.
    ///
    /// Nothing depends on the word of the accuser, nor of the director: a conviction needs that the accused's certificate vouches
    /// for the key that signed.
    package func finding(on accusation: Accusation) -> Finding {
        var finding = finding(on: accusation, check: accusation.failure.check)
        if case .open = finding, accusation.isConfession, let entry = signedEntry(accusation) {
            finding = .proven(
                "says itself that its \(entry.content.kind.rawValue) fails the check: \(accusation.failure.message)")
        }
        guard case .proven = finding else { return finding }
        let party = board.offer.parties[accusation.accused - 1]
        guard certificate(of: party) != nil else {
            return .open(
                "nothing shows that the key that signed is that of \(party.name): its signed identity is missing")
        }
        return finding
    }

    /// The certificate of a party, if it vouches for the signing key.
    package func certificate(of party: Party) -> Certificate? {
        guard let statement = identities[party.name],
            let request = try? ElectionRequest(JSONValue(parsing: board.offer.request)),
            let pem = request.authorities.first(where: { $0.name == party.name })?.certificate,
            let certificate = try? Certificate(pem: pem), Digest(of: certificate.der) == party.certificate,
            let identity = try? SignedIdentity(JSONValue(parsing: statement), of: party.name, certificate: certificate),
            identity.signingKey == party.signingKey
        else { return nil }
        return certificate
    }

    private func finding(on accusation: Accusation, check: String) -> Finding {
        switch check {
        case "board.equivocation": return equivocation(accusation)
        case "board.rules": return violation(accusation)
        case "keyHash.form", "keyCommitments.digest", "keyCommitments.form", "keyCommitments.possession":
            return openings(of: accusation.accused)
        case "keyShares.form": return formOfShares(accusation)
        case "keyShares.share": return share(accusation)
        case "publicKey.equal": return publicKeys(of: accusation.accused)
        case "verified.equal": return confirmations(accusation)
        case "protocol.request", "protocol.session": return protocolFile(accusation)
        default: break
        }
        guard let entry = signedEntry(accusation) else {
            return .open("what it is about cannot be shown to others")
        }
        if check == "decryption.share" || check == "decryption.shares" { return releasedShares(in: entry) }
        return files(of: entry)
    }

    /// The entry on the board that an accusation is about.
    private func signedEntry(_ accusation: Accusation) -> Entry? {
        guard let bytes = accusation.failure.evidence.first, let entry = try? Entry(serialized: bytes) else {
            return nil
        }
        let content = entry.content
        guard content.author == accusation.accused,
            board.entry(author: content.author, sequence: content.sequence)?.digest == entry.digest
        else { return nil }
        return entry
    }

    // MARK: - What was signed

    private func equivocation(_ accusation: Accusation) -> Finding {
        let entries = accusation.failure.evidence.compactMap { try? Entry(serialized: $0) }
        guard entries.count == 2, entries[0].digest != entries[1].digest,
            entries.allSatisfy({ isSigned($0, by: accusation.accused) }),
            entries[0].content.sequence == entries[1].content.sequence
        else { return .refuted("these are not two entries in one place") }
        guard entries.allSatisfy(belongs) else { return .open("one of the two may be of an older board of that name") }
        let content = entries[0].content
        return .proven(
            "signed two different entries number \(content.sequence), of which one is a \(content.kind.rawValue)")
    }

    private func violation(_ accusation: Accusation) -> Finding {
        guard let bytes = accusation.failure.evidence.first, let entry = try? Entry(serialized: bytes),
            isSigned(entry, by: accusation.accused)
        else { return .refuted("there is no signed entry") }
        var copy = board
        do throws(BoardError) {
            try copy.append(entry)
            return .refuted("the entry may stand there")
        } catch {
            // Its author may have put another one there since.
            let held = board.entry(author: entry.content.author, sequence: entry.content.sequence)
            guard copy.violations.contains(entry) || held != nil && held != entry && belongs(entry) else {
                return .open("the entry does not follow this board")
            }
            return .proven(error.message)
        }
    }

    private func isSigned(_ entry: Entry, by party: Int) -> Bool {
        entry.content.author == party && entry.content.election == board.election
            && entry.isSigned(by: board.offer.parties[party - 1].signingKey)
    }

    /// Whether an entry was made for this very board: it stands there, begins it, or names something that does.
    private func belongs(_ entry: Entry) -> Bool {
        let content = entry.content
        return content.kind == .protocol
            || ([entry.reference] + content.inputs).contains { reference in
                board.entry(author: reference.author, sequence: reference.sequence)?.digest == reference.digest
            }
    }

    private func protocolFile(_ accusation: Accusation) -> Finding {
        guard accusation.accused == board.director else { return .refuted("another authority made the protocol") }
        // The parties as the director named them: what is judged here is the rest.
        guard let failure = ProtocolReview.failure(of: board, known: board.offer.parties) else {
            return .refuted("the protocol is what was asked for")
        }
        return .proven(failure.message)
    }

    /// `verified` names the shuffles as they stand on the board.
    private func confirmations(_ accusation: Accusation) -> Finding {
        let mixers = board.roster(attempt: accusation.attempt).mixers
        for session in 0..<board.sessionCount {
            guard
                let entry = board.entry(
                    .verified, attempt: accusation.attempt, session: session, by: accusation.accused),
                let shuffles = board.all(.shuffle, attempt: accusation.attempt, session: session, by: mixers)
            else { continue }
            let expected = ByteTree.node(shuffles.map { .leaf($0.digest.bytes) }).serialized
            if entry.content.payload != expected { return .proven("confirmed other shuffles than there are") }
        }
        return .refuted("it confirmed the shuffles that there are")
    }
}
