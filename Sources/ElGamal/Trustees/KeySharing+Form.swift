// SPDX-License-Identifier: Apache-2.0

package import ByteTrees

extension KeySharing {
    /// Whether a dealer's message holds something in the form of an encrypted share for that trustee.
    package func holdsShare(_ message: ByteTree, from dealer: Int, to receiver: Int) -> Bool {
        (try? EncryptedShare(in: message, from: dealer, to: receiver, sharing: self)) != nil
    }
}
