// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
import CGroupKernels

/// The group of quadratic residues modulo a safe prime p = 2q + 1: prime order q, generator g.
///
/// Two groups are equal if their p and g are.
///
/// - Invariant: p is odd, q = (p - 1) / 2, g is a residue and not 1. That p and q are prime is proved for the named groups by
///   a test, and checked by ``init(modulus:generator:)`` for any other.
/// - SeeAlso: specification of the published tally, sections 2.1 and 3.4.
public final class SafePrimeGroup: Sendable {
    /// The name that requests and configurations use, if the group has one.
    public let name: String?
    public let p: BigInteger
    public let q: BigInteger

    package let elements: Modulus
    package let exponents: Modulus
    private let generatorNumber: BigInteger
    private let counts: OperationCounts?

    /// Takes numbers that are known to make a safe-prime group.
    init(
        name: String?, trusted p: BigInteger, generator g: BigInteger, kernel: Kernel = .chosen,
        counts: OperationCounts? = nil
    ) {
        self.name = name
        self.p = p
        q = p.half
        elements = Modulus(p, kernel: kernel)
        exponents = Modulus(q, kernel: kernel)
        generatorNumber = g
        self.counts = counts
    }

    /// The same group, computed by that kernel: for comparing kernels.
    package func computed(by kernel: Kernel) -> SafePrimeGroup {
        SafePrimeGroup(name: name, trusted: p, generator: generatorNumber, kernel: kernel)
    }

    /// The same group, whose operations are counted.
    package func counted(by counts: OperationCounts) -> SafePrimeGroup {
        SafePrimeGroup(name: name, trusted: p, generator: generatorNumber, kernel: elements.kernel, counts: counts)
    }

    func count(_ operation: Operation, _ number: Int) { counts?.add(operation, number) }

    /// Takes numbers from outside and checks all that a group is: p and p/2 prime, 2 <= g < p a residue.
    ///
    /// - Complexity: two primality tests, seconds for a large p; the named groups need none.
    /// - Returns: `nil` for anything else, among it p below 2048 bits unless `allowingSmall`, which is for tests.
    package convenience init?(modulus p: BigInteger, generator g: BigInteger, allowingSmall: Bool = false) {
        guard p.isOdd, p > 5, p.bitCount <= 8192, allowingSmall || p.bitCount >= 2048 else { return nil }
        guard p.isProbablyPrime(), p.half.isProbablyPrime() else { return nil }
        self.init(name: nil, trusted: p, generator: g)
        guard g > 1, isMember(g) else { return nil }
    }

    /// The generator g.
    public var generator: GroupElement { GroupElement(member: generatorNumber, of: self) }

    /// Bytes of a group element in a byte tree: κ_p of section 3.2.
    public var elementByteCount: Int { p.bitCount / 8 + 1 }
    /// Bytes of an exponent in a byte tree: κ_q of section 3.2.
    public var exponentByteCount: Int { q.bitCount / 8 + 1 }

    /// `number` as an element, if it is one: 1 <= number < p with Jacobi symbol 1.
    public func element(_ number: BigInteger) -> GroupElement? {
        isMember(number) ? GroupElement(member: number, of: self) : nil
    }

    private func isMember(_ number: BigInteger) -> Bool {
        count(.membership, 1)
        return number < p
            && eo_first_nonresidue_vartime(elements.pointer, number.limbs(count: elements.limbCount), 1) == 1
    }

    /// marshal(G) of section 3.4, which stands in FullPublicKey.bt and, in hexadecimal, in protInfo.xml.
    public var marshalled: ByteTree {
        .node([
            .string(SafePrimeGroup.className),
            .node([
                .leaf(p.minimalTwosComplement), .leaf(q.minimalTwosComplement),
                .leaf(generatorNumber.bytes(count: elementByteCount)), .integer(SafePrimeGroup.encoding),
            ]),
        ])
    }

    /// The text in front of the `::` of a group description in protInfo.xml.
    public var label: String {
        "\(SafePrimeGroup.className)(safe-prime modulus=2*order+1. order bit-length = \(q.bitCount))"
    }

    package static let className = "mixnet.arithm.ModPGroup"
    /// The encoding of messages that goes with safe primes.
    package static let encoding: UInt32 = 1
}

extension SafePrimeGroup: Equatable {
    public static func == (left: SafePrimeGroup, right: SafePrimeGroup) -> Bool {
        left === right || left.p == right.p && left.generatorNumber == right.generatorNumber
    }
}
