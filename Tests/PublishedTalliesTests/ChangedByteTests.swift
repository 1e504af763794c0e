// SPDX-License-Identifier: Apache-2.0

import Foundation
import PublishedTallies
import TestSupport
import Testing

@Suite("A change of any single byte that a proof needs is found")
struct ChangedByteTests {
    /// Which check may name a change of a file, and of which authority.
    static func expected(_ name: String) -> (names: Set<VerificationCheck.Name>, party: Int?) {
        let file = name.split(separator: "/").last.map(String.init) ?? name
        let party = Int(file.dropLast(3).suffix(2))
        let stem = file.prefix { !$0.isNumber && $0 != "." }
        switch stem {
        case "FullPublicKey", "PublicKey": return ([.keys], nil)
        case "CiphertextList" where party == 0: return ([.input, .shuffle], nil)
        case "CiphertextList", "CCPoSCommitment", "CCPoSReply": return ([.shuffle], party)
        case "PermutationCommitment", "PoSCommitment", "PoSReply", "KeepList": return ([.permutation], party)
        case "DecryptionFactors", "DecrFactCommitment", "DecrFactReply": return ([.decryption], party)
        case "PlaintextElements": return ([.decrypted], nil)
        case "plaintexts_json": return ([.plaintexts], nil)
        case "pubkeys_json": return ([.publicKeys], nil)
        // Any byte of protInfo.xml changes every challenge, also one in a comment.
        case "protInfo": return ([.protocolInfo, .permutation, .keys], nil)
        default: return ([], nil)
        }
    }

    static func check(_ original: TallyFiles, positions: Int, random: inout SeededRandomSource) throws {
        for name in original.files where !expected(name).names.isEmpty {
            let bytes = try #require(original[name])
            let spread = (0..<positions).map { $0 * (bytes.count - 1) / max(1, positions - 1) }
            let anywhere = Int(random.next() % UInt64(bytes.count))
            for position in Set(spread + [0, anywhere]) {
                var changed = original
                changed[name]?[position] ^= 1 << UInt8(random.next() % 8)
                let first = try changed.verified(VerificationOptions(skipsRecount: true)).failures.first
                let (names, party) = expected(name)
                let place = "\(name), byte \(position): \(first?.failure ?? "accepted")"
                #expect(first.map { names.contains($0.name) } == true, "\(place)")
                if let party { #expect(first?.party == party, "\(place)") }
            }
        }
    }

    @Test("in a tally that Sequent's system published", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func published() throws {
        var random = SeededRandomSource()
        let files = try TallyFiles(shared: "sequent/8.tar")
        #expect(try files.verified().isAccepted)
        try Self.check(files, positions: 4, random: &random)
    }

    @Test("in a tally with two questions that our authorities made")
    func made() throws {
        var random = SeededRandomSource()
        var files = try TallyFiles(MadeElection.shared.get().archive)
        // One question's proofs in full, of the other what stays.
        let whole = files
        for name in files.names where name.hasPrefix("1-") { files[name] = nil }
        for name in files.files where name.hasPrefix("0-") || name == "pubkeys_json" {
            var only = whole
            only[name]?[Int(random.next() % UInt64(try #require(whole[name]).count))] ^= 1
            let (names, _) = Self.expected(name)
            let first = try only.verified().failures.first
            #expect(first.map { names.contains($0.name) } == true, "\(name): \(first?.failure ?? "accepted")")
        }
    }
}
