// SPDX-License-Identifier: Apache-2.0

// The groups that elections may use. Their numbers are written out, and a test proves p and q prime, g a generator, and
// that they come from where it is said they come from.

extension SafePrimeGroup {
    /// Every named group, smallest first.
    public static let named: [SafePrimeGroup] = [sequent2048, ffdhe2048, ffdhe3072, ffdhe4096]

    /// The group with that name, if it is one of ``named``.
    public static func named(_ name: String) -> SafePrimeGroup? { named.first { $0.name == name } }

    /// The group of all existing published tallies: p has 2049 bits.
    ///
    /// Source: their protInfo.xml. g comes from p as section 2.1 of the specification of the published tally says.
    public static let sequent2048 = constant(
        "sequent2048",
        p: """
            188cb0fcd7f00ffd629ee7c0426036c09cd1ae4576e3cde79680733bd13b0b1ef6ace0082d1cc0839d8d8f89d302570d
            cd4b7178fd8edfd54166d891b5f5b435c0cba214c471dda545897a12a9b53956fb76a6d647295011bec650e0609b50f9
            7ffa16201ffd5b6368083965abf0a2f73ae0c2a9dc315ca63253df511176551961440aebbee1495c5bf318b9228c7793
            8c4508063048161e9e4d83cbec3a3c16d856d1cf4d5f5c10d979476b39cd3541786fbc22d12326d8c66119a847c360e3
            6294d4e1d14b1f80757f9fbfec49146e86b60130ecda55ac889aa733198a849946656c37cb5cbe3fd60d92900476ee6a
            9dac4825d89296fb5601a357de2121537
            """,
        g: """
            d7ebb637de2d1122a2a013e37fa08c2ed2aebfbfc3661bfcf852e836b9ed1bf67558183f00e2bc6b9ba1de3606249f61
            4cdbc7bfaf8e9fd804f8bf126ec8a08f18a37647be03aeced8900202ec21411054aa0fed94f823eb92db8fb3a4e1ac3c
            f418df5cf71612e5f58252afa8dcc79c4c3a4804257618312555df143d932ef647562cf9751b42c8752e5a7d2e5e8032
            7d626bb72bc375be8ab47e35b17130691e1279b7681145cdfe0c273f5be00c0abf8dfaa566935555b4c6f1dc3fefceaf
            c9b805da9d014d1e6810b6d92f80220d9c8ce480d959e9f9264f7ea253222364a7a31d6a9bd661ed204dd813d6c1d22a
            77f4d683dc6d43ddd12bf732033a1ddb
            """)

    /// RFC 7919, appendix A.1: p = 2^2048 - 2^1984 + (floor(2^1918 e) + 560316) 2^64 - 1, g = 2.
    public static let ffdhe2048 = constant(
        "ffdhe2048",
        p: """
            ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9
            7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935
            984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb
            b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61
            9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa
            886b423861285c97ffffffffffffffff
            """,
        g: "2")

    /// RFC 7919, appendix A.2: p = 2^3072 - 2^3008 + (floor(2^2942 e) + 2625351) 2^64 - 1, g = 2.
    public static let ffdhe3072 = constant(
        "ffdhe3072",
        p: """
            ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9
            7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935
            984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb
            b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61
            9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa
            886b4238611fcfdcde355b3b6519035bbc34f4def99c023861b46fc9d6e6c9077ad91d2691f7f7ee598cb0fac186d91c
            aefe130985139270b4130c93bc437944f4fd4452e2d74dd364f2e21e71f54bff5cae82ab9c9df69ee86d2bc522363a0d
            abc521979b0deada1dbf9a42d5c4484e0abcd06bfa53ddef3c1b20ee3fd59d7c25e41d2b66c62e37ffffffffffffffff
            """,
        g: "2")

    /// RFC 7919, appendix A.3: p = 2^4096 - 2^4032 + (floor(2^3966 e) + 5736041) 2^64 - 1, g = 2.
    public static let ffdhe4096 = constant(
        "ffdhe4096",
        p: """
            ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef9
            7d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935
            984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fb
            b96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61
            9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa
            886b4238611fcfdcde355b3b6519035bbc34f4def99c023861b46fc9d6e6c9077ad91d2691f7f7ee598cb0fac186d91c
            aefe130985139270b4130c93bc437944f4fd4452e2d74dd364f2e21e71f54bff5cae82ab9c9df69ee86d2bc522363a0d
            abc521979b0deada1dbf9a42d5c4484e0abcd06bfa53ddef3c1b20ee3fd59d7c25e41d2b669e1ef16e6f52c3164df4fb
            7930e9e4e58857b6ac7d5f42d69f6d187763cf1d5503400487f55ba57e31cc7a7135c886efb4318aed6a1e012d9e6832
            a907600a918130c46dc778f971ad0038092999a333cb8b7a1a1db93d7140003c2a4ecea9f98d0acc0a8291cdcec97dcf
            8ec9b55a7f88a46b4db5a851f44182e1c68a007e5e655f6affffffffffffffff
            """,
        g: "2")

    private static func constant(_ name: String, p: String, g: String) -> SafePrimeGroup {
        guard let p = BigInteger(hexadecimal: p), let g = BigInteger(hexadecimal: g) else {
            preconditionFailure("the constant \(name) is not written in hexadecimal")
        }
        return SafePrimeGroup(name: name, trusted: p, generator: g)
    }
}
