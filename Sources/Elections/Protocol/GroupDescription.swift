// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import GroupArithmetic

/// A group as protInfo.xml writes it: a label, `::`, and the byte tree in hexadecimal (specification of the tally, 3.4).
package enum GroupDescription {
    package static func text(of group: SafePrimeGroup) -> String {
        group.label + "::" + group.marshalled.serialized.hexadecimal
    }

    /// Only a group that has a name here is taken: the four of the contract, whose numbers are known to be prime.
    package static func group(in text: String) throws(GroupDescriptionError) -> SafePrimeGroup {
        guard let bytes = bytes(in: text) else { throw .notHexadecimal }
        let tree: ByteTree
        do { tree = try ByteTree(serialized: bytes) } catch { throw .notAByteTree("\(error)") }
        if let group = SafePrimeGroup.named.first(where: { $0.marshalled == tree }) { return group }
        throw fault(of: tree)
    }

    private static func bytes(in text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        let end = characters.indices.dropFirst().last {
            characters[$0] == UInt8(ascii: ":") && characters[$0 - 1] == UInt8(ascii: ":")
        }
        guard let end, end + 1 < characters.count else { return nil }
        return [UInt8](hexadecimal: String(decoding: characters[(end + 1)...], as: UTF8.self))
    }

    /// Says what is wrong with a description that is none of a known group.
    private static func fault(of tree: ByteTree) -> GroupDescriptionError {
        guard case .node(let parts) = tree, parts.count == 2, case .node(let numbers) = parts[1], numbers.count == 4,
            case .leaf(let p) = numbers[0], case .leaf(let q) = numbers[1]
        else { return .notCanonical("another shape than a group of safe-prime order") }
        guard parts[0] == .string(SafePrimeGroup.className) else {
            return .notCanonical("another class than ModPGroup")
        }
        guard let modulus = BigInteger(minimalTwosComplement: p), BigInteger(minimalTwosComplement: q) != nil else {
            return .notCanonical("numbers in more bytes than they need")
        }
        guard numbers[3] == .integer(SafePrimeGroup.encoding) else { return .notCanonical("another encoding than 1") }
        return .unknownGroup(modulusBitCount: modulus.bitCount)
    }
}
