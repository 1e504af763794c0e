// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in the order in which they stood.
///
/// Keys are compared code point by code point, as Python does: Swift's own `==` would take two spellings of one
/// accented letter for the same key.
///
/// - Invariant: no key occurs twice.
package struct JSONObject: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package let key: String
        package var value: JSONValue
    }

    package private(set) var members: [Member]

    package init() {
        members = []
    }

    /// - Precondition: no key occurs twice among `members`; the reader has checked.
    init(distinct members: [Member]) {
        self.members = members
    }

    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    /// The value of a key; setting one replaces it in its place, appends it, or with nil removes it.
    ///
    /// - Complexity: linear in the number of members.
    package subscript(key: String) -> JSONValue? {
        get { members.first { sameCodePoints($0.key, key) }?.value }
        set {
            let place = members.firstIndex { sameCodePoints($0.key, key) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The members as they are written: by code point of their keys.
    package var sortedMembers: [Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }
}

func sameCodePoints(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// - Precondition: no key occurs twice.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        for (key, value) in elements {
            precondition(self[key] == nil, "the key \(key) occurs twice in a literal")
            self[key] = value
        }
    }
}
