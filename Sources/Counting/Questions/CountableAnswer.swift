// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// An answer of a question as counting reads it.
package struct CountableAnswer: Sendable {
    package enum Role: Sendable, Equatable {
        case ordinary
        /// Stands for a name that voters write themselves.
        case writeIn
        /// Marks a ballot as invalid; has no column.
        case invalidVoteFlag
    }

    package let json: JSONObject
    package let id: Int
    package let text: String
    package let category: ExactText
    package let role: Role

    init(_ field: JSONField) throws(JSONShapeError) {
        json = try field.object()
        id = try field.member("id").integer(in: 0...9_999_999)
        text = try field.member("text").string()
        category = ExactText(try field.optional("category")?.string() ?? "")
        let urls = try Self.urls(field)
        let isFlag = Self.holds(urls, title: "invalidVoteFlag", url: "true")
        let isWriteIn = Self.holds(urls, title: "isWriteIn", url: "true")
        if isFlag && isWriteIn {
            throw field.refused(found: "flag and write-in", expected: "an answer that is one of the two")
        }
        role = isFlag ? .invalidVoteFlag : isWriteIn ? .writeIn : .ordinary
    }

    /// What is no list of objects may be meant as a flag or a write-in, but names none.
    private static func urls(_ answer: JSONField) throws(JSONShapeError) -> JSONValue {
        guard let field = try answer.optional("urls") else { return [] }
        guard field.value.asArray != nil else { throw field.mistyped("an array of objects with title and url") }
        for entry in try field.elements(0...Int.max) where entry.value.asObject == nil {
            throw entry.mistyped("an object with title and url")
        }
        return field.value
    }

    /// Whether `urls` has an element that is exactly this object; case matters.
    package static func holds(_ urls: JSONValue, title: String, url: String) -> Bool {
        guard let entries = urls.asArray else { return false }
        return entries.contains { entry in
            guard let object = entry.asObject, object.count == 2, let foundTitle = object["title"]?.asString,
                let foundURL = object["url"]?.asString
            else { return false }
            return ExactText(foundTitle) == ExactText(title) && ExactText(foundURL) == ExactText(url)
        }
    }
}
