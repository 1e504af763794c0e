// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import Orchestration
import TrustStores

extension Seeds {
    static func httpBodies() -> [String: [UInt8]] {
        let question = """
            {"title": "who", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0, "randomize_answer_order": true,
             "answer_total_votes_percentage": "over-total-votes", "answers": [{"id": 0, "text": "ä", "category": "", "details": "",
             "sort_order": 0, "urls": []}, {"id": 1, "text": "b\\u00e9"}]}
            """
        let certificate = SampleCertificate.pem.replacing("\n", with: "\\n")
        let digest = "ni:///sha-256;\(String(repeating: "A", count: 43))="
        let texts = [
            "election": """
            {"id": 7, "title": "t", "description": "", "questions": [\(question)], "start_date": "2026-01-01T00:00:00", "end_date": null,
             "callback_url": "https://box.example:8000/done?x=1", "group": "sequent2048", "threshold": 1, "authorities": [{"name":
             "peer.example", "orchestra_url": "https://peer.example:5000/public_api/election", "ssl_cert": "\(certificate)"}]}
            """,
            "tally": """
            {"election_id": "7", "callback_url": "https://box.example/done", "votes_url": "https://[2001:db8::1]:8000/votes",
             "votes_hash": "\(digest)"}
            """,
            "created": """
            {"status": "finished", "reference": {"election_id": 7, "action": "POST /election"}, "session_data": [{"session_id": "0-x",
             "pubkey": {"g": "2", "p": "23", "q": "11", "y": "4"}}]}
            """,
            "tallied": """
            {"status": "finished", "reference": {"election_id": 7, "action": "POST /tally"}, "data": {"tally_url":
             "https://peer.example:5000/public_data/7/tally.tar.gz", "tally_hash": "\(digest)"}}
            """,
            "failed": """
            {"status": "error", "reference": {"election_id": 7, "action": "POST /tally"}, "data": {"message": "no \\u001b[2J"}}
            """,
            "status": """
            {"election": "7", "authority": "peer.example", "time": "t", "phase": "tallying", "attempt": 1, "ballots": 3, "done": 1,
             "total": 2, "steps": [{"step": "shuffle", "question": 0, "authority": "a", "state": "done", "since": "t"}], "work":
             {"step": "shuffle", "question": 0, "of": "a", "milliseconds": 5, "done": 1, "total": 3}, "finished": [], "transfers":
             [], "peers": [{"authority": "b", "silent_milliseconds": 5, "problem": "x"}], "problem": "disk", "failure": "f"}
            """,
            "costs": """
            {"host": {"processor": "p", "cores": 2, "memory_bytes": 5, "kernel": "k", "system": "s", "arithmetic": "gmp", "software":
             "1"}, "phases": [{"phase": "shuffle", "attempt": 1, "question": 0, "peer": null, "ended_at": "t", "milliseconds": 5,
             "cpu_milliseconds": 5, "peak_bytes": 9}], "disk_bytes": 10}
            """,
            "log": """
            {"events": [{"timestamp": "2026-01-02T03:04:05.678Z", "level": "info", "message": "m\\u202e", "election": "7", "e\\u0301":
             {"a": [1, 2.5e3]}}], "next": "1-2-3", "more": false, "gap": true}
            """,
            "identity": """
            {"hostname": "peer.example", "mixnet_port": 4081, "version": "1.2", "signing_key": "\(String(repeating: "5a", count: 32))",
             "signature": "\(String(repeating: "30", count: 70))"}
            """,
            "event": #"{"timestamp":"2026-01-02T03:04:05.678Z","level":"error","message":"cannot \"x\"","peer":"b"}"#,
            "deep": String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
        ]
        return texts.mapValues { Array($0.utf8) }
    }

