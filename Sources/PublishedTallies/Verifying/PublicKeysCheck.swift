// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import OperatorErrors
import StrictJSON

extension TallyVerification {
    /// pubkeys_json: for each question the group of its session and the joint key of its FullPublicKey.bt (1.5), which the
    /// original verifier compares with nothing. Whether that joint key is the product of the authorities' keys is another
    /// check.
    mutating func checkPublicKeys(_ infos: [ProtocolInfo]) throws {
        let keys = contents.sessions.indices.map { contents.jointKey(of: contents.sessions[$0], infos[$0]) }
        checkExpectedKeys(keys)
        guard let data = try contents.data(TallyLayout.publicKeys) else {
            recorder.fail(.publicKeys, "the file is missing")
            return
        }
        do {
            let field = JSONField(try JSONValue(parsing: data), name: TallyLayout.publicKeys)
            let published = try field.elements(infos.count...infos.count).map { try PublishedKey($0) }
            let known = keys.compactMap(\.self)
            // Without the joint keys there is nothing to compare with; the check of the keys says why.
            guard known.count == keys.count else { return }
            for (question, (key, expected)) in zip(published, known).enumerated() where key != expected {
                recorder.fail(
                    .publicKeys, session: contents.sessions[question].id,
                    "the key of question \(question) is not the group and the joint key of the session's proofs")
                return
            }
            guard data.elementsEqual(PublishedKeys.file(of: known)) else {
                recorder.fail(.publicKeys, "the keys are right, but not written as the format has them")
                return
            }
            recorder.pass(.publicKeys)
        } catch let error as any OperatorError {
            recorder.fail(.publicKeys, error.message)
        }
    }

    /// A tally that somebody invented verifies too (7.2, point 3): only the keys tell it from the real one.
    private mutating func checkExpectedKeys(_ keys: [PublishedKey?]) {
        guard !options.expectedKeys.isEmpty else { return }
        let known = keys.compactMap(\.self)
        if known.count == keys.count, options.expectedKeys.contains(PublishedKeys.digest(of: known)) {
            recorder.pass(.expectedKey)
            return
        }
        for (question, key) in keys.enumerated() {
            if let key, options.expectedKeys.contains(key.digest) {
                recorder.pass(.expectedKey, session: contents.sessions[question].id)
            } else {
                recorder.fail(
                    .expectedKey, session: contents.sessions[question].id,
                    "the joint key is \(key?.digest.hexadecimal ?? "unreadable"), which is not expected")
            }
        }
    }
}
