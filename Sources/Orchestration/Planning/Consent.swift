// SPDX-License-Identifier: Apache-2.0

/// What the operator of an authority has agreed to.
package struct Consent: Equatable, Sendable {
    /// AUTOACCEPT_REQUESTS: to everything that passes the checks, but for what takes the operator's own word.
    package var isAutomatic: Bool
    /// To the entries with these digests, and so to every byte of what was shown.
    package var accepted: Set<Digest>

    package init(isAutomatic: Bool, accepted: Set<Digest>) {
        self.isAutomatic = isAutomatic
        self.accepted = accepted
    }

    package static var toEverything: Consent { Consent(isAutomatic: true, accepted: []) }
    package static func to(_ digests: Set<Digest>) -> Consent { Consent(isAutomatic: false, accepted: digests) }

    /// - Parameter byOperator: whether the operator itself has to have said so.
    func covers(_ proposal: Entry, byOperator: Bool) -> Bool {
        accepted.contains(proposal.digest) || isAutomatic && !byOperator
    }
}

extension Failure {
    /// An operator said no.
    ///
    /// - Parameter reason: the operator's own words.
    package static func rejection(of attempt: Int, at authority: String, reason: String?) -> Failure {
        let what = attempt == 0 ? "the election" : "the tally"
        return Failure(
            check: "operator.rejected",
            message: "the operator of \(authority) rejected \(what)" + (reason.map { ": \($0)" } ?? ""))
    }
}
