// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import OperatorErrors
import StrictJSON
import Testing

@Suite("Requests as clients send them")
struct RequestTests {
    static let question: JSONValue = [
        "title": "¿Quién?", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
        "randomize_answer_order": true, "answer_total_votes_percentage": "over-total-valid-votes",
        "answers": [
            ["id": 0, "text": "Ana", "category": "", "details": "", "sort_order": 0, "urls": []],
            ["id": 1, "text": "Bea", "category": "", "details": "", "sort_order": 1, "urls": []],
        ],
    ]
    static let election: JSONValue = [
        "id": 101, "title": "t", "description": "d", "questions": [question],
        "start_date": "2013-12-06T18:17:14.457000",
        "end_date": "2013-12-09T18:17:14.457000", "callback_url": "https://client:5000/callback",
        "authorities": [
            ["name": "a", "orchestra_url": "https://a:5000/api/queues", "ssl_cert": "A"],
            ["name": "b", "orchestra_url": "https://b:5000/api/queues", "ssl_cert": "B"],
        ],
    ]

    func changed(_ json: JSONValue, _ key: String, _ value: JSONValue?) throws -> JSONValue {
        var object = try #require(json.asObject)
        object[key] = value
        return .object(object)
    }

    @Test("reads an election request and its defaults")
    func election() throws {
        let request = try ElectionRequest(Self.election)
        #expect(request.id.text == "101")
        #expect(request.id.json == 101)
        #expect(request.callback.host == "client")
        #expect(request.callback.port == 5000)
        #expect(request.authorities.map(\.name) == ["a", "b"])
        #expect(request.group == nil)
        #expect(request.threshold == nil)
        #expect(request.questions[0].answerCount == 2)
        #expect(request.warnings.isEmpty)
        #expect(!request.requiresBoundProofs)
        #expect(try ElectionRequest(changed(Self.election, "ballot_proofs", "bound")).requiresBoundProofs)
        let again = try ElectionRequest(JSONValue(parsing: request.canonicalBytes))
        #expect(again.canonicalBytes == request.canonicalBytes)
    }

    @Test(
        "names the first key that is missing",
        arguments: ["id", "title", "description", "questions", "callback_url", "authorities"])
    func missing(key: String) throws {
        let request = try changed(Self.election, key, nil)
        #expect(throws: JSONShapeError.missing(key: key, in: "the election request")) { try ElectionRequest(request) }
    }

    @Test(
        "names the key that is wrong and what it takes",
        arguments: [
            ("id", 0, "\"id\" is 0, expected a positive integer, or 1 to 64 letters, digits, _ or -"),
            ("id", "../x", "expected a positive integer, or 1 to 64 letters, digits, _ or -"),
            ("id", [], "\"id\" is an array, expected"),
            ("title", 1, "\"title\" is an integer, expected a string"),
            ("questions", [], "\"questions\" is 0 elements, expected 1 to 20"),
            ("callback_url", "http://client/x", "expected https://HOST[:PORT]/PATH"),
            ("callback_url", "https://user@client/x", "expected https://HOST[:PORT]/PATH"),
            ("callback_url", "https://client:0/x", "expected https://HOST[:PORT]/PATH"),
            ("callback_url", "https://client/x y", "expected https://HOST[:PORT]/PATH"),
            ("authorities", [], "\"authorities\" is 0 elements, expected 1 to 99"),
            ("authorities", [["name": "a"]], "authorities[0] has no \"orchestra_url\""),
            ("group", "modp", "expected one of sequent2048, ffdhe2048, ffdhe3072, ffdhe4096"),
            ("threshold", 3, "\"threshold\" is 3, expected 1 to 2"),
            ("threshold", 0, "\"threshold\" is 0, expected 1 to 2"),
            ("ballot_proofs", "unbound", "expected bound, or no such key"),
            ("ballot_proofs", true, "\"ballot_proofs\" is true or false, expected a string"),
        ] as [(String, JSONValue, String)])
    func wrong(key: String, value: JSONValue, message: String) throws {
        let request = try changed(Self.election, key, value)
        let error = #expect(throws: JSONShapeError.self) { try ElectionRequest(request) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(
        "refuses two authorities with the same name, URL or certificate",
        arguments: ["name", "orchestra_url", "ssl_cert"])
    func sameAuthorities(key: String) throws {
        var authorities = try #require(Self.election["authorities"]?.asArray)
        authorities[1] = try changed(authorities[1], key, authorities[0][key])
        let request = try changed(Self.election, "authorities", .array(authorities))
        let error = #expect(throws: JSONShapeError.self) { try ElectionRequest(request) }
        #expect(error?.message.contains("two have the same \(key)") == true)
    }

