// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import OperatorErrors

extension TallyVerification {
    /// protInfo.xml of a session, by all rules of 4.1; the names in it are those of the folder and of the election.
    ///
    /// - Parameter electionName: the tally's in the outer archive, else that of the session before; nil if there is neither.
    mutating func checkProtocolInfo(
        of session: TallyContents.Session, electionName: String?
    ) throws -> ProtocolInfo? {
        guard let data = try contents.data(TallyLayout.protocolInfo, of: session) else {
            recorder.fail(.protocolInfo, session: session.id, "the file is missing")
            return nil
        }
        do throws(ProtocolInfoError) {
            let info = try ProtocolInfo(parsing: [UInt8](data))
            if info.sessionID != session.id {
                recorder.fail(.protocolInfo, session: session.id, "sid is \(quoted(info.sessionID))")
            } else if let electionName, info.electionName != electionName {
                recorder.fail(
                    .protocolInfo, session: session.id,
                    "the election is \(quoted(info.electionName)), expected \(quoted(electionName))")
            } else {
                recorder.pass(
                    .protocolInfo, session: session.id,
                    "\(info.parties.count) authorities, \(info.threshold) mix, \(info.group.name ?? "unnamed group")")
            }
            return info
        } catch {
            recorder.fail(.protocolInfo, session: session.id, error.message)
            return nil
        }
    }
}
