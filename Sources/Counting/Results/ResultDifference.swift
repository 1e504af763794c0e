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
    /// `results_dirname` if it is there, with which the text is written anew, and to the byte.
    ///
    /// - Returns: nil if they agree.
    package func difference(from published: PublishedResults) -> ResultDifference? {
        guard var object = published.value.asObject else {
            return ResultDifference(place: "results.json", expected: "an object", found: published.value.kind)
        }
        let expected = file()
        var found = published.bytes
        object = JSONValue.object(object).withPythonFractions?.asObject ?? object
        if object["results_dirname"] != nil {
            object["results_dirname"] = nil
            found = JSONValue.object(object).indentedBytes + [0x0a]
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
                ?? members(of: our, from: their, at: place, except: "answers")
            {
                return difference
            }
        }
        if ours.count != theirs.count {
            return ResultDifference(place: "questions", expected: "\(ours.count)", found: "\(theirs.count)")
        }
        return members(of: expected, from: found, at: "results.json", except: "questions")
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
                if let difference = value(our[key], their[key], at: "\(here), \(quoted(key))") { return difference }
            }
            if let difference = members(of: our, from: their, at: here) { return difference }
        }
        guard ours.count != theirs.count else { return nil }
        return ResultDifference(place: "\(place), answers", expected: "\(ours.count)", found: "\(theirs.count)")
    }

    /// The first key by code points under which two objects differ.
    private static func members(
        of expected: JSONObject, from found: JSONObject, at place: String, except: String? = nil
    ) -> ResultDifference? {
        var (ours, theirs) = (expected.sortedMembers[...], found.sortedMembers[...])
        while let key = [ours.first, theirs.first].compactMap(\.self).map({ ExactText($0.key) }).min() {
            let (our, their) = (take(key, &ours), take(key, &theirs))
            if key.string == except { continue }
            if let difference = value(our, their, at: "\(place), \(quoted(key.string))") { return difference }
        }
        return nil
    }

    /// The value of a key if it is the next one.
    private static func take(_ key: ExactText, _ members: inout ArraySlice<JSONObject.Member>) -> JSONValue? {
        guard let first = members.first, ExactText(first.key) == key else { return .none }
        members.removeFirst()
        return first.value
    }

    private static func value(_ our: JSONValue?, _ their: JSONValue?, at place: String) -> ResultDifference? {
        switch (our, their) {
        case (.object(let our)?, .object(let their)?): return members(of: our, from: their, at: place)
        case (.array(let our)?, .array(let their)?):
            for (index, pair) in zip(our, their).enumerated() {
                if let difference = value(pair.0, pair.1, at: "\(place), element \(index)") { return difference }
            }
            guard our.count != their.count else { return nil }
            return ResultDifference(
                place: place, expected: "\(our.count) elements", found: "\(their.count) elements")
        case (.string(let our)?, .string(let their)?):
            guard ExactText(our) != ExactText(their) else { return nil }
            let same = zip(our.unicodeScalars, their.unicodeScalars).prefix { $0 == $1 }.count
            // Long texts are cut when they are shown: from a bit before the place where they part.
            let start = same > 60 ? same - 20 : 0
            func shown(_ text: String) -> String { quoted(String(text.unicodeScalars.dropFirst(start))) }
            return ResultDifference(
                place: place + (start > 0 ? ", from character \(start) on" : ""), expected: shown(our),
                found: shown(their))
        default:
            guard our.map({ ExactText($0.compact) }) != their.map({ ExactText($0.compact) }) else { return nil }
            return ResultDifference(place: place, expected: shown(our), found: shown(their))
        }
    }

    /// Numbers and words as they are, strings in quotes, of anything larger what it is.
    private static func shown(_ value: JSONValue?) -> String {
        switch value {
        case .none: "no such key"
        case .string(let text)?: quoted(text)
        case .array?, .object?: value?.kind ?? ""
        case .number(let number)?: number.text.utf8.count > 40 ? quoted(number.text, limit: 40) : number.text
        default: value?.compact ?? ""
        }
    }
}
