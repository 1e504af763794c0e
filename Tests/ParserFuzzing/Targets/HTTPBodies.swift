// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Elections
import Orchestration
import StrictJSON

/// What clients and other authorities send and answer as JSON: requests, callbacks, how far an election is, costs, logs.
func parseHTTPBodies(_ input: [UInt8]) throws {
    _ = ServiceURL(String(decoding: input.prefix(4096), as: UTF8.self))
    guard let json = try refusing("JSON", { try JSONValue(parsing: input) }) else { return }
    let compact = json.compactBytes
    for written in [compact, json.indentedBytes] {
        try require(
            try JSONValue(parsing: written).compactBytes == compact, "JSON reads as something else when it is written")
    }
    if let request = try refusing("an election request", { try ElectionRequest(json) }) {
        let again = try ElectionRequest(JSONValue(parsing: request.canonicalBytes))
        try require(again.canonicalBytes == request.canonicalBytes, "an election request changes when it is read again")
        try require(again.questionsFile == request.questionsFile, "questions_json changes when it is read again")
    }
    if let request = try refusing("a tally request", { try TallyRequest(json) }) {
        let again = try TallyRequest(JSONValue(parsing: request.canonicalBytes))
        try require(again.canonicalBytes == request.canonicalBytes, "a tally request changes when it is read again")
        try require(request.votesDigest.count == 32, "a digest of \(request.votesDigest.count) bytes")
    }
    if let reply = try refusing("a callback", { try ElectionReply(json) }) {
        try require(try ElectionReply(reply.json) == reply, "a callback changes when it is written")
    }
    if let status = try refusing("a status", { try ElectionStatus(json) }) {
        try require(try ElectionStatus(status.json).json == status.json, "a status changes when it is written")
    }
    if let costs = try refusing("costs", { try ElectionCosts(json) }) {
        try require(try ElectionCosts(costs.json).json == costs.json, "costs change when they are written")
    }
    if let page = try refusing("a page of a log", { try LogPage(json) }) {
        try require(try LogPage(page.json) == page, "a page of a log changes when it is written")
        for event in page.events { try checkPrinted(event) }
    }
    if let certificate = SampleCertificate.certificate {
        _ = try refusing("an identity") { try SignedIdentity(json, of: "peer.example", certificate: certificate) }
    }
    if let event = LogRecord(json: json) { try checkPrinted(event) }
}

private func checkPrinted(_ event: LogRecord) throws {
    for text in event.readableMetadata + [event.readableMessage] {
        let isHarmless = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        try require(isHarmless, "an event of a log drives the terminal")
    }
    let line = LogRecord.printable(event.line)
    try require(line.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a printed line is not ASCII")
    try require(LogRecord(line: line) == event, "an event reads as another one when it is printed")
}
