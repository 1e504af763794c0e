// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
internal import GroupArithmetic

/// Why a proof file's bytes were refused, in words; the caller knows the file.
struct ProofReadingError: Error {
    let reason: String

    init(_ error: ByteTreeError) { reason = error.description }
    init(_ error: VectorError) { reason = error.description }
    init(_ error: CiphertextVectorError) { reason = error.description }
    init(reason: String) { self.reason = reason }
}

extension ByteTreeReader {
    mutating func nodeOf(_ count: Int) throws(ProofReadingError) {
        do throws(ByteTreeError) { try node(of: count) } catch { throw ProofReadingError(error) }
    }

    mutating func element(in group: SafePrimeGroup) throws(ProofReadingError) -> GroupElement {
        let bytes: [UInt8]
        do throws(ByteTreeError) { bytes = try leaf(of: group.elementByteCount) } catch {
            throw ProofReadingError(error)
        }
        guard let element = group.element(BigInteger(bigEndian: bytes)) else {
            throw ProofReadingError(reason: "a number is not an element of the group")
        }
        return element
    }

    mutating func exponent(in group: SafePrimeGroup) throws(ProofReadingError) -> Exponent {
        let bytes: [UInt8]
        do throws(ByteTreeError) { bytes = try leaf(of: group.exponentByteCount) } catch {
            throw ProofReadingError(error)
        }
        guard let exponent = Exponent(canonical: BigInteger(bigEndian: bytes), in: group) else {
            throw ProofReadingError(reason: "a number is not below the group's order")
        }
        return exponent
    }

    mutating func elements(_ count: Int, in group: SafePrimeGroup) throws(ProofReadingError) -> ElementVector {
        do throws(VectorError) { return try ElementVector(reading: &self, count: count, in: group) } catch {
            throw ProofReadingError(error)
        }
    }

    mutating func exponents(_ count: Int, in group: SafePrimeGroup) throws(ProofReadingError) -> ExponentVector {
        do throws(VectorError) { return try ExponentVector(reading: &self, count: count, in: group) } catch {
            throw ProofReadingError(error)
        }
    }

    mutating func ciphertext(in group: SafePrimeGroup) throws(ProofReadingError) -> Ciphertext {
        try nodeOf(2)
        return Ciphertext(alpha: try element(in: group), beta: try element(in: group))
    }

    mutating func ciphertexts(_ count: Int?, in group: SafePrimeGroup) throws(ProofReadingError) -> CiphertextVector {
        do throws(CiphertextVectorError) {
            return try CiphertextVector(reading: &self, count: count, in: group)
        } catch { throw ProofReadingError(error) }
    }
}
