// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why an authority cannot go on without somebody.
package enum GoingOnError: Error, Equatable, Sendable {
    case unknownAuthority(String)
    case ownName(String)
    case notReady(String)
    case published(String, attempt: Int)
    /// Fewer would be left than the threshold.
    case tooFew(left: Int, threshold: Int, of: Int, without: [String])
    /// Another authority goes on without others than this one.
    case disagreement(with: String, without: [String])
}

extension Board {
    /// The party numbers of those hosts, if authority number `me` can say that it goes on without them.
    package func absence(of hosts: [String], as me: Int) throws(GoingOnError) -> Absence {
        var absent: [Int] = []
        for host in hosts {
            guard let party = parties.first(where: { name(of: $0) == host }) else { throw .unknownAuthority(host) }
            guard party != me else { throw .ownName(host) }
            absent.append(party)
        }
        let absence = Absence(of: absent)
        guard isReady else { throw .notReady(election) }
        guard !isPublished(attempt: attempt) else { throw .published(election, attempt: attempt) }
        guard Roster.isEnough(of: partyCount, without: absence.absent, threshold: threshold) else {
            throw .tooFew(
                left: partyCount - absence.absent.count, threshold: threshold, of: partyCount,
                without: absence.absent.map { name(of: $0) })
        }
        for other in parties where other != me && !absence.absent.contains(other) {
            if let said = self.absence(by: other, attempt: attempt), said != absence.absent {
                throw .disagreement(with: name(of: other), without: said.map { name(of: $0) })
            }
        }
        return absence
    }
}

extension GoingOnError: OperatorError {
    package var message: String {
        switch self {
        case .unknownAuthority(let host): "\(quoted(host)) is no authority of this election"
        case .ownName(let host): "\(host) is this authority itself"
        case .notReady(let election):
            "election \(quoted(election)) has no key yet: all authorities are needed to make it"
        case .published(let election, let attempt):
            "tally \(attempt) of election \(quoted(election)) is published already"
        case .tooFew(let left, let threshold, let count, let hosts):
            threshold == count
                ? "this election takes all \(count) authorities: nobody can go on without \(hosts.joined(separator: ", "))"
                : "this election takes \(threshold) of \(count) authorities, and without \(hosts.joined(separator: ", ")) "
                    + "there are only \(left)"
        case .disagreement(let other, let hosts):
            "\(other) goes on without \(hosts.joined(separator: ", ")) instead"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownAuthority: "see who they are: eotasks --tree ELECTION"
        case .tooFew:
            "their operators have to start them again, from a backup if need be; the tally then goes on by itself, and can be asked for again"
        case .disagreement: "agree with its operator, then say the same"
        case .ownName, .notReady, .published: nil
        }
    }
}
