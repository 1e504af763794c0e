// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

/// Groups in which property tests run in no time. Far too small for elections, and not to be had outside tests.
package enum SmallGroups {
    /// p = 263, q = 131, g = 4: the toy group of the specification's vectors.
    package static let toy = group(p: "107", g: "4")
    /// p of 2 limbs (127 bits).
    package static let twoLimbs = group(p: "7ffffffffffffffffffffffffffff55f", g: "4")
    /// p of 5 limbs (320 bits): the smallest here in which proofs with short but real bit lengths fit.
    package static let fiveLimbs = group(
        p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe35af", g: "4")

    private static func group(p: String, g: String) -> SafePrimeGroup {
        guard let p = BigInteger(hexadecimal: p), let g = BigInteger(hexadecimal: g),
            let group = SafePrimeGroup(modulus: p, generator: g, allowingSmall: true)
        else { preconditionFailure("not a safe-prime group: p = \(p)") }
        return group
    }
}
