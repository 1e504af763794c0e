// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON

/// The first place at which a published results.json is not what counting gives.
package struct ResultDifference: Sendable, Equatable {
    /// Such as `question 0, answer 1 ("Bea"), "total_count"`.
    package let place: String
    package let expected: String
    package let found: String

    package var message: String { "\(place): expected \(expected), found \(found)" }
}

extension ElectionResult {
    /// Compares with a published results.json as the original's verifier does (specification of counting, 3.5): without
    /// `results_dirname` if it is there, and to the byte.
    ///
    /// - Returns: nil if they agree.
    package func difference(from published: [UInt8]) throws(CountingError) -> ResultDifference? {
        let value: JSONValue
        do { value = try JSONValue(parsing: published, limits: JSONLimits(byteCount: 256 << 20)) } catch {
            throw .syntax(error, file: "results.json")
        }
        guard var object = value.asObject else {
            return ResultDifference(place: "results.json", expected: "an object", found: value.kind)
        }
        let expected = file()
        var found = published
        if object["results_dirname"] != nil {
            object["results_dirname"] = nil
            found = (JSONValue.object(object).withPythonFractions ?? .object(object)).indentedBytes + [0x0a]
        }
        if found == expected { return nil }
        if let difference = Self.firstDifference(of: json, from: object) { return difference }
        let place = zip(expected, found).prefix { $0 == $1 }.count
        return ResultDifference(
            place: "results.json, byte \(place)", expected: "the text that the original writes",
            found: "the same values in another text")
    }

    private static func firstDifference(of expected: JSONObject, from found: JSONObject) -> ResultDifference? {
        let (ours, theirs) = (expected["questions"]?.asArray ?? [], found["questions"]?.asArray ?? [])
        for (index, (our, their)) in zip(ours, theirs).enumerated() {
            let place = "question \(index)"
            guard let our = our.asObject, let their = their.asObject else {
                return ResultDifference(place: place, expected: "an object", found: their.kind)
            }
            if let difference = answers(of: our, from: their, at: place)
                ?? members(of: our, from: their, at: place, except: ["answers"])
            {
                return difference
            }
        }
        if ours.count != theirs.count {
            return ResultDifference(place: "questions", expected: "\(ours.count)", found: "\(theirs.count)")
        }
        return members(of: expected, from: found, at: "results.json", except: ["questions"])
    }

    private static func answers(
        of expected: JSONObject, from found: JSONObject, at place: String
    ) -> ResultDifference? {
        let (ours, theirs) = (expected["answers"]?.asArray ?? [], found["answers"]?.asArray ?? [])
        for (index, (our, their)) in zip(ours, theirs).enumerated() {
            guard let our = our.asObject, let their = their.asObject else {
                return ResultDifference(place: "\(place), answer \(index)", expected: "an object", found: their.kind)
            }
            let name = our["text"]?.asString.map { " (\(quoted($0)))" } ?? ""
            let here = "\(place), answer \(index)\(name)"
            // Another answer at this place says more than all that differs with it.
            for key in ["text", "id"] {
                if let difference = member(key, of: our, from: their, at: here) { return difference }
            }
            if let difference = members(of: our, from: their, at: here, except: []) { return difference }
        }
        guard ours.count != theirs.count else { return nil }
        return ResultDifference(place: "\(place), answers", expected: "\(ours.count)", found: "\(theirs.count)")
    }

    private static func members(
        of expected: JSONObject, from found: JSONObject, at place: String, except: Set<String>
    ) -> ResultDifference? {
        for key in (expected.keys + found.keys).map(ExactText.init).sorted() where !except.contains(key.string) {
            if let difference = member(key.string, of: expected, from: found, at: place) { return difference }
        }
        return nil
    }

    private static func member(
        _ key: String, of expected: JSONObject, from found: JSONObject, at place: String
    ) -> ResultDifference? {
        let (our, their) = (expected[key]?.compact, found[key]?.compact)
        guard our.map(ExactText.init) != their.map(ExactText.init) else { return nil }
        return ResultDifference(
            place: "\(place), \(quoted(key))", expected: our.map { shown($0) } ?? "no such key",
            found: their.map { shown($0) } ?? "no such key")
    }

    /// Numbers as they are, everything else in quotes.
    private static func shown(_ json: String) -> String {
        json.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d } || json == "null"
            ? json : quoted(json)
    }
}
