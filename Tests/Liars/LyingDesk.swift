// SPDX-License-Identifier: Apache-2.0

package import AuthorityServer
package import Foundation
package import Orchestration

/// What a liar answers when others ask.
package struct LyingDesk: PeerDesk {
    let liar: Liar
    let honest: any PeerDesk

    package init(_ liar: Liar, honest: any PeerDesk) {
        self.liar = liar
        self.honest = honest
    }

    package func answer(_ message: ExchangeMessage, from certificate: Digest) async throws -> ExchangeMessage {
        liar.hear(message)
        let answer = try await honest.answer(message, from: certificate)
        return try liar.tell(answer) { $0.certificate == certificate }
    }

    package func blob(_ digest: Digest, of election: String, for certificate: Digest) async throws -> URL {
        let file = try await honest.blob(digest, of: election, for: certificate)
        let other = file.deletingLastPathComponent().appending(path: "\(digest.hex).lie")
        switch liar.lie {
        case .wrongFile:
            var content = try Data(contentsOf: file)
            content[content.count - 1] ^= 1
            try content.write(to: other)
        case .endlessFile:
            // A hole of a terabyte.
            _ = FileManager.default.createFile(atPath: other.path, contents: nil)
            try FileHandle(forWritingTo: other).truncate(atOffset: 1 << 40)
        case .confessed where liar.withholds(digest): throw LyingPerformer.NotYet()
        default: return file
        }
        return other
    }
}
