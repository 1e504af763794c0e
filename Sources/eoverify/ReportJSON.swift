// SPDX-License-Identifier: Apache-2.0

import PublishedTallies

/// The report as `--json` prints it.
struct ReportJSON: Encodable {
    struct Tally: Encodable {
        struct Session: Encodable {
            let session: String
            let key_digest: String?
        }
        let name: String?
        let digest: String
        let hash: String
        let keys_digest: String?
        let sessions: [Session]
    }

    struct Check: Encodable {
        let check: String
        let tally: String?
        let session: String?
        let authority: Int?
        let index: Int?
        /// `ok`, `failed`, `unchecked` or `skipped`.
        let outcome: String
        let detail: String?
    }

    let accepted: Bool
    let tallies: [Tally]
    let checks: [Check]
    let dropped_ballots: [String]
    let remarks: [String]

    init(_ report: VerificationReport, _ identities: [TallyIdentity]) {
        accepted = report.isAccepted
        tallies = identities.map { identity in
            Tally(
                name: identity.name, digest: identity.digest, hash: identity.hash, keys_digest: identity.keysDigest,
                sessions: identity.sessions.map { .init(session: $0.id, key_digest: $0.keyDigest) })
        }
        checks = report.checks.map { check in
            let (outcome, detail): (String, String?) =
                switch check.outcome {
                case .passed(let detail): ("ok", detail)
                case .failed(let reason): ("failed", reason)
                case .unchecked(let reason): ("unchecked", reason)
                case .skipped(let reason): ("skipped", reason)
                }
            return Check(
                check: check.name.rawValue, tally: check.tally, session: check.session, authority: check.party,
                index: check.index, outcome: outcome, detail: detail)
        }
        dropped_ballots = report.droppedBallots
        remarks = report.remarks
    }
}
