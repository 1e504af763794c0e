// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// An answer with what counting found: one of the question's, or a name that voters wrote.
package struct CountedAnswer: Sendable {
    /// The keys that counting does not set.
    let json: JSONObject
    package let id: Int
    package let text: String
    package let category: ExactText
    package let role: Role
    package internal(set) var total: Points
    package internal(set) var winnerPosition: Int?
    package internal(set) var votersByPosition: [Int]?
    /// Set by the pipe withdraw_candidates.
    package internal(set) var isWithdrawn: Bool?
    package internal(set) var isMinorityWinner = false
    /// Keys of retired methods.
    var retired: [String: JSONValue] = [:]

    package enum Role: Sendable, Equatable {
        case ordinary
        case invalidVoteFlag
        /// A name that voters wrote.
        case writtenName
    }

    /// An answer of the question before anything is counted.
    init(_ answer: CountableAnswer) {
        json = answer.json
        id = answer.id
        text = answer.text
        category = answer.category
        role = answer.role == .invalidVoteFlag ? .invalidVoteFlag : .ordinary
        total = .zero
        isWithdrawn = answer.json["withdrawn"]?.asBool
    }

    /// A name that voters wrote (specification of counting, 3.3).
    init(name: String, id: Int, total: Points, votersByPosition: [Int]?) {
        json = [
            "category": "", "details": "", "id": .integer(id), "text": .string(name),
            "urls": [["title": "isWriteInResult", "url": "true"]],
        ]
        self.id = id
        text = name
        category = ExactText("")
        role = .writtenName
        self.total = total
        self.votersByPosition = votersByPosition
    }

    /// The answer as results.json has it.
    package var published: JSONValue {
        var object = json
        for (key, value) in retired { object[key] = value }
        object["total_count"] = total.json
        object["winner_position"] = winnerPosition.map { .integer($0) } ?? .null
        if let votersByPosition { object["voters_by_position"] = .array(votersByPosition.map { .integer($0) }) }
        if let isWithdrawn { object["withdrawn"] = .bool(isWithdrawn) }
        if isMinorityWinner { object["winner_type"] = "minority winner" }
        return .object(object)
    }
}
