// SPDX-License-Identifier: Apache-2.0

/// An answer that has a digit in ballots.
package struct Column: Sendable {
    package let answerID: Int
    /// Its place among the answers of the file.
    package let answerIndex: Int
    package let text: String
    package let isWriteIn: Bool
    package let base: UInt
    /// Answers of one category have one number.
    let category: Int
}
