// SPDX-License-Identifier: Apache-2.0

/// What the operator of an authority has agreed to.
package enum Consent: Equatable, Sendable {
    /// AUTOACCEPT_REQUESTS: to everything that passes the checks.
    case toEverything
    /// To the entries with these digests, and so to every byte of what was shown.
    case to(Set<Digest>)

    func covers(_ proposal: Entry) -> Bool {
        switch self {
        case .toEverything: true
        case .to(let digests): digests.contains(proposal.digest)
        }
    }

    package mutating func insert(_ digest: Digest) {
        guard case .to(let digests) = self else { return }
        self = .to(digests.union([digest]))
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
