// SPDX-License-Identifier: Apache-2.0

/// One check of a published tally, whose it is about, and how it ended.
public struct VerificationCheck: Sendable, Equatable {
    /// What is checked, in the order in which it is checked; the raw value is the name in reports.
    public enum Name: String, Sendable, CaseIterable {
        /// Either archive unpacks: safe names, no links, no bombs, nothing behind its end.
        case archive
        /// tally.tar.gz holds the entries of a tally and no others that a verifier could take for one.
        case layout
        /// results.json is what counting the plaintexts gives.
        case results = "results.json"
        case questions = "questions_json"
        /// The session's parameters are well formed and strong enough.
        case protocolInfo = "protInfo.xml"
        /// `descr` of protInfo.xml, if an authority of this kind wrote it, names these questions.
        case binding
        /// A session's proofs folder holds the files that the proof needs, and no surplus ones.
        case proofFiles = "proofs"
        case publicKeys = "pubkeys_json"
        /// The keys are those that the person who asked expects.
        case expectedKey = "expected-key"
        /// Every line of the votes file is a valid ballot or one with a wrong proof.
        case ballots = "ciphertexts_json"
        /// FullPublicKey.bt and every PublicKeyNN.bt.
        case keys
        /// CiphertextList00.bt is well formed.
        case input
        /// CiphertextList00.bt holds exactly the valid ballots, in their order.
        case ballotsAreInput = "mixed-ballots"
        /// A party's permutation commitment and its proof.
        case permutation = "proof-of-permutation"
        /// A party's shuffled list and its proof.
        case shuffle = "proof-of-shuffle"
        /// A party's decryption factors and their proof.
        case decryption = "proof-of-decryption"
        /// PlaintextElements.bt is the shuffled list, decrypted.
        case decrypted = "plaintext-elements"
        case plaintexts = "plaintexts_json"
        /// A tally without votes has nothing in it that would need a proof.
        case noVotes = "no-votes"

        /// The name in words.
        public var title: String { String(rawValue.map { $0 == "-" ? " " : $0 }) }
    }

    public enum Outcome: Sendable, Equatable {
        /// With what is worth knowing about it, such as a count.
        case passed(String?)
        case failed(String)
        /// Cannot be made, and is no success: why.
        case unchecked(String)
        /// Left out because whoever asked said so.
        case skipped(String)
    }

    public let name: Name
    /// The tally inside the outer archive, such as `8`; nil if there is only tally.tar.gz.
    public let tally: String?
    /// The session, for checks that are about one.
    public let session: String?
    /// The authority, from 1, for checks that are about one.
    public let party: Int?
    /// Where in a list, from 0, if a failure has a place.
    public let index: Int?
    public let outcome: Outcome

    /// Whether it keeps the tally from being accepted.
    public var hasFailed: Bool {
        switch outcome {
        case .failed, .unchecked: true
        case .passed, .skipped: false
        }
    }

    /// Whether nobody knows how it would have ended.
    public var isUnchecked: Bool { if case .unchecked = outcome { true } else { false } }

    /// What the check is about, on one line: its name, and in brackets tally, session, authority and index.
    public var subject: String {
        // Names of tallies and sessions are letters, digits, `_` and `-`: safe to print as they are.
        let places = [
            tally.map { "tally \($0)" }, session.map { "session \($0)" }, party.map { "authority \($0)" },
            index.map { "index \($0)" },
        ].compactMap(\.self)
        return name.title + (places.isEmpty ? "" : " (\(places.joined(separator: ", ")))")
    }

    /// The failure on one line; nil if the check did not fail.
    public var failure: String? {
        switch outcome {
        case .failed(let reason), .unchecked(let reason): "\(subject): \(reason)"
        case .passed, .skipped: nil
        }
    }
}
