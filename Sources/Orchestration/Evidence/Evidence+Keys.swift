// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic

/// Accusations while the key was made: all of it stands on the board.
extension Evidence {
    func openings(of accused: Int) -> Finding {
        guard board.entry(.keyHash, by: accused) != nil, board.entry(.keyCommitments, by: accused) != nil else {
            return .open("it has not opened a key")
        }
        for session in 0..<board.sessionCount {
            do { _ = try opening(of: accused, in: session) } catch let error as KeySharingError {
                return .proven("question \(session): \(error)")
            } catch { return .open("the protocol cannot be read") }
        }
        return .refuted("its opened keys are those that it announced, and it knows their secrets")
    }

    private func opening(of party: Int, in session: Int) throws -> VerifiedKeyOpening {
        let sharing = try Performer.sharing(session, on: board)
        guard let opening = Performer.part(of: .keyCommitments, by: party, session, on: board),
            case .leaf(let digest)? = Performer.part(of: .keyHash, by: party, session, on: board)
        else { throw KeySharingError.malformedOpening(dealer: party) }
        return try VerifiedKeyOpening(opening, announced: digest, dealer: party, sharing: sharing)
    }

    func formOfShares(_ accusation: Accusation) -> Finding {
        guard board.entry(.keyShares, by: accusation.accused) != nil else { return .open("it has dealt no shares") }
        for session in 0..<board.sessionCount {
            guard let sharing = try? Performer.sharing(session, on: board) else {
                return .open("the protocol cannot be read")
            }
            guard let message = Performer.part(of: .keyShares, by: accusation.accused, session, on: board),
                sharing.holdsShare(message, from: accusation.accused, to: accusation.accuser)
            else { return .proven("question \(session): the encrypted shares are malformed") }
        }
        return .refuted("its shares have the form that they must have")
    }

    func share(_ accusation: Accusation) -> Finding {
        board.guilty(of: (accusation.accuser, accusation.failure)) == accusation.accused
            ? .proven("dealt a share that does not fit its commitments")
            : .refuted("the complaint proves nothing, or the share is right")
    }

    /// Shares of the keys of those who are absent, in the clear.
    func releasedShares(in entry: Entry) -> Finding {
        let (author, absent) = (entry.content.author, board.roster(attempt: entry.content.attempt).absent)
        guard let session = entry.content.session, let sharing = try? Performer.sharing(session, on: board) else {
            return .open("the protocol cannot be read")
        }
        guard case .node(let leaves)? = try? ByteTree(serialized: entry.content.payload), leaves.count == absent.count
        else {
            let isFit = absent.isEmpty && entry.content.payload.isEmpty
            return isFit
                ? .refuted("nobody is absent") : .proven("posted something else than its shares of absent keys")
        }
        for (dealer, leaf) in zip(absent, leaves) {
            guard let opening = try? opening(of: dealer, in: session) else { return .open("an opened key is wrong") }
            guard let share = sharing.group.exponent(leaf: leaf), opening.accepts(released: share, of: author) else {
                return .proven("gave a wrong share of the key of authority \(dealer)")
            }
        }
        return .refuted("its shares of absent keys fit the commitments")
    }

    func publicKeys(of accused: Int) -> Finding {
        guard let entry = board.entry(.publicKey, by: accused) else { return .open("it has named no keys") }
        var sessions: [JointPublicKey] = []
        for session in 0..<board.sessionCount {
            guard let openings = try? board.parties.map({ try opening(of: $0, in: session) }),
                let joint = JointPublicKey(openings.map(\.publicKey))
            else { return .open("somebody's opened key is wrong") }
            sessions.append(joint)
        }
        return ElectionKeys(sessions: sessions).payload == entry.content.payload
            ? .refuted("it named the keys that follow from the opened ones")
            : .proven("named other keys than follow from the opened ones")
    }
}
