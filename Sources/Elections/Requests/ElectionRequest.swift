// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic
package import StrictJSON

/// What a client sends to `POST /public_api/election`.
package struct ElectionRequest: Sendable {
    /// An authority as the client names it; only a certificate that is installed here counts.
    package struct Authority: Sendable {
        package let name: String
        package let url: ServiceURL
        /// PEM, unchecked.
        package let certificate: String
    }

    package let id: ElectionIdentifier
    package let title: String
    package let questions: [Question]
    package let callback: ServiceURL
    /// 1 to 99, with distinct names, URLs and certificates.
    package let authorities: [Authority]
    /// Nil: the authority's own default.
    package let group: SafePrimeGroup?
    /// Between 1 and the number of authorities; nil: all of them.
    package let threshold: Int?
    /// Whether every ballot has to have bound proofs: `"ballot_proofs": "bound"`.
    package let requiresBoundProofs: Bool

    /// The whole request as it is forwarded and hashed: compact, keys sorted.
    package let canonicalBytes: [UInt8]

    /// - Throws: ``JSONShapeError`` naming the first key that is missing or wrong.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the election request")
        id = try ElectionIdentifier(field.member("id"))
        title = try field.member("title").string(maximum: 65_536)
        _ = try field.member("description").string()
        for key in ["start_date", "end_date"] { _ = try field.optional(key)?.string(maximum: 64) }
        let questions = try field.member("questions").elements(1...20)
        self.questions = try Self.map(questions) { question throws(JSONShapeError) in try Question(question) }
        callback = try ServiceURL(field.member("callback_url"))
        authorities = try Self.authorities(field.member("authorities"))
        group = try Self.group(field.optional("group"))
        threshold = try field.optional("threshold")?.integer(in: 1...authorities.count)
        requiresBoundProofs = try Self.requiresBoundProofs(field.optional("ballot_proofs"))
        canonicalBytes = json.compactBytes
    }

    /// questions_json of the tally to come.
    package var questionsFile: [UInt8] { Question.file(of: questions) }

    /// What is not refused but should be known.
    package var warnings: [String] {
        questions.count > 10
            ? ["\(questions.count) questions: verifiers other than eoverify cannot order more than 10"] : []
    }

    private static func authorities(_ field: JSONField) throws(JSONShapeError) -> [Authority] {
        let authorities = try map(field.elements(1...99)) { element throws(JSONShapeError) in
            Authority(
                name: try element.member("name").string(maximum: 253),
                url: try ServiceURL(element.member("orchestra_url")),
                certificate: try element.member("ssl_cert").string(maximum: 65_536))
        }
        for (key, values) in [
            ("name", authorities.map(\.name)), ("orchestra_url", authorities.map(\.url.text)),
            ("ssl_cert", authorities.map(\.certificate)),
        ] where Set(values).count != values.count {
            throw field.refused(found: "a list in which two have the same \(key)", expected: "distinct authorities")
        }
        return authorities
    }

    private static func group(_ field: JSONField?) throws(JSONShapeError) -> SafePrimeGroup? {
        guard let field else { return nil }
        let name = try field.string(maximum: 64)
        guard let group = SafePrimeGroup.named(name) else {
            let names = SafePrimeGroup.named.compactMap(\.name).joined(separator: ", ")
            throw field.refused(found: name, expected: "one of \(names)")
        }
        return group
    }

    private static func requiresBoundProofs(_ field: JSONField?) throws(JSONShapeError) -> Bool {
        guard let field else { return false }
        let text = try field.string(maximum: 64)
        guard text == "bound" else { throw field.refused(found: text, expected: "bound, or no such key") }
        return true
    }

    private static func map<Value>(
        _ fields: [JSONField], _ body: (JSONField) throws(JSONShapeError) -> Value
    ) throws(JSONShapeError) -> [Value] {
        var values: [Value] = []
        for field in fields { values.append(try body(field)) }
        return values
    }
}
