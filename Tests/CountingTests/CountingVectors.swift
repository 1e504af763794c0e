// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Counting

/// The vectors of the specification, `counting/`, that are part of this repository.
enum CountingVectors {
    static let folder = packageFolder.appendingPathComponent("Tests/Vectors/counting")

    static func file(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func entries(_ file: JSONValue, _ key: String? = nil) -> [CountingVector] {
        let list = key.map { file[$0] } ?? file
        return (list?.asArray ?? []).map { entry in
            CountingVector(name: entry["name"]?.asString ?? "", json: entry)
        }
    }
}

struct CountingVector: CustomTestStringConvertible, Sendable {
    let name: String
    let json: JSONValue

    var testDescription: String { name }

    func question() throws -> CountableQuestion {
        try CountableQuestion(JSONField(json["question"] ?? .null, name: "the question"))
    }
}

extension PlaintextList {
    /// plaintexts_json with these numbers.
    init(_ plaintexts: [String]) {
        self.init(Data(plaintexts.map { "\"\($0)\"\n" }.joined().utf8))
    }
}
