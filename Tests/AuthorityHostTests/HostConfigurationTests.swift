// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import OperatorErrors
import Testing
import TrustStores
import enum OperatorErrors.ExitStatus

@Suite("eoconf.json")
struct HostConfigurationTests {
    @Test("an empty object gives the defaults of the contract")
    func defaults() throws {
        let configuration = try read("{}")
        #expect(configuration.peerListPath == "/etc/eopeers")
        #expect(configuration.version == 1)
        #expect(configuration.publicAddress == nil)
        #expect(configuration.privateAddress == nil)
        #expect(configuration.hostName == nil)
        #expect(configuration.port == 5000)
        #expect(configuration.certificatePath == "/srv/certs/selfsigned/cert.pem")
        #expect(configuration.certificateKeyPath == "/srv/certs/selfsigned/key-nopass.pem")
        #expect(configuration.trustStorePath == "/srv/certs/selfsigned/calist")
        #expect(configuration.hostsPath == "/etc/hosts")
        #expect(configuration.mixnetPort == 4081)
        #expect(configuration.dataPath == "/var/lib/eorchestra")
        #expect(configuration.logPath == "/var/log/eorchestra/eorchestra.log")
        #expect(!configuration.acceptsAutomatically)
        #expect(configuration.eotestDataPath == "/srv/eotest/data")
        #expect(configuration.eotestPort == 8000)
        #expect(configuration.groupName == "ffdhe3072")
        #expect(configuration.minimumBallots == 1 && !configuration.keepsShares)
        #expect(configuration.front.listenAddress == nil && configuration.front.proxyAddresses.isEmpty)
        #expect(configuration.front.proxyUser == nil && configuration.front.reloadCommand == nil)
        #expect(configuration.unknownKeys.isEmpty)
    }

