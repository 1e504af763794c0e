// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import MutualTLS
import Orchestration
import StrictJSON
import Testing
import TrustStores

@testable import AuthorityServer

@Suite("A running authority answers", .serialized)
struct RequestTests {
    let authority: RunningAuthority
    let client: TestClient

    init() throws {
        authority = try RunningAuthority(1)
        client = try TestClient(trusting: [authority])
        try authority.trust([try client.package])
    }

    private func serving(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let client = client
        let authority = authority
        try await authority.serving {
            try await client.awaitStart(of: authority)
            try await body()
        }
    }

    private func error(_ answer: (status: Int, json: JSONValue?)) -> String { answer.json?["error"]?.asString ?? "" }

    @Test("who it is, signed by its certificate's key, and that it runs")
    func identity() async throws {
        try await serving {
            let answer = try await client.get("/api/identity", of: authority)
            #expect(answer.status == 200)
            let identity = try SignedIdentity(
                try #require(answer.json), of: authority.name, certificate: authority.identity.certificate)
            #expect(identity.mixnetPort == authority.mixnetPort)
            #expect(throws: IdentityError.signature(host: authority.name)) {
                try SignedIdentity(
                    try #require(answer.json), of: authority.name, certificate: client.identity.certificate)
            }
        }
    }

    @Test("each request that it cannot take with a status and a sentence of its own, and goes on")
    func badRequests() async throws {
        try await serving {
            let election = { (change: (inout JSONObject) -> Void) in
                client.election("e1", of: [authority], changing: change)
            }
            let path = "/public_api/election"
            let bodies: [(status: Int, text: String, body: [UInt8])] = [
                (400, "ends too early", Array("{\"id\": ".utf8)),
                (400, "twice", Array("{\"id\": 1, \"id\": 2}".utf8)),
                (400, "id", election { $0["id"] = nil }.compactBytes),
                (400, "questions", election { $0["questions"] = "none" }.compactBytes),
                (400, "id", election { $0["id"] = "../etc" }.compactBytes),
                (400, "group", election { $0["group"] = "toy" }.compactBytes),
                (400, "threshold", election { $0["threshold"] = 2 }.compactBytes),
                (400, "callback_url", election { $0["callback_url"] = "https://elsewhere.example/done" }.compactBytes),
                (400, "callback_url", election { $0["callback_url"] = "http://client.example/done" }.compactBytes),
                (
                    400, "\"questions[1]\" has ballots of up to 2050 bits, the group sequent2048 takes 2047",
                    election { object in
                        object["group"] = "sequent2048"
                        object["questions"] = .array([Self.question(answers: 2), Self.question(answers: 2048)])
                    }.compactBytes
                ),
                (400, "not installed", client.election("e1", of: [authority, try RunningAuthority(2)]).compactBytes),
                (413, "large", [UInt8](repeating: 32, count: 5 << 20)),
            ]
            for (status, text, body) in bodies {
                let answer = try await client.post(path, to: authority, body)
                #expect(answer.status == status, "\(error(answer))")
                #expect(error(answer).contains(text), "\(error(answer))")
            }
            let unknown = try await client.post(
                "/public_api/tally", to: authority,
                try await client.tally("e9", votes: [], digest: [UInt8](repeating: 0, count: 32)))
            #expect(unknown.status == 404)
            for action in ["download", "check", "delete", "restore"] {
                let path = "/public_api/\(action)_private_share"
                #expect(try await client.post(path, to: authority, Array("{}".utf8)).status == 400)
                let request: JSONValue = ["election_id": "e9", "private_key": "AAAA"]
                let answer = try await client.post(path, to: authority, request)
                #expect(answer.status == 404 && error(answer).contains("there is no election"))
            }
            #expect(try await client.get("/public_data/e1/tally.tar.gz", of: authority).status == 404)
            #expect(try await client.get("/public_data/../private/e1/board", of: authority).status == 404)
            #expect(try await client.get("/public_data/e1/..%2f..%2fauthority.sqlite", of: authority).status == 404)
            #expect(try await client.get("/nothing", of: authority).status == 404)
            #expect(try await client.post("/api/board", to: authority, [1, 2, 3]).status == 400)
            #expect(try await client.get("/public_api/check_state", of: authority).status == 202)
        }
    }

    static func question(answers: Int, max: Int = 1, type: String = "plurality-at-large") -> JSONValue {
        [
            "title": "Q", "tally_type": .string(type), "num_winners": 1, "max": .integer(max), "min": 0,
            "answers": .array((0..<answers).map { ["id": .integer($0), "text": .string("A\($0)")] }),
        ]
    }

    @Test("that another certificate than the installed one of an authority will not do")
    func otherCertificate() async throws {
        try await serving {
            let body = client.election("e1", of: [authority]) { object in
                object["authorities"] = [
                    [
                        "name": .string(authority.name), "orchestra_url": "https://a1.example:5000/",
                        "ssl_cert": .string(client.identity.certificate.pem),
                    ]
                ]
            }
            let answer = try await client.post("/public_api/election", to: authority, body)
            #expect(answer.status == 400)
            #expect(error(answer).contains("certificate"))
        }
    }

    @Test("nobody without a certificate, and nobody whose certificate is not installed")
    func strangers() async throws {
        let stranger = try TestClient(identity: try TestIdentity("stranger.example"), trusting: [authority])
        try await serving {
            await #expect(throws: PeerClientError.self) {
                try await stranger.get("/public_api/check_state", of: authority)
            }
            let (status, output) = try await openssl(port: authority.port)
            #expect(status != 0 || output.contains("alert"))
            #expect(!output.contains("HTTP/1.1 202"))
            #expect(try await client.get("/public_api/check_state", of: authority).status == 202)
        }
    }

    @Test("a peer that is uninstalled no longer, over its open connection either")
    func uninstalled() async throws {
        try await serving {
            #expect(try await client.get("/public_api/check_state", of: authority).status == 202)
            try authority.trust([])
            let answer = try? await client.get("/public_api/check_state", of: authority)
            #expect(answer == nil || answer?.status == 403)
        }
    }

    /// A TLS client without a certificate asks for the state.
    private func openssl(port: Int) async throws -> (Int32, String) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let process = Process()
                        process.executableURL = URL(filePath: "/usr/bin/openssl")
                        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-quiet"]
                        let (input, output) = (Pipe(), Pipe())
                        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
                        try process.run()
                        try? input.fileHandleForWriting.write(
                            contentsOf: Data("GET /public_api/check_state HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                        try? input.fileHandleForWriting.close()
                        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                        process.waitUntilExit()
                        return (process.terminationStatus, text)
                    })
            }
        }
    }
}
