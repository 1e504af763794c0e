// SPDX-License-Identifier: Apache-2.0

package import Orchestration

/// How an authority is put together: each part may be wrapped, where another than the usual server is made of the same parts.
package struct AuthorityAssembly: Sendable {
    /// What does the mathematics.
    package var performer: @Sendable (any ActionPerformer) -> any ActionPerformer = { $0 }
    /// What this authority tells others by itself.
    package var link: @Sendable (any PeerLink) -> any PeerLink = { $0 }
    /// What it answers when others ask.
    package var desk: @Sendable (any PeerDesk) -> any PeerDesk = { $0 }

    package init() {}
}
