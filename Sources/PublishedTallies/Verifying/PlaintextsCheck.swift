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
        let expected = PublishedPlaintexts.file(of: elements)
        let isEqual = published.withUnsafeBytes { $0.elementsEqual(expected) }
        guard !isEqual else {
            recorder.pass(.plaintexts, session: session.id, counted(elements.count, "plaintext"))
            return
        }
        let common = zip(published, expected).prefix { $0 == $1 }.count
        let line = expected.prefix(common).count { $0 == 0x0a }
        recorder.fail(
            .plaintexts, session: session.id, index: line, "the file is not PlaintextElements.bt, decoded and sorted")
    }
}
