// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal

extension Board {
    /// Who is at fault in a failed key generation, seen from the board alone: a complaint about a share proves itself, or
    /// falls back on its author.
    package func guilty(of stop: (author: Int, failure: Failure)) -> Int {
        guard stop.failure.check == "keyShares.share", let session = stop.failure.index,
            offer.sessions.indices.contains(session),
            let evidence = stop.failure.evidence.first
        else { return stop.failure.accused }
        return (try? judge(evidence, in: session, by: stop.author)) ?? stop.author
    }

    private func judge(_ evidence: [UInt8], in session: Int, by accuser: Int) throws -> Int {
        let sharing = try Performer.sharing(session, on: self)
        guard let complaint = ShareComplaint(try ByteTree(serialized: evidence), in: sharing.group),
            complaint.accuser == accuser,
            let message = Performer.part(of: .keyShares, by: complaint.dealer, session, on: self)
        else { return accuser }
        let openings = try parties.map { try Performer.opening(of: $0, session, on: self) }
        return complaint.guilty(message: message, openings: openings, sharing: sharing)
    }
}
