// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Orchestration
import Testing

/// One part at a time has another form than the rest of what a peer sends.
@Suite("The form of what a peer sends")
struct EntryFormTests {
    private let election: SampleElection
    private let entry: Entry

    init() throws {
        election = try SampleElection()
        var board = try election.board()
        let blob = BlobReference(name: "a.bt", digest: Digest(of: [3]), byteCount: 5)
        entry = try election.say(.countersignature, by: 2, blobs: [blob], on: &board)
    }

    /// Why an entry is not read of whose content one part is changed: domain, election, question, attempt, kind, author, sequence, inputs,
    /// files, payload.
    private func refusal(signature: [UInt8]? = nil, _ change: (inout [ByteTree]) -> Void) throws -> FieldError? {
        guard case .node(var parts) = try ByteTree(serialized: entry.content.canonicalBytes) else { return nil }
        change(&parts)
        let content = ByteTree.node(parts).serialized
        do throws(FieldError) {
            _ = try Entry(tree: .node([.leaf(content), .leaf(signature ?? entry.signature)]))
            return nil
        } catch { return error }
    }

    @Test("is refused in an entry for any part that has another length, range or number of parts")
    func entries() throws {
        #expect(try refusal { _ in } == nil)
        #expect(try refusal { $0.append(.leaf([])) } == .surplus(1))
        #expect(try refusal { $0.removeLast() } == .missing)
        #expect(try refusal { $0[0] = .string("another") } == .domain(expected: "election authority board entry 1"))
        let long = EntryLimit.electionByteCount + 1
        #expect(
            try refusal { $0[1] = .leaf([UInt8](repeating: 0x61, count: long)) }
                == .tooLong(limit: long - 1, found: long))
        #expect(try refusal { $0[1] = .leaf([0xff]) } == .text)
        #expect(try refusal { $0[2] = .leaf([20]) } == .value("session"))
        #expect(try refusal { $0[2] = .leaf([0, 0]) } == .tooLong(limit: 1, found: 2))
        for place in [3, 5, 6] {
            for count in [7, 9] {
                #expect(
                    try refusal { $0[place] = .leaf([UInt8](repeating: 0, count: count)) }
                        == .length(expected: 8, found: count))
            }
            #expect(try refusal { $0[place] = .leaf([0x40, 0, 0, 0, 0, 0, 0, 0]) } == .number)
            #expect(try refusal { $0[place] = .leaf([UInt8](repeating: 0xff, count: 8)) } == .number)
        }
        #expect(try refusal { $0[4] = .string("word") } == .value("kind"))
        for author in [0, 65] { #expect(try refusal { $0[5] = .number(author) } == .value("author")) }
        #expect(
            try refusal { $0[7] = .node([ByteTree](repeating: .node([]), count: 65)) } == .tooLong(limit: 64, found: 65)
        )
        #expect(
            try refusal { $0[8] = .node([ByteTree](repeating: .node([]), count: 17)) } == .tooLong(limit: 16, found: 17)
        )
        let digest = ByteTree.leaf(Digest(of: [3]).bytes)
        let tooLarge = ByteTree.node([.string("a.bt"), digest, .number(BlobReference.maximumByteCount + 1)])
        #expect(try refusal { $0[8] = .node([tooLarge]) } == .value("blob length"))
        let more = ByteTree.node([.string("a.bt"), digest, .number(5), .leaf([])])
        #expect(try refusal { $0[8] = .node([more]) } == .surplus(1))
        for count in [0, 63, 65] {
            #expect(
                try refusal(signature: [UInt8](repeating: 1, count: count)) { _ in }
                    == .length(expected: 64, found: count))
        }
    }

    @Test(
        "is refused in a protocol whose parties are in another order or not all different, or whose threshold nobody can have"
    )
    func offers() throws {
        let honest = election.offer
        func refusal(_ change: (inout ProtocolOffer) -> Void) -> FieldError? {
            var offer = honest
            change(&offer)
            do throws(FieldError) {
                _ = try ProtocolOffer(payload: offer.payload)
                return nil
            } catch { return error }
        }
        let (first, second) = (honest.parties[0], honest.parties[1])
        func other(name: String? = nil, certificate: Digest? = nil, key: Party? = nil) -> Party {
            Party(
                name: name ?? second.name, certificate: certificate ?? second.certificate,
                signingKey: (key ?? second).signingKey)
        }
        #expect(refusal { _ in } == nil)
        for parties: [Party] in [
            [], [second, first], [first, other(name: first.name)], [first, other(certificate: first.certificate)],
            [first, other(key: first)],
        ] {
            #expect(refusal { $0.parties = parties } == .value("parties"))
        }
        for threshold in [0, 3] { #expect(refusal { $0.threshold = threshold } == .value("threshold")) }
        #expect(refusal { $0.sessions = [] } == .value("sessions"))
    }

    @Test("is kept short enough in a failure for everybody to read, whatever letters it is written in")
    func failures() throws {
        for letter in ["x", "é", "👨‍👩‍👧‍👦", "e\u{301}\u{302}\u{303}"] {
            let failure = Failure(check: "votes.line", message: String(repeating: letter, count: 5000))
            let read = try Failure(payload: failure.payload)
            #expect(read.check == "votes.line" && read.message.unicodeScalars.count == 2000, "\(letter)")
        }
    }
}
