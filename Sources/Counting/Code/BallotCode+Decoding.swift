// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

extension BallotCode {
    /// What a plaintext says (specification of counting, 1.5). Plaintext 0, which no mix gives, reads as 1, as in the original.
    package func decode(_ plaintext: Plaintext) -> DecodedBallot {
        var ballot = DecodedBallot(of: self)
        decode(plaintext, into: &ballot)
        return ballot
    }

    func decode(_ plaintext: Plaintext, into ballot: inout DecodedBallot) {
        ballot.fault = fault
        switch plaintext {
        case .small(let number): decodeWord(number > 0 ? number - 1 : 0, into: &ballot)
        case .large(let number): decodeLong(number - 1, into: &ballot)
        }
    }

    private func decodeWord(_ number: UInt, into ballot: inout DecodedBallot) {
        ballot.isFlagged = number & 1 == 1
        var rest = number >> 1
        for index in columns.indices {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: columns[index].base)
            ballot.digits[index] = digit
            rest = quotient
        }
        take(rest: rest == 0 ? [] : [rest], into: &ballot)
    }

    private func decodeLong(_ number: BigInteger, into ballot: inout DecodedBallot) {
        var rest = MixedRadixNumber(number)
        ballot.isFlagged = rest.removeDigit(base: 2) == 1
        for run in runs {
            var part = rest.removeDigit(base: run.product)
            for index in run.columns {
                let (quotient, digit) = part.quotientAndRemainder(dividingBy: columns[index].base)
                ballot.digits[index] = digit
                part = quotient
            }
        }
        take(rest: rest.limbs, into: &ballot)
    }

    /// What is left behind the columns: nothing, or the bytes of the names, least significant first, a zero byte behind each.
    private func take(rest: [UInt], into ballot: inout DecodedBallot) {
        for index in ballot.names.indices { ballot.names[index] = "" }
        guard carriesNames else {
            if !rest.isEmpty { ballot.fault = ballot.fault ?? .tooBig }
            return
        }
        // Without a write-in answer the original ignores the rest.
        guard !rest.isEmpty, !writeIns.isEmpty else { return }
        var bytes = rest.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> (8 * UInt($0))) } }
        while bytes.last == 0 { bytes.removeLast() }
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count <= writeIns.count else {
            ballot.fault = ballot.fault ?? .tooManyNames
            return
        }
        for (index, part) in parts.enumerated() {
            guard let name = String(validating: part, as: UTF8.self) else {
                ballot.fault = ballot.fault ?? .notUTF8
                return
            }
            ballot.names[index] = name
        }
    }
}
