// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@Suite("protInfo.xml, specification 4.1")
struct ProtocolInfoTests {
    let session: ProverSession
    let text: String

    init() throws {
        session = try ProverSession.load()
        text = session.protInfo_xml
    }

    @Test("reads the vectors' file and hashes it to the known prefix")
    func reads() throws {
        let info = try ProtocolInfo(parsing: Array(text.utf8))
        #expect(info.sessionID == "0-vector")
        #expect(info.questionIndex == 0)
        #expect(info.electionName == "8")
        #expect(info.threshold == 2)
        #expect(info.parties.map(\.name) == ["auth1", "auth2"])
        #expect(info.group == .sequent2048)
        #expect(info.statisticalDistance == 100)
        #expect(info.challengeBitCount == 200)
        #expect(info.batchBitCount == 200)
        #expect(info.maximumCiphertexts == 0)
        #expect(info.prefix == session.rho.bytes)
    }

    @Test(
        "refuses each departure from the format and says what was expected",
        arguments: [
            ("<version>0.1<", "<version>0.2<", "version is \"0.2\", expected 0.1"),
            ("<sid>0-vector<", "<sid>../x<", "sid is \"../x\", expected 1 to 64 letters, digits, _ or -"),
            ("<nopart>2<", "<nopart>3<", "nopart is \"3\", expected 2, the number of parties"),
            ("<nopart>2<", "<nopart>02<", "nopart is \"02\", expected a number from 1 to 99"),
            ("<nopart>2<", "<nopart> 2<", "nopart is \" 2\", expected a number from 1 to 99"),
            ("<thres>2<", "<thres>3<", "thres is \"3\", expected a number from 1 to 2"),
            ("<thres>2<", "<thres>0<", "thres is \"0\", expected a number from 1 to 2"),
            ("<width>1<", "<width>2<", "width is \"2\", expected 1"),
            ("<statdist>100<", "<statdist>99<", "statdist is \"99\", expected a number from 100 to 4096"),
            ("<cbitlenro>200<", "<cbitlenro>127<", "cbitlenro is \"127\", expected a number from 128 to 4096"),
            ("<vbitlenro>200<", "<vbitlenro>8<", "vbitlenro is \"8\", expected a number from 128 to 4096"),
            ("<vbitlenro>200<", "<vbitlenro>2000<", "less than the 2048 bits of the group's order"),
            ("<prg>SHA-256<", "<prg>SHA-1<", "prg is \"SHA-1\", expected SHA-256, SHA-384 or SHA-512"),
            ("<rohash>SHA-256<", "<rohash>sha-256<", "rohash is \"sha-256\", expected SHA-256, SHA-384 or SHA-512"),
            ("<corr>noninteractive<", "<corr>interactive<", "corr is \"interactive\", expected noninteractive"),
            ("<protocol>", "<protocol a=\"b\">", "line 4: expected <protocol>"),
            ("<protocol>", "<!DOCTYPE protocol><protocol>", "line 4: expected <protocol>"),
            ("<protocol>", "<?xml version=\"1.0\"?><protocol>", "line 4: expected <protocol>"),
            ("<descr></descr>", "<descr>&#65;</descr>", "expected one of &amp; &lt; &gt; &quot; &apos;"),
            ("<descr></descr>", "<descr>&x;</descr>", "expected one of &amp; &lt; &gt; &quot; &apos;"),
            ("<descr></descr>", "<descr><b></b></descr>", "expected </descr>"),
            ("<descr></descr>", "<descr><!-- --></descr>", "expected </descr>"),
            ("<descr></descr>", "", "expected <descr>"),
            ("<width>1</width>", "<width>1</width><width>1</width>", "expected <inter>"),
            ("</protocol>", "</protocol><x></x>", "expected the end of the file"),
            ("</protocol>", "<party></party></protocol>", "expected <srtbyrole>"),
            ("<!-- made", "<!-- -- made", "expected -->"),
            ("::0000", "::0001", "protInfo.xml: pgroup is no byte tree"),
            ("::0000", ":0000", "pgroup has no hexadecimal digits behind '::'"),
            ("::0000", "::0000000000AB", "pgroup has no hexadecimal digits behind '::'"),
            ("0000000400000001<", "0000000400000002<", "pgroup has another encoding than 1"),
            ("4d6f645047726f7570", "4d6f645047726f7571", "pgroup has another class than ModPGroup"),
            ("1537010000010100c4", "1539010000010100c4", "pgroup is a group of 2049 bits that is none of"),
        ])
    func refuses(old: String, new: String, message: String) throws {
        let range = try #require(text.range(of: old))
        let changed = text.replacingCharacters(in: range, with: new)
        let error = #expect(throws: ProtocolInfoError.self) { try ProtocolInfo(parsing: Array(changed.utf8)) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("writes the same bytes for the same session and reads them back")
    func writes() throws {
        let binding = SessionBinding(
            questionsDigest: HashFunction.sha256.digest(of: [1]), requestDigest: HashFunction.sha256.digest(of: [2]),
            requiresBoundProofs: false)
        let party = PartyBinding(certificateDigest: HashFunction.sha256.digest(of: [3]), signingKey: [1, 2, 3])
        func make(_ names: [String]) throws -> ProtocolInfo {
            try ProtocolInfo(
                sessionID: "1-a", electionName: "101", description: binding.text, threshold: 2, group: .ffdhe3072,
                parties: names.map {
                    .init(
                        name: $0, description: party.text, publicKey: "none", http: "https://a:1/?x=1&y=<2>",
                        hint: "a:1")
                })
        }
        let info = try make(["b", "A", "a.example"])
        #expect(try info.bytes == make(["a.example", "b", "A"]).bytes)
        #expect(info.bytes.first == 0x0a)
        #expect(info.parties.map(\.name) == ["A", "a.example", "b"])
        #expect(info.parties[0].http == "https://a:1/?x=1&y=<2>")
        #expect(try ProtocolInfo(parsing: info.bytes) == info)
        #expect(SessionBinding(info.description) == binding)
        #expect(PartyBinding(info.parties[0].description) == party)
        #expect(info.group == .ffdhe3072)
    }

    @Test("what descr binds is read as it was written, and text of any other form binds nothing")
    func bindings() {
        let (questions, request) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        for requiresBoundProofs in [false, true] {
            let binding = SessionBinding(
                questionsDigest: questions, requestDigest: request, requiresBoundProofs: requiresBoundProofs)
            #expect(SessionBinding(binding.text) == binding)
            for other in [" ", " x", " ballot_proofs=", " ballot_proofs=bound "] {
                #expect(SessionBinding(binding.text + other) == nil)
            }
        }
        #expect(SessionBinding("") == nil)
        #expect(SessionBinding(" ballot_proofs=bound") == nil)
    }

    @Test("refuses to write what is not ASCII")
    func ascii() {
        let error = #expect(throws: ProtocolInfoError.self) {
            try ProtocolInfo(
                sessionID: "0-a", electionName: "1", description: "elección", threshold: 1, group: .ffdhe2048,
                parties: [.init(name: "a", description: "", publicKey: "none", http: "", hint: "")])
        }
        #expect(error == .value(element: "descr", found: "elección", expected: "printable ASCII"))
    }
}
