// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import Testing
import TrustStores

@testable import AuthorityServer

@Suite("What an authority says of itself, signed by its certificate's key")
struct SignedIdentityTests {
    private let me: TestIdentity
    private let other: TestIdentity
    private let scratch: ScratchFolder
    private let json: JSONValue

    init() throws {
        (me, other) = (try #require(identities[1]), try #require(identities[2]))
        scratch = try ScratchFolder()
        let key = try SigningKey.stored(at: scratch.path("key"))
        json = try SignedIdentity(
            hostName: me.hostName.text, mixnetPort: 4081, version: "1.2", signingKey: key.verifying, signedBy: me.key
        ).json
    }

    private func error(_ json: JSONValue, host: String? = nil, certificate: Certificate? = nil) -> IdentityError? {
        do {
            _ = try SignedIdentity(json, of: host ?? me.hostName.text, certificate: certificate ?? me.certificate)
            return nil
        } catch { return error as? IdentityError }
    }

    private func changed(_ key: String, _ value: JSONValue) throws -> JSONValue {
        var object = try #require(json.asObject)
        object[key] = value
        return .object(object)
    }

    @Test("is of one host name, port, version and signing key, and each of them is changed in turn")
    func everyField() throws {
        let host = me.hostName.text
        #expect(error(json) == nil)
        #expect(
            error(try changed("hostname", .string(other.hostName.text)))
                == .otherHost(expected: host, found: other.hostName.text))
        // Who asks for that other name is not told that this one speaks for it.
        #expect(
            error(try changed("hostname", .string(other.hostName.text)), host: other.hostName.text)
                == .signature(host: other.hostName.text))
        #expect(error(try changed("mixnet_port", 4082)) == .signature(host: host))
        #expect(error(try changed("version", "1.3")) == .signature(host: host))
        #expect(error(try changed("version", "")) == .signature(host: host))
        let key = try SigningKey.stored(at: scratch.path("another"))
        #expect(error(try changed("signing_key", .string(key.verifying.bytes.hexadecimal))) == .signature(host: host))
        #expect(error(json, certificate: other.certificate) == .signature(host: host))
    }

    @Test("holds under no other signature, and under none that was made for something else")
    func signature() throws {
        let host = me.hostName.text
        let text = try #require(json["signature"]?.asString)
        let bytes = try #require([UInt8](hexadecimal: text))
        for index in [0, bytes.count / 2, bytes.count - 1] {
            var changedBytes = bytes
            changedBytes[index] ^= 1
            #expect(error(try changed("signature", .string(changedBytes.hexadecimal))) == .signature(host: host))
        }
        for wrong in ["", String(text.dropLast(2)), text + "00"] {
            #expect(error(try changed("signature", .string(wrong))) == .signature(host: host))
        }
        for malformed in ["0", "XY", String(text.dropLast())] {
            #expect(error(try changed("signature", .string(malformed))) == .malformed(host: host))
        }
        let elsewhere = try me.key.sign(Array(host.utf8), domain: "something else")
        #expect(error(try changed("signature", .string(elsewhere.hexadecimal))) == .signature(host: host))
    }
}
