// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic

extension ProtocolInfo {
    private static let byteLimit = 1 << 20
    private static let partyLimit = 99

    /// Reads protInfo.xml strictly: exactly the elements of 4.1 in their order, no attributes, canonical numbers, a known
    /// group, and bit lengths that make the proofs sound.
    ///
    /// - Throws: ``ProtocolInfoError`` for the first thing that is wrong.
    package init(parsing bytes: [UInt8]) throws(ProtocolInfoError) {
        guard bytes.count <= Self.byteLimit else { throw .tooLarge(byteCount: bytes.count, limit: Self.byteLimit) }
        var xml = ElementOnlyXML(bytes)
        try xml.open("protocol")
        try Self.expect("0.1", in: "version", of: &xml)
        sessionID = try xml.text("sid")
        guard Self.isSessionID(sessionID) else {
            throw .value(element: "sid", found: sessionID, expected: "1 to 64 letters, digits, _ or -")
        }
        electionName = try xml.text("name")
        description = try xml.text("descr")
        let partyCount = try Self.number("nopart", 1...Self.partyLimit, &xml)
        threshold = try Self.number("thres", 1...partyCount, &xml)
        let groupText = try xml.text("pgroup")
        do throws(GroupDescriptionError) {
            group = try GroupDescription.group(in: groupText)
        } catch { throw .group(error) }
        try Self.expect("1", in: "width", of: &xml)
        _ = try xml.text("inter")
        maximumCiphertexts = try Self.number("maxciph", 0...100_000_000, &xml)
        statisticalDistance = try Self.number("statdist", 100...4096, &xml)
        _ = try Self.number("cbitlen", 0...4096, &xml)
        challengeBitCount = try Self.number("cbitlenro", 128...4096, &xml)
        _ = try Self.number("vbitlen", 0...4096, &xml)
        batchBitCount = try Self.number("vbitlenro", 128...4096, &xml)
        let sum = statisticalDistance + challengeBitCount + batchBitCount
        guard sum < group.q.bitCount else {
            throw .value(
                element: "statdist + cbitlenro + vbitlenro", found: "\(sum)",
                expected: "less than the \(group.q.bitCount) bits of the group's order")
        }
        generatorHash = try Self.hash("prg", &xml)
        oracleHash = try Self.hash("rohash", &xml)
        try Self.expect("noninteractive", in: "corr", of: &xml)
        var parties: [Party] = []
        while try xml.isAt("party"), parties.count < Self.partyLimit { parties.append(try Self.party(&xml)) }
        try xml.close("protocol")
        try xml.end()
        guard parties.count == partyCount else {
            throw .value(element: "nopart", found: "\(partyCount)", expected: "\(parties.count), the number of parties")
        }
        self.parties = parties
        self.bytes = bytes
    }

    private static func party(_ xml: inout ElementOnlyXML) throws(ProtocolInfoError) -> Party {
        try xml.open("party")
        _ = try xml.text("srtbyrole")
        let party = Party(
            name: try xml.text("name"), description: try xml.text("pdescr"), publicKey: try xml.text("pkey"),
            http: try xml.text("http"), hint: try xml.text("hint"))
        try xml.close("party")
        return party
    }

    private static func expect(
        _ value: String, in element: String, of xml: inout ElementOnlyXML
    ) throws(ProtocolInfoError) {
        let found = try xml.text(element)
        guard found == value else { throw .value(element: element, found: found, expected: value) }
    }

    private static func number(
        _ element: String, _ range: ClosedRange<Int>, _ xml: inout ElementOnlyXML
    ) throws(ProtocolInfoError) -> Int {
        let text = try xml.text(element)
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            throw .value(
                element: element, found: text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func hash(
        _ element: String, _ xml: inout ElementOnlyXML
    ) throws(ProtocolInfoError) -> HashFunction {
        let text = try xml.text(element)
        guard let hash = HashFunction(rawValue: text) else {
            throw .value(element: element, found: text, expected: "SHA-256, SHA-384 or SHA-512")
        }
        return hash
    }
}
