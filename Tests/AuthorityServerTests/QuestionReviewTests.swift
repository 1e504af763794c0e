// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import StrictJSON
import Testing

@testable import AuthorityServer

@Suite("Questions of an election that an authority is asked for")
struct QuestionReviewTests {
    private func review(_ questions: [JSONValue]) throws -> QuestionReview {
        let request = JSONField(["questions": .array(questions)], name: "the election request")
        return QuestionReview(
            try request.member("questions").elements(), in: SafePrimeGroup.named("ffdhe2048"))
    }

    @Test("are too large from the first ballot on that the group does not take")
    func capacity() throws {
        // What fits is in the specification's table (ballots and counting, 1.7).
        for (type, max, most) in [("plurality-at-large", 1, 2045), ("borda", 5, 791), ("desborda", 80, 322)] {
            let fitting = try review([RequestTests.question(answers: most, max: max, type: type)])
            #expect(fitting.tooLarge == nil && fitting.warnings.isEmpty, "\(type)")
            let large = try review([
                RequestTests.question(answers: 2), RequestTests.question(answers: most + 1, max: max, type: type),
            ])
            #expect(large.tooLarge?.question == 1, "\(type)")
        }
    }

    @Test("that contradict themselves, or that are not counted here, are warned of: another may know what they mean")
    func warnings() throws {
        var named = try #require(RequestTests.question(answers: 2).asObject)
        named["extra_options"] = ["allow_writeins": true]
        let review = try review([
            RequestTests.question(answers: 2, max: 3), RequestTests.question(answers: 2, type: "meek-stv"),
            .object(named),
        ])
        #expect(review.tooLarge == nil)
        #expect(review.warnings.count == 3)
        #expect(review.warnings[2].hasPrefix("\"questions[2]\": names are allowed, but no answer is a write-in"))
        #expect(
            review.warnings[0]
                == "\"questions[0].max\" is 3, expected at most 2, the number of answers: no ballot can choose so many")
        #expect(review.warnings[1].hasPrefix("not counted here: \"questions[1].tally_type\" is \"meek-stv\""))
    }
}
