// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
public import OperatorErrors
import Synchronization

/// A ballot that a voter looked for by its tracker, and found (specification of the tally, 1.10).
///
/// - Warning: this says that the ballot is in the votes file, and nothing about the rest of the tally.
public struct FoundBallot: Sendable, Equatable {
    /// The tally inside the outer archive.
    public let tally: String?
    /// The first of its lines in the votes file, from 1.
    public let line: Int
    /// The opaque id that the ballot box gave the voter; nil in votes files without ids.
    public let voter: String?
    /// How many times it was counted.
    public let weight: Int
    /// What is wrong with a proof of its, for which it was left out of the mix or should never have been in the file; nil if it was
    /// mixed.
    public let proofFailure: String?
}

public enum BallotLookupError: Error, Equatable, Sendable {
    case notATracker(String)
    case notFound(tracker: String)
    /// The ballot's lines do not carry the weight indices 1, 2, … in order.
    case weightIndex(line: Int, expected: Int)
    /// The ballot stands under two voters' ids.
    case otherVoter(line: Int)
    case unreadable(String)
}

extension BallotLookupError: OperatorError {
    public var message: String {
        switch self {
        case .notATracker(let text): "\(quoted(text)) is no ballot tracker, which is 64 digits of 0-9 and a-f"
        case .notFound(let tracker): "no ballot in the votes file has the tracker \(tracker)"
        case .weightIndex(let line, let expected):
            "votes file, line \(line): the ballot stands there with another weight index than \(expected)"
        case .otherVoter(let line): "votes file, line \(line): the ballot stands there for another voter as well"
        case .unreadable(let reason): "the ballot is in the votes file but cannot be checked: \(reason)"
        }
    }

    public var hint: String? {
        if case .notFound = self {
            "a later ballot of the same voter replaces an earlier one: look for the last tracker"
        } else {
            nil
        }
    }

    public var exitCode: ExitStatus { if case .notATracker = self { .usage } else { .refused } }
}

extension PublishedArchive {
    /// Finds a ballot by its tracker in the first tally that has it, and checks its proof of knowledge.
    ///
    /// - Throws: ``BallotLookupError``, or `VotesFileError` if a votes file cannot be read.
    public func ballot(tracker: String) throws -> FoundBallot {
        guard let digest = [UInt8](hexadecimal: tracker), digest.count == 32 else {
            throw BallotLookupError.notATracker(tracker)
        }
        for tally in tallies {
            let contents = TallyContents(tally)
            guard contents.files.contains(TallyLayout.votes) else { continue }
            let file = try VotesFile(path: contents.path + "/" + TallyLayout.votes)
            let lines = Self.lines(with: digest, in: file)
            if !lines.isEmpty { return try Self.found(lines, in: file, contents, name: tally.name) }
        }
        throw BallotLookupError.notFound(tracker: tracker)
    }

    /// The lines, from 0, whose ballot has that SHA-256; lines that are no ballots have none.
    private static func lines(with digest: [UInt8], in file: VotesFile) -> [Int] {
        let found = Mutex<[Int]>([])
        inParallelChunks(of: file.lineCount, minimum: 64) { range in
            for index in range {
                guard let line = try? file.line(index), HashFunction.sha256.digest(of: line.ballot) == digest else {
                    continue
                }
                found.withLock { $0.append(index) }
            }
        }
        return found.withLock { $0.sorted() }
    }

    private static func found(
        _ lines: [Int], in file: VotesFile, _ contents: TallyContents, name: String?
    ) throws -> FoundBallot {
        let first = try file.line(lines[0])
        for (position, index) in lines.enumerated() {
            let voter = try file.line(index).voter
            guard (voter?.index ?? 1) == position + 1 else {
                throw BallotLookupError.weightIndex(line: index + 1, expected: position + 1)
            }
            guard voter?.name == first.voter?.name else { throw BallotLookupError.otherVoter(line: index + 1) }
        }
        return FoundBallot(
            tally: name, line: lines[0] + 1, voter: first.voter?.name, weight: lines.count,
            proofFailure: try proofFailure(of: first, contents))
    }

    private static func proofFailure(of line: BallotLine, _ contents: TallyContents) throws -> String? {
        do {
            let infos = try contents.sessions.map { session in
                guard let data = try contents.data(TallyLayout.protocolInfo, of: session) else {
                    throw BallotLookupError.unreadable("\(session.id) has no protInfo.xml")
                }
                return try ProtocolInfo(parsing: [UInt8](data))
            }
            let (groups, isBound) = (infos.map(\.group), infos.contains(where: \.requiresBoundProofs))
            let ballot = try Ballot(parsing: line.ballot, groups: groups, bound: isBound)
            if isBound, let failure = try boundProofFailure(of: ballot, line, infos, contents) { return failure }
            var random = SystemRandomSource()
            for (question, group) in groups.enumerated() {
                let alphas = try ElementVector(checking: [ballot.choices[question].alpha], in: group)
                let proofs = [ballot.proofs[question]]
                if let failure = PlaintextKnowledgeProof.failures(of: proofs, for: alphas, random: &random)[0] {
                    return "question \(question): the \(failure.rawValue) does not hold"
                }
            }
            return nil
        } catch let error as BallotFault {
            throw BallotLookupError.unreadable(error.message)
        } catch let error as VectorError {
            throw BallotLookupError.unreadable("alpha: \(error)")
        } catch let error as ProtocolInfoError {
            throw BallotLookupError.unreadable(error.message)
        }
    }

    private static func boundProofFailure(
        of ballot: Ballot, _ line: BallotLine, _ infos: [ProtocolInfo], _ contents: TallyContents
    ) throws -> String? {
        guard let contexts = contents.ballotContexts(infos), let proofs = ballot.boundProofs, let voter = line.voter
        else {
            throw BallotLookupError.unreadable("a bound proof needs the joint keys and a voter's id")
        }
        for (question, context) in contexts.enumerated() {
            let choice = ballot.choices[question]
            let numbers = try ElementVector(checking: [choice.alpha, choice.beta], in: context.key.group)
            let ciphertext = Ciphertext(alpha: numbers[0], beta: numbers[1])
            guard proofs[question].holds(for: ciphertext, voter: voter.name, in: context) else {
                return "question \(question): the bound proof does not hold"
            }
        }
        return nil
    }
}
