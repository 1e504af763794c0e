// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic

extension TallyVerification {
    /// plaintexts_json is PlaintextElements.bt, decoded and sorted (1.8).
    mutating func checkPlaintexts(of session: TallyContents.Session, _ elements: ElementVector) throws {
        guard let published = try contents.data(TallyLayout.plaintexts, of: session) else {
            recorder.fail(.plaintexts, session: session.id, "the file is missing")
            return
        }
        if let difference = published.withUnsafeBytes({ Self.firstDifference(of: elements, from: $0) }) {
            recorder.fail(
                .plaintexts, session: session.id, index: difference,
                "the file is not PlaintextElements.bt, decoded and sorted")
        } else {
            recorder.pass(.plaintexts, session: session.id, counted(elements.count, "plaintext"))
        }
    }

    /// The first line, counted from 0, at which a file is not the elements' plaintexts.
    private static func firstDifference(of elements: ElementVector, from file: UnsafeRawBufferPointer) -> Int? {
        var difference: Int?
        var rest = file[...]
        var lines = 0
        PublishedPlaintexts.stream(elements) { expected in
            guard difference == nil else { return }
            let part = rest.prefix(expected.count)
            if !part.elementsEqual(expected) {
                let common = zip(part, expected).prefix { $0 == $1 }.count
                difference = lines + expected.prefix(common).count { $0 == 0x0a }
            }
            lines += expected.count { $0 == 0x0a }
            rest = rest.dropFirst(expected.count)
        }
        return difference ?? (rest.isEmpty ? nil : lines)
    }
}
