// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// A question of questions_json as counting reads it (specification of counting, 2), with all keys it came with.
///
/// - Invariant: the ids of the answers are 0 … n − 1, and only write-ins may share a text.
package struct CountableQuestion: Sendable {
    /// Every key, fractions written as the original would write them again.
    package let json: JSONObject
    package let title: String
    package let method: TallyMethod
    /// In the order of the file.
    package let answers: [CountableAnswer]
    package let minimum: Int
    package let maximum: Int
    package let winnerCount: Int
    package let options: Options
    /// `bordas-max-points`: first points instead of `max`.
    package let firstPoints: Int?
    /// `borda_custom_weights`, by rank.
    package let weights: [Points]?

    /// What of `extra_options` matters to counting.
    package struct Options: Sendable {
        /// Whether ballots carry the names of write-ins.
        package var carriesNames = false
        package var checkboxes = 1
        package var allowsPanachage = true
        /// `null` in place of the options: every ballot is null (1.1).
        package var isNull = false
    }

    /// - Throws: for what cannot be counted, with its place.
    package init(_ field: JSONField) throws(JSONShapeError) {
        guard case .object(let object)? = field.value.withPythonFractions else {
            _ = try field.object()
            throw field.refused(found: "a number beyond doubles", expected: "numbers that can be written again")
        }
        json = object
        title = try field.member("title").string()
        let type = try field.member("tally_type")
        guard let method = TallyMethod(rawValue: try type.string(maximum: 128)) else {
            throw type.refused(found: type.value.compact, expected: "a tally type that this version counts")
        }
        self.method = method
        minimum = try field.member("min").integer(in: 0...1_000_000)
        maximum = try field.member("max").integer(in: 0...1_000_000)
        winnerCount = try field.member("num_winners").integer(in: 0...1_000_000)
        options = try Options(field)
        firstPoints = try field.optional("bordas-max-points")?.integer(in: -1_000_000_000...1_000_000_000)
        weights = try Self.weights(field)
        let answers = try field.member("answers")
        self.answers = try Self.answers(answers)
        guard placeCount <= Self.placeLimit else {
            throw try field.member("max").refused(
                found: "\(maximum)", expected: "at most \(Self.placeLimit) places of all answers together")
        }
    }

    /// results.json has a number for each place of each answer of a ranked question.
    var placeCount: Int { method.isRanked ? answers.count * maximum : 0 }

    /// How many of them a result may have.
    static let placeLimit = 10_000_000

    private static func weights(_ field: JSONField) throws(JSONShapeError) -> [Points]? {
        guard let elements = try field.optional("borda_custom_weights")?.elements() else { return nil }
        var weights: [Points] = []
        for element in elements { weights.append(try element.points()) }
        return weights
    }

    private static func answers(_ field: JSONField) throws(JSONShapeError) -> [CountableAnswer] {
        let elements = try field.elements(0...10_000)
        var answers: [CountableAnswer] = []
        var ids: Set<Int> = []
        var texts: Set<ExactText> = []
        for element in elements {
            let answer = try CountableAnswer(element)
            let id = try element.member("id")
            guard answer.id < elements.count else {
                throw id.refused(found: "\(answer.id)", expected: "below the number of answers, \(elements.count)")
            }
            guard ids.insert(answer.id).inserted else {
                throw id.refused(found: "\(answer.id)", expected: "an id that no other answer has")
            }
            if answer.role != .writeIn, !texts.insert(ExactText(answer.text)).inserted {
                throw try element.member("text").refused(
                    found: "the text of another answer", expected: "a text that no other answer has")
            }
            answers.append(answer)
        }
        return answers
    }
}

extension CountableQuestion.Options {
    init(_ question: JSONField) throws(JSONShapeError) {
        self.init()
        guard let value = try question.object()["extra_options"] else { return }
        if value == .null {
            isNull = true
            return
        }
        let field = try question.member("extra_options")
        let object = try field.object()
        carriesNames = object["allow_writeins"] == .bool(true)
        if object["cumulative_number_of_checkboxes"] != nil {
            checkboxes = try field.member("cumulative_number_of_checkboxes").integer(in: 0...1_000_000)
        }
        if object["enable_panachage"] != nil { allowsPanachage = try field.member("enable_panachage").bool() }
    }
}

extension CountableQuestion {
    /// The questions of a questions_json.
    package static func all(in file: some Sequence<UInt8>) throws(CountingError) -> [CountableQuestion] {
        let value: JSONValue
        do { value = try JSONValue(parsing: file, limits: JSONLimits(byteCount: 64 << 20)) } catch {
            throw .syntax(error, file: "questions_json")
        }
        do {
            var questions: [CountableQuestion] = []
            for field in try JSONField(value, name: "questions_json").elements(1...1000) {
                questions.append(try CountableQuestion(field))
            }
            return questions
        } catch { throw .questions(error) }
    }
}

extension JSONObject {
    /// What it takes as text, without white space.
    var byteCount: Int { JSONValue.object(self).compactBytes.count }
}
