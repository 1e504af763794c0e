// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Elections
import GroupArithmetic

extension Seeds {
    static let group = SafePrimeGroup.sequent2048

    /// r of ciphertext i: nothing in a seed is secret.
    private static func randomness(_ index: Int) -> Exponent {
        Exponent(reducing: BigInteger(UInt(1000 + index)), in: group)
    }

    /// Ciphertexts of nothing in particular, with their proofs.
    static func encrypted(_ count: Int) throws -> (CiphertextVector, [PlaintextKnowledgeProof]) {
        guard let key = PublicKey(group.generator) else { throw BrokenInvariant(description: "the generator is 1") }
        let encryption = Encryption(under: key)
        let exponents = ExponentVector((0..<count).map(randomness), in: group)
        let nonces = ExponentVector((0..<count).map { randomness($0 + count) }, in: group)
        let plaintexts = ElementVector(Array(repeating: group.generator, count: count), in: group)
        let ciphertexts = encryption.encrypt(plaintexts, randomness: exponents)
        let proofs = PlaintextKnowledgeProof.prove(
            ciphertexts.alphas, randomness: exponents, nonces: nonces, with: encryption)
        return (ciphertexts, proofs)
    }

    static func byteTrees() throws -> [String: [UInt8]] {
        var (list, exponents): ([UInt8], [UInt8]) = ([], [])
        try encrypted(2).0.write(to: &list)
        ExponentVector([Exponent(reducing: 5, in: group), Exponent(reducing: 0, in: group)], in: group)
            .write(to: &exponents)
        let deep = (0..<8).reduce(ByteTree.leaf([7])) { tree, _ in .node([tree]) }
        let wide = ByteTree.node(Array(repeating: .leaf([]), count: 40) + [.node([.string("label"), .integer(9)])])
        return [
            "ciphertexts": list, "exponents": exponents, "deep": deep.serialized, "wide": wide.serialized,
            // Each announces as many children as five bytes each would allow.
            "announced": (0..<7).flatMap { [0, 0, 0, 0, UInt8(40 - 5 * $0)] } + [1, 0, 0, 0, 1, 9],
            "empty": [0, 0, 0, 0, 0],
        ]
    }

    static func protocolInfo() throws -> [String: [UInt8]] {
        let parties = ["a.example", "b.example"].map { name in
            ProtocolInfo.Party(
                name: name,
                description: PartyBinding(
                    certificateDigest: [UInt8](repeating: 1, count: 32), signingKey: [UInt8](repeating: 2, count: 32)
                ).text, publicKey: "key & <more>", http: "https://\(name):4081", hint: "\(name):4081")
        }
        let binding = SessionBinding(
            questionsDigest: [UInt8](repeating: 3, count: 32), requestDigest: [UInt8](repeating: 4, count: 32),
            requiresBoundProofs: true)
        let info = try ProtocolInfo(
            sessionID: "0-00000000-0000-4000-8000-000000000000", electionName: "7", description: binding.text,
            threshold: 2, group: group, parties: parties)
        let text = String(decoding: info.bytes, as: UTF8.self)
        let external = "<!DOCTYPE protocol [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        let bomb =
            "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>"
        return [
            "ours": info.bytes, "commented": Array(text.replacing("<party>", with: "<!-- a -->\n<party>").utf8),
            "external-entity": Array((external + text.replacing("7</name>", with: "&x;</name>")).utf8),
            "entity-bomb": Array((bomb + text.replacing("7</name>", with: "&c;</name>")).utf8),
            "nested": Array((String(repeating: "<protocol>", count: 400) + text).utf8),
            "declared": Array(("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + text).utf8),
        ]
    }

    static func ballots() throws -> [String: [UInt8]] {
        let (ciphertexts, proofs) = try encrypted(3)
        func text(_ index: Int, bound: [BoundKnowledgeProof]? = nil) -> String {
            let choice = Ballot.Choice(alpha: ciphertexts.alphas[index].value, beta: ciphertexts.betas[index].value)
            let ballot = Ballot(
                choices: [choice], proofs: [proofs[index]], boundProofs: bound, issueDate: "2026-01-02T03:04:05")
            return String(decoding: ballot.text, as: UTF8.self)
        }
        let texts = (0..<3).map { text($0) }
        let bound = ballotContexts.map { contexts in
            BoundKnowledgeProof.prove(
                ciphertexts[0], randomness: randomness(0), nonce: randomness(9), voter: "voter", in: contexts[0])
        }
        let quoted = texts.map { "\"\($0.replacing("\"", with: "\"\""))\"" }
        func file(_ lines: [String]) -> [UInt8] { lines.flatMap { Array(($0 + "\n").utf8) } }
        let small =
            #"{"choices":[{"alpha":"4","beta":"9"}],"proofs":[{"challenge":"0","commitment":"1","response":"0"}]}"#
        return [
            "bare": file([texts[0], texts[1]]), "plain": file([texts[0] + "|voter-1.1", texts[0] + "|voter-1.2"]),
            "quoted": file([quoted[0] + "|a@example.1\r", quoted[2] + "|b@example.1\r"]),
            "bound": file([text(0, bound: bound.map { [$0] }) + "|voter.1"]),
            "copied": file([texts[0] + "|a.1", texts[0] + "|b.1"]), "small": file([small]),
        ]
    }
}