    static func boardMessages() throws -> [String: [UInt8]] {
        let keyPath = NSTemporaryDirectory() + "/eo-seed-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: keyPath) }
        let key = try SigningKey.stored(at: keyPath)
        let party = Party(name: "a.example", certificate: Digest(of: [1]), signingKey: key.verifying)
        let offer = ProtocolOffer(
            request: Array("{}".utf8), creator: Digest(of: [2]), parties: [party], threshold: 1,
            sessions: [.init(id: "0-x", protocolInfo: Array("<protocol/>".utf8))])
        let entry = try Entry(
            signing: EntryContent(election: "7", kind: .protocol, author: 1, sequence: 0, payload: offer.payload),
            with: key)
        let later = try Entry(
            signing: EntryContent(
                election: "7", session: 0, attempt: 1, kind: .shuffle, author: 1, sequence: 1,
                inputs: [entry.reference],
                blobs: [.init(name: "CiphertextList01.bt", digest: Digest(of: [3]), byteCount: 100)]), with: key)
        var messages = [
            "exchange": ExchangeMessage(election: "7", counts: [2], entries: [entry, later]).serialized,
            "asking": ExchangeMessage(election: "7", counts: [], entries: []).serialized,
            "entry": entry.tree.serialized, "offer": offer.payload,
            "order": TallyOrder(votesURL: "https://box.example/votes", votesDigest: Digest(of: [4])).payload,
            "ballots": BallotsSummary(votes: Digest(of: [5]), accepted: 3, dropped: 1, inputs: [Digest(of: [6])])
                .payload,
            "failure": Failure(
                check: "shuffle.proof", accused: 1, index: 2, message: "wrong \u{202e}",
                evidence: [later.tree.serialized]
            ).payload,
        ]
        if let trustee = PublicKey(group.generator), let keys = JointPublicKey([trustee, trustee]) {
            messages["keys"] = ElectionKeys(sessions: [keys]).payload
        }
        let element = ByteTree.leaf(group.generator.bytes)
        let exponent = ByteTree.leaf(Exponent(reducing: 5, in: group).bytes)
        messages["complaint"] =
            ByteTree.node([.integer(1), .integer(2), element, element, element, exponent]).serialized
        return messages
    }

    static func configurations() -> [String: [UInt8]] {
        let texts = [
            "configuration": """
            {"PEER_LIST": "/etc/eopeers", "VERSION": 1, "PUBLIC_IP_ADDRESS": "192.0.2.1", "HOSTNAME": "a.example", "PORT": 5000,
             "KEYSTORE_PASS": "x", "HOSTS_PATH": null, "GROUP": "ffdhe3072", "LOG_ROTATE_BYTES": null, "PROXY_PROTOCOL_FROM": ["::1"],
             "PROXY_RELOAD_COMMAND": ["/bin/true", "-x"], "AUTOACCEPT_REQUESTS": false, "MINIMUM_BALLOTS": 10, "MORE": {}}
            """,
            "hosts": "127.0.0.1 localhost\n# comment\n192.0.2.1\tother.example peer.example # x\n\n::1 ip6-localhost",
            "number": String(repeating: "9", count: 617),
            "digest": "ni:///sha-256;" + String(repeating: "B", count: 43),
        ]
        return texts.mapValues { Array($0.utf8) }
    }

    static func requestHeaders() -> [String: [UInt8]] {
        let version2: [UInt8] = [
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12, 192, 0, 2, 7, 10,
            0,
            0, 1, 0xC0, 0, 0x13, 0x88,
        ]
        let certificate = SampleCertificate.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let texts = [
            "proxy-4": "PROXY TCP4 192.0.2.7 10.0.0.1 49152 5000\r\n",
            "proxy-6": "PROXY TCP6 2001:db8::9 ::1 80 443\r\n",
            "proxy-unknown": "PROXY UNKNOWN\r\n", "ranges": "bytes=0-9\nbytes=90-\nbytes=-10\nbytes=0-1,5-6",
            "paths": "8/tally.tar.gz\n8/0-ab/protInfo.xml\n8/../x\n192.0.2.1\n::1", "certificate": certificate,
        ]
        return texts.mapValues { Array($0.utf8) }.merging(["proxy-binary": version2]) { $1 }
    }
}
