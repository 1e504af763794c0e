// SPDX-License-Identifier: Apache-2.0

package import MutualTLS
import TrustStores

/// The authorities of an election, as this authority's installed packages describe them.
package struct Participants: Sendable {
    /// This authority, which is asked for everything.
    package let director: PeerEndpoint
    /// The others, by host name.
    package let others: [PeerEndpoint]

    package init(director: PeerEndpoint, others: [PeerEndpoint]) {
        self.director = director
        self.others = others.sorted { $0.hostName.text < $1.hostName.text }
    }

    package var all: [PeerEndpoint] { [director] + others }
}