    @Test("every key is taken")
    func everyKey() throws {
        let configuration = try read(
            """
            {"PEER_LIST": "/p", "VERSION": 2, "PUBLIC_IP_ADDRESS": "192.0.2.1", "PRIVATE_IP_ADDRESS": "::1", "HOSTNAME": "A.example",
             "PORT": 1, "KEYSTORE_PASS": "s", "TLS_CERT_PATH": "/c", "TLS_CERT_KEY_PATH": "/k", "TLS_CALIST_PATH": "/l",
             "HOSTS_PATH": null, "MIXNET_PORT": 65535, "DATA_PATH": "/d", "LOG_PATH": "/log", "AUTOACCEPT_REQUESTS": true,
             "EOTEST_DATA_PATH": "/e", "EOTEST_PORT": 9, "GROUP": "sequent2048", "MINIMUM_BALLOTS": 10, "KEEP_SHARES": true}
            """)
        #expect(configuration.peerListPath == "/p" && configuration.version == 2 && configuration.port == 1)
        #expect(configuration.publicAddress?.text == "192.0.2.1" && configuration.privateAddress?.text == "::1")
        #expect(configuration.hostName?.text == "a.example" && configuration.hostsPath == nil)
        #expect(configuration.certificatePath == "/c" && configuration.certificateKeyPath == "/k")
        #expect(configuration.trustStorePath == "/l" && configuration.mixnetPort == 65535)
        #expect(configuration.dataPath == "/d" && configuration.logPath == "/log" && configuration.acceptsAutomatically)
        #expect(configuration.eotestDataPath == "/e" && configuration.eotestPort == 9)
        #expect(
            configuration.groupName == "sequent2048" && configuration.minimumBallots == 10 && configuration.keepsShares)
        #expect(configuration.unknownKeys.isEmpty)
    }

    @Test("the keys about a proxy in front are taken")
    func front() throws {
        let front = try read(
            """
            {"LISTEN_ADDRESS": "127.0.0.1", "PROXY_PROTOCOL_FROM": ["127.0.0.1", "::1"], "PROXY_USER": "www-data",
             "PROXY_RELOAD_COMMAND": ["/usr/sbin/nginx", "-s", "reload; id"]}
            """
        ).front
        #expect(front.listenAddress?.text == "127.0.0.1")
        #expect(front.proxyAddresses.map(\.text).sorted() == ["127.0.0.1", "::1"])
        #expect(front.proxyUser == "www-data" && front.reloadCommand == ["/usr/sbin/nginx", "-s", "reload; id"])
    }

    @Test(
        "a wrong value about a proxy in front is an error that names the key",
        arguments: [
            ("LISTEN_ADDRESS", #""localhost""#), ("PROXY_PROTOCOL_FROM", #""127.0.0.1""#),
            ("PROXY_PROTOCOL_FROM", #"["127.0.0.1", 1]"#), ("PROXY_PROTOCOL_FROM", #"["127.0.0.0/8"]"#),
            ("PROXY_USER", #""""#), ("PROXY_USER", #""www data""#), ("PROXY_RELOAD_COMMAND", #""nginx -s reload""#),
            ("PROXY_RELOAD_COMMAND", "[]"), ("PROXY_RELOAD_COMMAND", #"["nginx"]"#),
            ("PROXY_RELOAD_COMMAND", #"["/usr/sbin/nginx", 1]"#),
            ("PROXY_RELOAD_COMMAND", #"["/usr/sbin/nginx\u0000"]"#),
        ])
    func wrongFront(key: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try read("{\"\(key)\": \(value)}") }
        guard case .wrongValue(key, _, _)? = error else {
            Issue.record("another error: \(String(describing: error))"); return
        }
    }

    @Test("unknown keys are named")
    func unknownKeys() throws {
        #expect(try read(#"{"PROT": 5000, "PORT": 5001, "x": null}"#).unknownKeys == ["PROT", "x"])
    }

    @Test(
        "a wrong type or value is an error that names the key and ends with 78",
        arguments: [
            ("PORT", "\"5000\""), ("PORT", "0"), ("PORT", "65536"), ("PORT", "5000.5"), ("HOSTNAME", "\"a b\""),
            ("HOSTNAME", "null"),
            ("PUBLIC_IP_ADDRESS", "\"example\""), ("PEER_LIST", "\"relative\""), ("DATA_PATH", "null"),
            ("HOSTS_PATH", "false"),
            ("AUTOACCEPT_REQUESTS", "\"yes\""), ("GROUP", "\"modp768\""), ("KEYSTORE_PASS", "7"), ("VERSION", "-1"),
            ("MINIMUM_BALLOTS", "0"), ("MIXNET_PORT", "[]"),
        ])
    func wrongValue(key: String, value: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try read("{\"\(key)\": \(value)}") }
        guard case .wrongValue(let named, let takes, "/eoconf.json") = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(named == key && !takes.isEmpty)
        #expect(error.exitCode == .configuration)
    }

    @Test("what is no JSON object is refused with the place")
    func notJSON() {
        #expect(throws: ConfigurationError.notJSON(path: "/eoconf.json", reason: "it is an array, not an object")) {
            try read("[]")
        }
        #expect(throws: ConfigurationError.self) { try read(#"{"PORT": 1, "PORT": 2}"#) }
        #expect(throws: ConfigurationError.self) { try read("{") }
    }

    @Test("a secret is not in the error about it")
    func secret() throws {
        let error = try #require(throws: ConfigurationError.self) { try read(#"{"KEYSTORE_PASS": ["hunter2"]}"#) }
        #expect(!"\(error) \(error.message) \(error.hint ?? "")".contains("hunter2"))
    }

    @Test("the flag comes before EO_CONFIG, and that before /etc")
    func path() {
        #expect(HostConfiguration.path(option: "/a", environment: ["EO_CONFIG": "/b"]) == "/a")
        #expect(HostConfiguration.path(option: nil, environment: ["EO_CONFIG": "/b"]) == "/b")
        #expect(HostConfiguration.path(option: nil, environment: ["EO_CONFIG": ""]) == "/etc/eoconf.json")
    }

    @Test("no file ends with 78 and says how to make one")
    func noFile() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try HostConfiguration(file: "/nowhere/eoconf.json")
        }
        #expect(error == .noFile(path: "/nowhere/eoconf.json"))
        #expect(error.hint?.contains("eorchestra init") == true)
    }

    @Test("an election id names one folder below private/ and public/, or nothing")
    func folders() throws {
        let layout = try read(#"{"DATA_PATH": "/d"}"#).layout
        #expect(try layout.privatePath(election: "17") == "/d/private/17")
        #expect(try layout.publicPath(election: "a_B-9") == "/d/public/a_B-9")
        for id in ["", "..", ".", "a/b", "a\0", "é", String(repeating: "1", count: 65)] {
            #expect(throws: HostLayoutError.unsafeElection(id)) { try layout.privatePath(election: id) }
        }
    }

    private func read(_ json: String) throws -> HostConfiguration {
        try HostConfiguration(bytes: Array(json.utf8), path: "/eoconf.json")
    }
}
