// SPDX-License-Identifier: Apache-2.0

import Foundation
import PeerPackages
import TrustStores

func parsePackage(_ input: [UInt8]) throws {
    guard let package = try refusing("a package", { try PeerPackage(json: input) }) else { return }
    let json = Array(package.json.utf8)
    try require(!json.contains { $0 < 0x20 }, "a package is written on several lines")
    try require(try PeerPackage(json: json) == package, "a package reads as another one when it is written")
    try require(HostName(package.hostName.text) == package.hostName, "a host name that is none")
    try require(IPAddress(package.address.text) == package.address, "an address that is none")
    _ = try refusing("unknown keys") { try PeerPackage.unknownKeys(inJSON: input) }
    _ = try refusing("a package's fitness") { try package.requireFit(at: Date(timeIntervalSince1970: 1_800_000_000)) }
}

/// The calist, which others' certificates are put into and taken out of.
func parsePEM(_ input: [UInt8]) throws {
    var store = TrustStore(bytes: input)
    let unreadable = store.unreadableCount
    try require(store.bytes == input, "a trust store changes what it reads")
    if let text = String(validating: input, as: UTF8.self) { _ = try refusing("PEM") { try Certificate(pem: text) } }
    for certificate in store.certificates {
        let again = try Certificate(pem: certificate.pem)
        try require(again == certificate && store.contains(certificate.fingerprint), "a certificate is lost")
        _ = (certificate.isFor(ownName), certificate.verifies([1], over: [2], domain: "fuzz"))
    }
    let all = store.certificates
    for certificate in all {
        try require(store.add(certificate) == false, "a certificate is added twice")
        try require(store.remove(certificate.fingerprint), "a certificate that is there cannot be removed")
        try require(!store.contains(certificate.fingerprint), "a removed certificate is still trusted")
    }
    try require(store.certificates.isEmpty, "certificates are left over")
    try require(store.unreadableCount <= unreadable, "removing makes certificates unreadable")
    for certificate in all { try require(store.add(certificate), "a certificate cannot be added again") }
    let read = TrustStore(bytes: store.bytes)
    try require(read.certificates == all, "added certificates read as others")
}

/// Made here once: nothing else is known of it.
private let ownName = HostName("a.example") ?? { preconditionFailure("a.example is a host name") }()
