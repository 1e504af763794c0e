// SPDX-License-Identifier: Apache-2.0

/// The change from one certificate of an authority to the next.
package enum CertificateRenewal {
    /// Where the next certificate, or its key, waits until all peers have it.
    static func nextPath(of path: String) -> String { path + ".next" }

    /// Where the one before stays while peers may still have it.
    static func formerPath(of path: String) -> String { path + ".former" }
}
