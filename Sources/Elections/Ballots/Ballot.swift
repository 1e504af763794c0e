// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import GroupArithmetic
import StrictJSON

/// One voter's choices, as the numbers that stand in a line of a votes file (specification of the tally, 1.7).
///
/// - Invariant: the numbers are canonical and in range (7.1, point 2). Membership, proofs and repetitions are not checked
///   here but by ``BallotReview``, many at a time.
package struct Ballot: Sendable, Equatable {
    package struct Choice: Sendable, Equatable {
        /// 1 <= alpha < p.
        package let alpha: BigInteger
        /// 1 <= beta < p.
        package let beta: BigInteger

        package init(alpha: BigInteger, beta: BigInteger) {
            self.alpha = alpha
            self.beta = beta
        }
    }

    /// One a question, in order.
    package let choices: [Choice]
    /// One a question, in order.
    package let proofs: [PlaintextKnowledgeProof]
    /// One a question, in order; nil where nobody asks for them.
    package let boundProofs: [BoundKnowledgeProof]?
    package let issueDate: String

    /// - Precondition: as many choices as proofs of each kind, all in range.
    package init(
        choices: [Choice], proofs: [PlaintextKnowledgeProof], boundProofs: [BoundKnowledgeProof]? = nil,
        issueDate: String
    ) {
        precondition(
            choices.count == proofs.count && choices.count == boundProofs?.count ?? choices.count,
            "\(choices.count) choices with \(proofs.count) proofs")
        self.choices = choices
        self.proofs = proofs
        self.boundProofs = boundProofs
        self.issueDate = issueDate
    }

    /// The text of a ballot as clients write it: compact, keys sorted. Its bytes are what the tracker hashes.
    package var text: [UInt8] {
        let choices = choices.map { choice in
            ["alpha": .string(choice.alpha.decimal), "beta": .string(choice.beta.decimal)] as JSONValue
        }
        let proofs = proofs.enumerated().map { question, proof in
            var object = JSONObject()
            object["challenge"] = .string(proof.challenge.decimal)
            object["commitment"] = .string(proof.commitment.decimal)
            object["response"] = .string(proof.response.decimal)
            if let bound = boundProofs?[question] {
                object["bound"] = [
                    "commitment": .string(bound.commitment.decimal), "response": .string(bound.response.decimal),
                ]
            }
            return JSONValue.object(object)
        }
        let ballot: JSONValue = [
            "choices": .array(choices), "issue_date": .string(issueDate), "proofs": .array(proofs),
        ]
        return ballot.compactBytes
    }

    /// SHA-256 of a ballot's text in lower-case hexadecimal: what the voter keeps (1.10).
    package static func tracker(of text: [UInt8]) -> String { HashFunction.sha256.digest(of: text).hexadecimal }
}

// MARK: Reading

extension Ballot {
    /// Reads the text of a ballot with one choice and one proof for each of `groups`.
    ///
    /// - Parameter bound: whether there have to be bound proofs; else they are not looked at, as the format has it for further
    ///   keys.
    /// - Throws: ``BallotFault`` if it is malformed or a number is not canonical or out of range.
    package init(parsing text: [UInt8], groups: [SafePrimeGroup], bound: Bool = false) throws(BallotFault) {
        do {
            let limits = JSONLimits(byteCount: VotesFile.lineByteLimit, depth: 8)
            let field = JSONField(try JSONValue(parsing: text, limits: limits), name: "the ballot")
            let choices = try field.member("choices").elements(groups.count...groups.count)
            let proofs = try field.member("proofs").elements(groups.count...groups.count)
            self.init(
                choices: try zip(choices, groups).map { try Self.choice($0, in: $1) },
                proofs: try zip(proofs, groups).map { try Self.proof($0, in: $1) },
                boundProofs: bound ? try zip(proofs, groups).map { try Self.boundProof($0, in: $1) } : nil,
                issueDate: try field.optional("issue_date")?.string(maximum: 256) ?? "")
        } catch let error as JSONSyntaxError {
            throw .syntax(error)
        } catch let error as JSONShapeError {
            throw .shape(error)
        } catch {
            throw .form("\(error)")
        }
    }

    private static func choice(_ field: JSONField, in group: SafePrimeGroup) throws(JSONShapeError) -> Choice {
        guard try field.object().count == 2 else {
            throw field.refused(
                found: "an object with \(try field.object().count) keys", expected: "alpha and beta only")
        }
        return Choice(
            alpha: try number(field.member("alpha"), 1, below: group.p, "p"),
            beta: try number(field.member("beta"), 1, below: group.p, "p"))
    }

    private static func proof(
        _ field: JSONField, in group: SafePrimeGroup
    ) throws(JSONShapeError) -> PlaintextKnowledgeProof {
        PlaintextKnowledgeProof(
            challenge: try number(field.member("challenge"), 0, below: challengeLimit, "2^256"),
            commitment: try number(field.member("commitment"), 1, below: group.p, "p"),
            response: try number(field.member("response"), 0, below: group.q, "q"))
    }

    private static func boundProof(
        _ field: JSONField, in group: SafePrimeGroup
    ) throws(JSONShapeError) -> BoundKnowledgeProof {
        let bound = try field.member("bound")
        guard try bound.object().count == 2 else {
            throw bound.refused(
                found: "an object with \(try bound.object().count) keys", expected: "commitment and response only")
        }
        return BoundKnowledgeProof(
            commitment: try number(bound.member("commitment"), 1, below: group.p, "p"),
            response: try number(bound.member("response"), 0, below: group.q, "q"))
    }

    private static let challengeLimit = BigInteger(bigEndian: [1] + [UInt8](repeating: 0, count: 32))

    private static func number(
        _ field: JSONField, _ minimum: BigInteger, below limit: BigInteger, _ name: String
    ) throws(JSONShapeError) -> BigInteger {
        let text = try field.string(maximum: 4096)
        guard let number = BigInteger(canonicalDecimal: text) else {
            throw field.refused(found: text, expected: "a decimal number without sign, space or leading zero")
        }
        guard number >= minimum, number < limit else {
            throw field.refused(found: "out of range", expected: "\(minimum.decimal) to \(name) - 1")
        }
        return number
    }
}