    @Test("refuses fractions anywhere in questions, and answers that share an id")
    func questions() throws {
        let fraction = try changed(Self.question, "extra", [["x": JSONValue(parsing: "1.5")]])
        let error = #expect(throws: JSONShapeError.self) {
            try ElectionRequest(changed(Self.election, "questions", [fraction]))
        }
        #expect(error?.message == "\"questions[0].extra[0].x\" is 1.5, expected a number without a fraction")
        let twice = try changed(Self.question, "answers", [["id": 1, "text": "a"], ["id": 1, "text": "b"]])
        let repeated = #expect(throws: JSONShapeError.self) {
            try ElectionRequest(changed(Self.election, "questions", [twice]))
        }
        #expect(repeated?.message.contains("questions[0].answers[1].id") == true)
    }

    @Test("takes up to 20 questions and warns above 10")
    func manyQuestions() throws {
        let questions = [JSONValue](repeating: Self.question, count: 20)
        #expect(try ElectionRequest(changed(Self.election, "questions", .array(questions))).warnings.count == 1)
        #expect(throws: JSONShapeError.self) {
            try ElectionRequest(changed(Self.election, "questions", .array(questions + [Self.question])))
        }
    }

    @Test("writes questions_json in the format that is hashed")
    func questionsFile() throws {
        let text = String(decoding: try ElectionRequest(Self.election).questionsFile, as: UTF8.self)
        #expect(text.hasPrefix("[\n    {\n        \"answer_total_votes_percentage\": \"over-total-valid-votes\",\n"))
        #expect(text.contains("            {\n                \"category\": \"\",\n"))
        #expect(text.contains("\"urls\": []\n"))
        #expect(text.hasSuffix("        \"title\": \"¿Quién?\"\n    }\n]"))
    }

    @Test("reads a tally request with and without padding in the hash")
    func tally() throws {
        let digest = HashFunction.sha256.digest(of: [7])
        let id = try #require(ElectionIdentifier("101"))
        let json = TallyRequest.json(
            electionID: id, callback: "https://client/x", votes: "https://client/votes", votesDigest: digest)
        #expect(try TallyRequest(json).votesDigest == digest)
        let hash = try #require(json["votes_hash"]?.asString)
        #expect(hash.hasSuffix("="))
        #expect(try TallyRequest(changed(json, "votes_hash", .string(String(hash.dropLast())))).votesDigest == digest)
        for bad in [
            "", "ni:///sha-256;", hash + "=", "sha-256;" + hash, String(hash.dropLast(2)),
            hash.replacingOccurrences(of: "ni:", with: "NI:"),
        ] {
            #expect(throws: JSONShapeError.self) { try TallyRequest(changed(json, "votes_hash", .string(bad))) }
        }
    }

    @Test("writes callbacks as existing clients read them, and reads them back")
    func replies() throws {
        let id = try #require(ElectionIdentifier("101"))
        let key = PublishedKey(g: "1", p: "2", q: "3", y: "4")
        let created = ElectionReply.created(id, [.init(id: "0-a", key: key)])
        #expect(
            created.json.compact
                == #"{"reference":{"action":"POST /election","election_id":101},"session_data":[{"pubkey":{"g":"1","p":"2","q":"3","y":"4"},"session_id":"0-a"}],"status":"finished"}"#
        )
        let tallied = ElectionReply.tallied(id, url: "https://a/x", digest: [UInt8](repeating: 0xff, count: 32))
        #expect(
            tallied.json.compact
                == #"{"data":{"tally_hash":"ni:///sha-256;__________________________________________8=","tally_url":"https://a/x"},"reference":{"action":"POST /tally","election_id":101},"status":"finished"}"#
        )
        for reply in [created, tallied, .creationFailed(id, message: "no"), .tallyFailed(id, message: "no")] {
            #expect(try ElectionReply(JSONValue(parsing: reply.json.compact)) == reply)
        }
    }
}
