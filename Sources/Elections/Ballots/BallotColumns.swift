// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import GroupArithmetic
import StrictJSON

/// One question's part of many ballots, in decimal: what their texts are put together from.
package struct BallotColumns: Sendable {
    private let alphas: DecimalColumn
    private let betas: DecimalColumn
    private let challenges: DecimalColumn
    private let commitments: DecimalColumn
    private let responses: DecimalColumn
    private let bound: (commitments: DecimalColumn, responses: DecimalColumn)?

    /// What bound proofs take besides what every ballot has.
    package struct Binding: Sendable {
        fileprivate let context: BallotContext
        fileprivate let nonces: ExponentVector
        fileprivate let voter: @Sendable (Int) -> [UInt8]

        /// - Parameters:
        ///   - nonces: uniform in 0..<q, never used twice, for no other proof either; secret.
        ///   - voter: the opaque id of the voter who casts the i-th ballot.
        package init(to context: BallotContext, nonces: ExponentVector, voter: @escaping @Sendable (Int) -> [UInt8]) {
            self.context = context
            self.nonces = nonces
            self.voter = voter
        }
    }

    /// Encrypts plaintexts, makes the proofs that go with the ciphertexts, and all texts.
    ///
    /// - Parameters:
    ///   - randomness: uniform in 0..<q, never used twice; secret.
    ///   - nonces: likewise.
    ///   - binding: nil for ballots without bound proofs.
    /// - Complexity: three fixed-base exponentiations and five conversions each, on all cores; with bound proofs one and two more.
    package init(
        encrypting plaintexts: ElementVector, randomness: ExponentVector, nonces: ExponentVector,
        binding: Binding? = nil, with encryption: Encryption
    ) {
        let (ciphertexts, commitments) = encryption.encrypt(
            plaintexts, randomness: randomness, nonces: [nonces] + (binding.map { [$0.nonces] } ?? []))
        let (alphas, betas) = (DecimalColumn(ciphertexts.alphas), DecimalColumn(ciphertexts.betas))
        let proofs = PlaintextKnowledgeProofs(
            proving: alphas, randomness: randomness, commitments: commitments[0], nonces: nonces)
        self.commitments = proofs.commitmentTexts
        challenges = DecimalColumn(proofs.challenges)
        responses = DecimalColumn(proofs.responses)
        bound = binding.map { binding in
            let proofs = PlaintextKnowledgeProofs(
                binding: alphas, betas, randomness: randomness, commitments: commitments[1], nonces: binding.nonces,
                context: binding.context, voter: binding.voter)
            return (proofs.commitmentTexts, DecimalColumn(proofs.responses))
        }
        self.alphas = alphas
        self.betas = betas
    }

    fileprivate func appendChoice(_ index: Int, to text: inout [UInt8]) {
        text.append("{\"alpha\":\"")
        text.append(alphas, index)
        text.append("\",\"beta\":\"")
        text.append(betas, index)
        text.append("\"}")
    }

    fileprivate func appendProof(_ index: Int, to text: inout [UInt8]) {
        text.append("{")
        if let bound {
            text.append("\"bound\":{\"commitment\":\"")
            text.append(bound.commitments, index)
            text.append("\",\"response\":\"")
            text.append(bound.responses, index)
            text.append("\"},")
        }
        text.append("\"challenge\":\"")
        text.append(challenges, index)
        text.append("\",\"commitment\":\"")
        text.append(commitments, index)
        text.append("\",\"response\":\"")
        text.append(responses, index)
        text.append("\"}")
    }
}

extension Ballot {
    /// Appends what ``text`` is for ballot `index` of these columns, one a question.
    package static func appendText(
        of index: Int, _ columns: [BallotColumns], issueDate: String, to text: inout [UInt8]
    ) {
        text.append("{\"choices\":[")
        for (question, column) in columns.enumerated() {
            if question > 0 { text.append(",") }
            column.appendChoice(index, to: &text)
        }
        text.append("],\"issue_date\":")
        text += JSONValue.string(issueDate).compactBytes
        text.append(",\"proofs\":[")
        for (question, column) in columns.enumerated() {
            if question > 0 { text.append(",") }
            column.appendProof(index, to: &text)
        }
        text.append("]}")
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate mutating func append(_ column: DecimalColumn, _ index: Int) {
        column.withDigits(index) { append(contentsOf: $0) }
    }
}
