// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds the numbers of a line of a votes file that is written as booths and test clients write it, without copying them.
///
/// Whatever else is in a line, ``BallotLine`` and ``Ballot`` read it and say what is wrong; this takes nothing that they would
/// refuse for its form. It does not look at the digits.
struct LineScanner {
    /// The numbers of one question, as ranges of the ballot's text.
    struct Question {
        var alpha = 0..<0
        var beta = 0..<0
        var challenge = 0..<0
        var commitment = 0..<0
        var response = 0..<0
        /// Of the bound proof, if there is one.
        var bound: (commitment: Range<Int>, response: Range<Int>)?
    }

    private let form: VotesFile.Form
    private var questions: [Question]
    /// The text of a ballot whose quotes were doubled.
    private var unquoted: [UInt8] = []

    init(form: VotesFile.Form, questionCount: Int) {
        self.form = form
        questions = Array(repeating: Question(), count: questionCount)
    }

    /// Hands out the text of the line's ballot, where its numbers are, and the voter's name, which the bare form lacks.
    ///
    /// - Returns: nil if the line is written in another way, or is a further vote of a weighted ballot.
    mutating func scan<Value>(
        _ line: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>, [Question], UnsafeBufferPointer<UInt8>?) -> Value?
    ) -> Value? {
        switch form {
        case .bare: return scanText(line) ? body(line, questions, nil) : nil
        case .plain:
            guard let bar = line.firstIndex(UInt8(ascii: "|"), from: 0),
                let voter = voterOfFirstVote(line, from: bar + 1)
            else { return nil }
            let text = UnsafeBufferPointer(rebasing: line[..<bar])
            return scanText(text) ? body(text, questions, voter) : nil
        case .quoted:
            guard let end = unquote(line), end < line.count, line[end] == UInt8(ascii: "|"),
                let voter = voterOfFirstVote(line, from: end + 1)
            else { return nil }
            let text = unquoted
            return text.withUnsafeBufferPointer { text in scanText(text) ? body(text, questions, voter) : nil }
        }
    }

    /// The name in the rest of the line, if that is the id of a voter in plain characters, with weight index 1.
    private func voterOfFirstVote(
        _ line: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> UnsafeBufferPointer<UInt8>? {
        let end = line.count - 2
        guard start < end, end - start <= 256, line[end] == UInt8(ascii: "."), line[end + 1] == UInt8(ascii: "1") else {
            return nil
        }
        let name = UnsafeBufferPointer(rebasing: line[start..<end])
        let isPlain = name.allSatisfy { character in
            switch character {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"):
                true
            default: false
            }
        }
        return isPlain ? name : nil
    }

    /// Copies what stands between the line's quotes; returns where the rest begins.
    private mutating func unquote(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
        let quote = UInt8(ascii: "\"")
        guard line.first == quote else { return nil }
        unquoted.removeAll(keepingCapacity: true)
        var start = 1
        while let found = line.firstIndex(quote, from: start) {
            guard found + 1 < line.count, line[found + 1] == quote else {
                unquoted.append(contentsOf: UnsafeBufferPointer(rebasing: line[start..<found]))
                return found + 1
            }
            unquoted.append(contentsOf: UnsafeBufferPointer(rebasing: line[start...found]))
            start = found + 2
        }
        return nil
    }

    private mutating func scanText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var cursor = TextCursor(text: text)
        guard cursor.take("{"), cursor.take("\"choices\""), cursor.take(":"), cursor.take("[") else { return false }
        for index in questions.indices {
            guard index == 0 || cursor.take(","), cursor.take("{"), let alpha = cursor.member("\"alpha\""),
                cursor.take(","), let beta = cursor.member("\"beta\""), cursor.take("}")
            else { return false }
            questions[index].alpha = alpha
            questions[index].beta = beta
        }
        guard cursor.take("]"), cursor.take(","), let date = cursor.member("\"issue_date\""), date.count <= 256,
            // No escapes, nothing that may not be UTF-8, no bar that ends a ballot elsewhere.
            text[date].allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x5c && $0 != 0x7c }),
            cursor.take(","), cursor.take("\"proofs\""), cursor.take(":"), cursor.take("[")
        else { return false }
        for index in questions.indices {
            guard index == 0 || cursor.take(","), cursor.take("{") else { return false }
            questions[index].bound = nil
            if cursor.take("\"bound\"") {
                guard let bound = boundProof(&cursor), cursor.take(",") else { return false }
                questions[index].bound = bound
            }
            guard let challenge = cursor.member("\"challenge\""), cursor.take(","),
                let commitment = cursor.member("\"commitment\""), cursor.take(","),
                let response = cursor.member("\"response\""), cursor.take("}")
            else { return false }
            questions[index].challenge = challenge
            questions[index].commitment = commitment
            questions[index].response = response
        }
        return cursor.take("]") && cursor.take("}") && cursor.isAtEnd
    }

    /// What stands behind the key, digits only: nothing that a reader of JSON would refuse may pass here unread.
    private func boundProof(_ cursor: inout TextCursor) -> (commitment: Range<Int>, response: Range<Int>)? {
        guard cursor.take(":"), cursor.take("{"), let commitment = cursor.member("\"commitment\""), cursor.take(","),
            let response = cursor.member("\"response\""), cursor.take("}"),
            [commitment, response].allSatisfy({ cursor.text[$0].allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return (commitment, response)
    }
}

/// A place in a JSON text.
private struct TextCursor {
    let text: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { offset == text.count }

    /// Goes behind `token` and the spaces in front of it, if it is there.
    mutating func take(_ token: StaticString) -> Bool {
        while offset < text.count, text[offset] == 0x20 { offset += 1 }
        let length = token.utf8CodeUnitCount
        guard let base = text.baseAddress, text.count - offset >= length,
            memcmp(base + offset, token.utf8Start, length) == 0
        else { return false }
        offset += length
        return true
    }

    /// The bytes of a string that is the value of `key`, up to the next quote: without escapes if there is no backslash.
    mutating func member(_ key: StaticString) -> Range<Int>? {
        guard take(key), take(":"), take("\""), let end = text.firstIndex(UInt8(ascii: "\""), from: offset) else {
            return nil
        }
        defer { offset = end + 1 }
        return offset..<end
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place of a byte from `start` on.
    fileprivate func firstIndex(_ byte: UInt8, from start: Int) -> Int? {
        guard let baseAddress, start < count, let found = memchr(baseAddress + start, Int32(byte), count - start) else {
            return nil
        }
        return UnsafeRawPointer(baseAddress).distance(to: UnsafeRawPointer(found))
    }
}
