// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import Orchestration

/// What a keeper brings as an authority's key shares: the text of a request and the bytes in it as they are; sealed as anybody can who has the
/// authority's certificate; and in single places of such a message, behind which they meet the right key.
func parsePrivateShares(_ input: [UInt8]) throws {
    let text = Data(input).base64EncodedString()
    for keeper in try ShareKeeping.all.get() {
        for text in [text, String(decoding: input, as: UTF8.self)] {
            try require(try keeper.opened(text) == nil, "a message that nobody sealed for this key is opened")
        }
        if !input.isEmpty {
            try require(
                try keeper.opened(keeper.sealed(input)) == input, "a message opens to something else than was sealed")
        }
        for place in keeper.places {
            let content = try keeper.opened(place.message(with: input))
            if let content, place.leavesContent {
                try require(content == ShareSample.content, "other bytes at \(place.name) make another content")
            }
        }
        // Where that is allowed, whatever is no message for this key is taken as it is.
        try require(try keeper.opened(text, unencrypted: true) == input, "bytes that are not encrypted are changed")
    }
}

/// The key share of one authority of three, in an election with one question. Its secret key is 1, and nothing in it is secret.
enum ShareSample {
    private static let group = Seeds.group
    private static let partyCount = 3

    /// What ``KeySharePackage`` compares with: to the last byte of the secret key.
    private static let comparedCount = content.count - partyCount * group.exponentByteCount

    static let package: KeySharePackage = {
        guard let key = PublicKey(group.generator) else { preconditionFailure("the generator is 1") }
        return KeySharePackage(
            election: "7", authority: "a.example", sessions: ["0-00000000-0000-4000-8000-000000000000"], keys: [key],
            partyCount: partyCount)
    }()

    static let content: [UInt8] = {
        let packed = try? package.packed { _, place in
            for number in 0...partyCount { place[(number + 1) * group.exponentByteCount - 1] = UInt8(number + 1) }
            return true
        }
        guard let packed, package.isGenuine(packed) else { preconditionFailure("the sample is no key share") }
        return packed.withBytes { Array($0) }
    }()

    /// What counts as this authority's key share is it: others' shares are compared by the digest of what left.
    static func check(_ shares: borrowing SecretBytes) throws {
        guard package.isGenuine(shares) else { return }
        let bytes = shares.withBytes { Array($0) }
        try require(
            bytes.count == content.count && bytes.prefix(comparedCount) == content.prefix(comparedCount),
            "other bytes count as this authority's key share")
        let stored = package.share(0, in: shares)
        let again = try package.packed { _, place in
            stored.withBytes { place.copyMemory(from: $0) }
            return true
        }
        try require(again.equals(shares), "a key share is not what was stored of it")
    }
}
