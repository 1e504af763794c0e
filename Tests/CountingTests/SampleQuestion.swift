// SPDX-License-Identifier: Apache-2.0

import StrictJSON

@testable import Counting

/// A question with answers `A0`, `A1`, ….
func sampleQuestion(
    _ type: String, answers: Int, min: Int = 0, max: Int, winners: Int = 1, urls: [Int: JSONValue] = [:],
    _ more: [String: JSONValue] = [:]
) throws -> CountableQuestion {
    try CountableQuestion(
        JSONField(
            sampleJSON(type, answers: answers, min: min, max: max, winners: winners, urls: urls, more),
            name: "the question"))
}

func sampleJSON(
    _ type: String, answers: Int, min: Int = 0, max: Int, winners: Int = 1, urls: [Int: JSONValue] = [:],
    _ more: [String: JSONValue] = [:]
) -> JSONValue {
    var object: JSONObject = [
        "title": "Q", "tally_type": .string(type), "min": .integer(min), "max": .integer(max),
        "num_winners": .integer(winners), "answer_total_votes_percentage": "over-total-valid-votes",
        "answers": .array(
            (0..<answers).map { id in
                [
                    "id": .integer(id), "text": .string("A\(id)"), "category": "", "details": "",
                    "urls": urls[id] ?? [],
                ]
            }),
    ]
    for (key, value) in more { object[key] = value }
    return .object(object)
}
