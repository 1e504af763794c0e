// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why a request is refused: each has an HTTP status of its own and a sentence.
package enum RequestRefusal: Error, Equatable, Sendable {
    case noCertificate
    case untrustedCertificate
    case notFound(path: String)
    case tooLarge(limit: Int)
    /// The body cannot be read as what the route takes.
    case body(String)
    case unknownElection(String)
    case unknownFile
    case notAParty(String)
    case notTheCreator(String)
    /// Neither the client that created the election nor one of its authorities.
    case notConcerned(String)
    case notTheDirector(String, director: [String])
    case unknownAuthority(String)
    case missingDirector(String)
    case otherCertificate(authority: String)
    case unreachableURL(key: String, String)
    case groupNotAllowed(String)
    /// A question has ballots of so many bits; `room` is what the group takes.
    case questionTooLarge(Int, bits: Int, group: String, room: Int)
    case notReady(String)
    case electionFailed(String, reason: String)
    case tallyUnderWay(String)
    case tallyDone(String)
    /// The key shares are with their keeper, or were wiped after a tally.
    case sharesAway(String)
    case otherShares(String)
    /// `private_key` is not encrypted to this authority, or damaged.
    case unreadableShares
    case operatorAsked(task: Int64)
    case operatorRejected(String?)
    /// An older backup was restored, and this authority does not know all that it said.
    case catchingUp(String)
    case logNotShared
    case tooManyRequests
    /// The bodies of the requests under way take up all the memory that there is for them.
    case tooManyBodies
    /// So many status streams are open at once.
    case tooManyStreams(Int)
}

extension RequestRefusal: OperatorError {
    package var message: String {
        switch self {
        case .noCertificate: "the connection has no client certificate"
        case .untrustedCertificate: "the client's certificate is not installed here"
        case .notFound(let path): "there is nothing at \(quoted(path))"
        case .tooLarge(let limit): "the request is larger than \(limit) bytes"
        case .body(let what): what
        case .unknownElection(let id): "there is no election \(quoted(id)) here"
        case .unknownFile: "there is no such file"
        case .notAParty(let id):
            "the client is no authority of election \(quoted(id)), or this authority is not one as proposed"
        case .notTheCreator(let id):
            "only the client that created election \(quoted(id)) may ask for its tally or its key shares"
        case .notConcerned(let id):
            "only the client that created election \(quoted(id)) and its authorities may ask about it"
        case .notTheDirector(let id, let director):
            "election \(quoted(id)) is directed by \(director.joined(separator: " and "))"
        case .unknownAuthority(let name): "authority \(quoted(name)) is not installed here"
        case .missingDirector(let name): "the authorities do not include this one, \(name)"
        case .otherCertificate(let name):
            "the certificate of authority \(quoted(name)) is not the one that is installed here"
        case .unreachableURL(let key, let url):
            "\(key) \(quoted(url, limit: 200)) does not lead to an installed peer over https"
        case .groupNotAllowed(let name):
            "group \(quoted(name)) is not one of sequent2048, ffdhe2048, ffdhe3072 and ffdhe4096"
        case .questionTooLarge(let question, let bits, let group, let room):
            "\"questions[\(question)]\" has ballots of up to \(bits) bits, the group \(group) takes \(room)"
        case .notReady(let id): "election \(quoted(id)) has no key yet"
        case .electionFailed(let id, let reason): "the key of election \(quoted(id)) could not be made: \(reason)"
        case .tallyUnderWay(let id): "a tally of election \(quoted(id)) is under way"
        case .tallyDone(let id):
            "election \(quoted(id)) was decrypted already, and this authority keeps no key share for other ballots"
        case .logNotShared: "this authority does not show its log to peers"
        case .tooManyRequests: "too many requests in a short time"
        case .tooManyBodies: "too many large requests at once: ask again in a moment"
        case .sharesAway(let id): "the key share of election \(quoted(id)) is not here"
        case .otherShares(let id): "private_key is not this authority's key share of election \(quoted(id))"
        case .unreadableShares: "private_key cannot be read: it is not base64 of what this authority gave out"
        case .operatorAsked(let task): "this authority's operator has to accept it first, as task \(task)"
        case .operatorRejected(let reason):
            "this authority's operator rejected it" + (reason.map { ": \(quoted($0, limit: 500))" } ?? "")
        case .catchingUp(let words): "this authority was \(words)"
        case .tooManyStreams(let limit): "\(limit) status streams are open already"
        }
    }

    package var hint: String? {
        switch self {
        case .untrustedCertificate, .unknownAuthority: "install its package on this authority: eopeers --install FILE"
        case .otherCertificate(let name): "compare with: eopeers --show \(name)"
        case .tooManyStreams: "ask with ?once"
        case .operatorAsked(let task): "ask again after: eotasks --accept \(task), there"
        case .unreadableShares:
            "if its certificate was renewed since: openssl cms -decrypt, and -encrypt to the new one"
        case .notTheDirector(_, let director): "ask \(director.joined(separator: " or "))"
        case .tallyDone:
            "other ballots can be tallied only where every authority had KEEP_SHARES true before the first tally was published"
        case .questionTooLarge: "take a larger group, or split the question"
        case .logNotShared: "its operator allows it with LOG_SHARED_WITH_PEERS true in the configuration"
        default: nil
        }
    }

    /// The HTTP status that says it.
    package var status: Int {
        switch self {
        case .noCertificate, .untrustedCertificate, .notAParty, .notTheCreator, .notConcerned, .logNotShared,
            .operatorRejected:
            403
        case .notFound, .unknownElection, .unknownFile: 404
        case .tooLarge: 413
        case .tooManyRequests: 429
        case .notReady, .electionFailed, .tallyUnderWay, .tallyDone, .notTheDirector, .sharesAway, .operatorAsked: 409
        case .tooManyStreams, .tooManyBodies, .catchingUp: 503
        case .otherShares, .unreadableShares, .body, .unknownAuthority, .missingDirector, .otherCertificate,
            .unreachableURL, .groupNotAllowed, .questionTooLarge:
            400
        }
    }
}
