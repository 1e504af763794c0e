// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Counting

@Suite("Retired methods, vectors counting/legacy.json")
struct RetiredVectorTests {
    @Test(
        "the result is what the original gave in 2021",
        arguments: CountingVectors.entries(try CountingVectors.file("legacy.json")))
    func counts(_ vector: CountingVector) throws {
        let plaintexts = (vector.json["plaintexts"]?.asArray ?? []).compactMap(\.asString)
        #expect(!plaintexts.isEmpty)
        let counted = try CountedQuestion(counting: vector.question(), PlaintextList(plaintexts))
        var found = try #require(counted.published.asObject)
        // Put there by the tool above the methods.
        found["election_index"] = nil
        #expect(JSONValue.object(found).indentedBytes == vector.json["result"]?.withPythonFractions?.indentedBytes)
    }
}
