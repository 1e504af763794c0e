// SPDX-License-Identifier: Apache-2.0

/// What `descr` of protInfo.xml binds every proof of the session to (specification of the tally, 7.5).
package struct SessionBinding: Sendable, Equatable {
    /// SHA-256 of questions_json.
    package let questionsDigest: [UInt8]
    /// SHA-256 of the election request, compact with sorted keys.
    package let requestDigest: [UInt8]
    /// Whether every ballot has to have bound proofs: who has the tally alone does not have the request.
    package let requiresBoundProofs: Bool

    package init(questionsDigest: [UInt8], requestDigest: [UInt8], requiresBoundProofs: Bool) {
        self.questionsDigest = questionsDigest
        self.requestDigest = requestDigest
        self.requiresBoundProofs = requiresBoundProofs
    }

    private static let form = BindingForm(first: "questions_json", second: "election_request")
    private static let boundProofs = " ballot_proofs=bound"

    package var text: String {
        Self.form.text(questionsDigest, requestDigest) + (requiresBoundProofs ? Self.boundProofs : "")
    }

    /// Nil for text of any other form, which is no fault: others write what they like there.
    package init?(_ text: String) {
        let requiresBoundProofs = text.hasSuffix(Self.boundProofs)
        let digests = requiresBoundProofs ? String(text.dropLast(Self.boundProofs.count)) : text
        guard let (first, second) = Self.form.parts(of: digests), first.count == 32, second.count == 32 else {
            return nil
        }
        self.init(questionsDigest: first, requestDigest: second, requiresBoundProofs: requiresBoundProofs)
    }
}

/// What `pdescr` of a party binds every proof of the session to.
package struct PartyBinding: Sendable, Equatable {
    /// SHA-256 of the authority's certificate in DER.
    package let certificateDigest: [UInt8]
    /// The key that its board entries are signed with, 1 to 256 bytes.
    package let signingKey: [UInt8]

    package init(certificateDigest: [UInt8], signingKey: [UInt8]) {
        self.certificateDigest = certificateDigest
        self.signingKey = signingKey
    }

    private static let form = BindingForm(first: "certificate", second: "signing_key")

    package var text: String { Self.form.text(certificateDigest, signingKey) }

    package init?(_ text: String) {
        guard let (first, second) = Self.form.parts(of: text), first.count == 32, (1...256).contains(second.count)
        else {
            return nil
        }
        self.init(certificateDigest: first, signingKey: second)
    }
}

/// `first=HEX second=HEX`, lower case.
private struct BindingForm {
    let first: String
    let second: String

    func text(_ a: [UInt8], _ b: [UInt8]) -> String { "\(first)=\(a.hexadecimal) \(second)=\(b.hexadecimal)" }

    func parts(of text: String) -> ([UInt8], [UInt8])? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 2, fields[0].hasPrefix(first + "="), fields[1].hasPrefix(second + "="),
            let a = [UInt8](hexadecimal: fields[0].dropFirst(first.count + 1)),
            let b = [UInt8](hexadecimal: fields[1].dropFirst(second.count + 1))
        else { return nil }
        return (a, b)
    }
}

extension [UInt8] {
    /// Two lower-case digits a byte.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads lower-case digits, two a byte; nil for anything else.
    package init?(hexadecimal text: some StringProtocol) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let nibble: UInt8
            switch digit {
            case 0x30...0x39: nibble = digit - 0x30
            case 0x61...0x66: nibble = digit - 0x61 + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        guard high == nil else { return nil }
        self = bytes
    }
}
