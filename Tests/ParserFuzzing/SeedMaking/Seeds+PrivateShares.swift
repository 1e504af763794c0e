// SPDX-License-Identifier: Apache-2.0

import Foundation
import Orchestration

extension Seeds {
    static func privateShares() throws -> [String: [UInt8]] {
        let keepers = try ShareKeeping.all.get()
        let content = ShareSample.content
        var seeds: [String: [UInt8]] = ["plain": content]
        for (name, keeper) in zip(["rsa", "curve"], keepers) {
            let message = try ShareKeeping.message(of: content, for: keeper.certificate)
            seeds["message-\(name)"] = message
            seeds["text-\(name)"] = Array(Data(message).base64EncodedString(options: .lineLength64Characters).utf8)
            for place in keeper.places { seeds[place.name] = place.bytes }
        }
        let code = derElement(4, CMSBytes.counting(16))
        seeds["blocks"] = CMSBytes.encryptedContent(derElement(0x30, CMSBytes.aes256CBC + code), CMSBytes.counting(32))
        seeds["long-nonce"] = CMSBytes.encryptedContent(CMSBytes.gcm(nonce: CMSBytes.counting(600)), content) + code
        seeds["short-code"] =
            CMSBytes.encryptedContent(CMSBytes.gcm(nonce: CMSBytes.counting(12)), content) + derElement(4, [0])
        seeds["no-parameters"] = CMSBytes.encryptedContent(derElement(0x30, CMSBytes.aes256GCM), content) + code
        return seeds
    }
}
