// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// One of the places where bytes of others come in: what a fuzzer calls with whatever it makes up, and what tests call with what it
/// found.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case byteTrees = "byte-trees"
    case protocolInfo = "protocol-info"
    case ballots
    case packages
    case pem
    case javaKeystores = "java-keystores"
    case pkcs12Keystores = "pkcs12-keystores"
    case archives
    case backups
    case httpBodies = "http-bodies"
    case boardMessages = "board-messages"
    case configurations
    case requestHeaders = "request-headers"
    case privateShares = "private-shares"

    /// Parses `input`, and checks what holds for every input: what is taken is written as it was read, what is refused is refused in
    /// words that an operator can read.
    ///
    /// - Throws: ``BrokenInvariant``, never for an input that is refused as it should be.
    public func run(_ input: [UInt8]) throws {
        switch self {
        case .byteTrees: try parseByteTrees(input)
        case .protocolInfo: try parseProtocolInfo(input)
        case .ballots: try parseBallots(input)
        case .packages: try parsePackage(input)
        case .pem: try parsePEM(input)
        case .javaKeystores: try parseJavaKeystore(input)
        case .pkcs12Keystores: try parsePKCS12Keystore(input)
        case .archives: try parseArchive(input)
        case .backups: try parseBackup(input)
        case .httpBodies: try parseHTTPBodies(input)
        case .boardMessages: try parseBoardMessages(input)
        case .configurations: try parseConfigurations(input)
        case .requestHeaders: try parseRequestHeaders(input)
        case .privateShares: try parsePrivateShares(input)
        }
    }
}

/// Something that should hold for every input, and does not.
public struct BrokenInvariant: Error, CustomStringConvertible {
    public let description: String
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw BrokenInvariant(description: what()) }
}

/// Reads through `parse`; nil if it refuses, in words that fit on a terminal.
func refusing<Value>(_ what: String, _ parse: () throws -> Value) throws -> Value? {
    do { return try parse() } catch let broken as BrokenInvariant { throw broken } catch {
        let known = error as? any OperatorError
        let message = known?.message ?? "\(error)"
        for text in [message, known?.hint ?? "-"] {
            try require(!text.isEmpty && text.utf8.count < 8192, "\(what): a message of \(text.utf8.count) bytes")
            let odd = text.unicodeScalars.first { $0.properties.generalCategory == .control }
            try require(odd == nil, "\(what): the message holds U+\(String(odd?.value ?? 0, radix: 16))")
        }
        return nil
    }
}
