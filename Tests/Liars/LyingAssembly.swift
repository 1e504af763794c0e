// SPDX-License-Identifier: Apache-2.0

package import AuthorityServer
package import TrustStores

extension AuthorityAssembly {
    /// Of an authority that tells one lie, with the key that signs its entries.
    package init(_ lie: Lie, key: SigningKey) {
        self.init()
        let liar = Liar(lie, key: key)
        performer = { LyingPerformer(lie, honest: $0) }
        link = { LyingLink(liar, honest: $0) }
        desk = { LyingDesk(liar, honest: $0) }
    }
}
