// SPDX-License-Identifier: Apache-2.0

package import Elections
import MutualTLS
package import StrictJSON
import TrustStores

/// An election request as ballot boxes send it (ballots and counting, 5.5), for a rehearsal.
package struct ElectionDraft: Sendable {
    package let id: ElectionIdentifier
    package let questions: [JSONValue]
    /// The name of a group; nil leaves it to the authority.
    package let group: String?
    /// Nil: all authorities are needed.
    package let threshold: Int?
    package let requiresBoundProofs: Bool
    package let participants: Participants
    package let callback: String

    package init(
        id: ElectionIdentifier, questions: [JSONValue], group: String?, threshold: Int?,
        requiresBoundProofs: Bool = false, participants: Participants, callback: String
    ) {
        self.id = id
        self.questions = questions
        self.group = group
        self.threshold = threshold
        self.requiresBoundProofs = requiresBoundProofs
        self.participants = participants
        self.callback = callback
    }

    package var json: JSONValue {
        let authorities = participants.all.map { authority in
            [
                "name": .string(authority.hostName.text),
                "orchestra_url": .string("https://\(authority.hostName):\(authority.port)/api/queues"),
                "ssl_cert": .string(authority.certificate.pem),
            ] as JSONValue
        }
        var request: JSONObject = JSONObject()
        request["id"] = id.json
        request["title"] = .string("Rehearsal \(id)")
        request["description"] = "An election with test votes, made by eotest."
        request["questions"] = .array(questions)
        request["start_date"] = "2000-01-01T00:00:00.001"
        request["end_date"] = "2000-01-01T00:00:00.001"
        request["callback_url"] = .string(callback)
        request["authorities"] = .array(authorities)
        if let group { request["group"] = .string(group) }
        if let threshold { request["threshold"] = .integer(threshold) }
        if requiresBoundProofs { request["ballot_proofs"] = "bound" }
        return .object(request)
    }

    /// Questions with three answers, where nobody brings others.
    package static func plainQuestions(_ count: Int) -> [JSONValue] { (0..<count).map(question) }

    private static func question(_ index: Int) -> JSONValue {
        let answers = ["Yes", "No", "Perhaps"].enumerated().map { id, text in
            [
                "id": .integer(id), "category": "", "details": "", "sort_order": .integer(id), "text": .string(text),
                "urls": [],
            ] as JSONValue
        }
        return [
            "title": .string("Question \(index)"), "tally_type": "plurality-at-large", "num_winners": 1, "max": 1,
            "min": 0,
            "randomize_answer_order": false, "answer_total_votes_percentage": "over-total-votes",
            "answers": .array(answers),
        ]
    }
}
