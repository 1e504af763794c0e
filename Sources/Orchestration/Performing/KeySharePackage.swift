// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
package import ElGamal
package import GroupArithmetic

/// An authority's key shares of one election as they leave it: a byte tree of a domain, the election, the authority, and for each
/// question the session's id and what ``ElGamal/PrivateKeyShare/bytes`` gives.
///
/// All but the shares is known to everybody, so that a package is read by comparing it with what it must be.
package struct KeySharePackage: Sendable {
    private static let domain = "election authority key share 1"

    /// The whole package with zeros in the shares' places.
    private let frame: [UInt8]
    private let places: [Range<Int>]
    private let groups: [SafePrimeGroup]
    private let keys: [PublicKey]

    /// - Throws: what is wrong with the board; there is a package once the authority has stated the keys.
    package init(of board: Board, as me: Int) throws {
        let groups = try board.offer.sessions.map { try ProtocolInfo(parsing: $0.protocolInfo).group }
        guard let entry = board.entry(.publicKey, by: me) else { throw FieldError.value("there are no keys yet") }
        let stated = try ElectionKeys(payload: entry.content.payload, groups: groups)
        self.init(
            election: board.election, authority: board.name(of: me), sessions: board.offer.sessions.map(\.id),
            keys: stated.sessions.map { $0.trustees[me - 1] }, partyCount: board.partyCount)
    }

    /// - Parameters:
    ///   - sessions: their ids.
    ///   - keys: of this authority, one a session.
    package init(election: String, authority: String, sessions: [String], keys: [PublicKey], partyCount: Int) {
        self.keys = keys
        groups = keys.map(\.group)
        var frame = [0] + bigEndian(UInt32(3 + keys.count))
        for text in [Self.domain, election, authority] { frame += ByteTree.string(text).serialized }
        var places: [Range<Int>] = []
        for (session, group) in zip(sessions, groups) {
            let byteCount = group.exponentByteCount * (1 + partyCount)
            frame += [0] + bigEndian(2)
            frame += ByteTree.string(session).serialized
            frame += [1] + bigEndian(UInt32(byteCount))
            places.append(frame.count..<frame.count + byteCount)
            frame += [UInt8](repeating: 0, count: byteCount)
        }
        self.frame = frame
        self.places = places
    }

    package var byteCount: Int { frame.count }
    package var sessionCount: Int { places.count }

    /// - Parameter put: writes the share of a question into its place; false if it has another length.
    package func packed(_ put: (Int, UnsafeMutableRawBufferPointer) throws -> Bool) throws -> SecretBytes {
        var package = SecretBytes(count: frame.count)
        try package.withMutableBytes { bytes in
            bytes.copyBytes(from: frame)
            for (session, place) in places.enumerated() {
                guard try put(session, UnsafeMutableRawBufferPointer(rebasing: bytes[place])) else {
                    throw FieldError.value("a key share has another length")
                }
            }
        }
        return package
    }

    /// The share of a question, as it is stored.
    package func share(_ session: Int, in package: borrowing SecretBytes) -> SecretBytes {
        let place = places[session]
        return package.withBytes { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0[place])) }
    }

    /// Whether a package is of this election and authority, and g^x = y_l for the secret key of every question.
    ///
    /// - Complexity: a constant-time exponentiation a question.
    package func isGenuine(_ package: borrowing SecretBytes) -> Bool {
        guard package.count == frame.count, hasFrame(package) else { return false }
        for session in places.indices {
            let bytes = share(session, in: package)
            guard let parsed = PrivateKeyShare(bytes, in: groups[session]),
                parsed.secretKey.power(of: groups[session].generator) == keys[session].y
            else { return false }
        }
        return true
    }

    /// Whether the shares that the authorities dealt to this one are those to which their commitments bind them: a wrong one would let this
    /// authority speak against itself when it helps to recover the key of one that is gone.
    ///
    /// - Complexity: three exponentiations a question and authority.
    package func holdsDealtShares(_ package: borrowing SecretBytes, on board: Board, as me: Int) throws -> Bool {
        for session in places.indices {
            guard let parsed = PrivateKeyShare(share(session, in: package), in: groups[session]) else { return false }
            for dealer in board.parties {
                let opening = try Performer.opening(of: dealer, session, on: board)
                guard opening.accepts(share: parsed.received[dealer - 1], of: me) else { return false }
            }
        }
        return true
    }

    private func hasFrame(_ package: borrowing SecretBytes) -> Bool {
        package.withBytes { bytes in
            var start = 0
            for place in places {
                guard bytes[start..<place.lowerBound].elementsEqual(frame[start..<place.lowerBound]) else {
                    return false
                }
                start = place.upperBound
            }
            return bytes[start...].elementsEqual(frame[start...])
        }
    }
}

extension Digest {
    package init(of secret: borrowing SecretBytes) {
        var hash = IncrementalHash(.sha256)
        secret.withBytes { hash.append($0) }
        guard let digest = Digest(bytes: hash.digest()) else { preconditionFailure("a SHA-256 of another length") }
        self = digest
    }
}
