// SPDX-License-Identifier: Apache-2.0

import AgeFiles
import Backups
import Foundation

/// The bytes as they are; with the keys that make a header right; as a description of pieces that are sealed under the right key; and as what is
/// packed in a backup.
func parseBackup(_ input: [UInt8]) throws {
    _ = try refusing("a backup") { try decrypted(input) }
    if let header = SealedFile.header(like: input) {
        let whole = SealedFile(header: header, pieces: [.init(byteCount: 5, isLast: true)])
        let content = try refusing("a header with right keys") { try decrypted(whole.bytes) }
        if let content { try require(content == whole.content, "a file decrypts to something else") }
    }
    let file = SealedFile(describedBy: input)
    let content = try refusing("sealed pieces") { try decrypted(file.bytes) }
    try require((content != nil) == file.isWhole, "pieces \(file.pieces) are \(content == nil ? "refused" : "taken")")
    if let content { try require(content == file.content, "pieces decrypt to something else") }
    try unpack(withRightChecksums(input))
}

/// More rounds than any seed asks for would be all that a fuzzer finds.
private let logNLimit = 6

private func decrypted(_ file: [UInt8]) throws -> [UInt8] {
    var rest = file[...]
    let reader = try AgeReader(SealedFile.passphrase, logNLimit: logNLimit) { buffer in
        let piece = rest.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        if count == 0 { return content }
        content += buffer[..<count]
    }
}

/// Takes a tar out of a backup, as an operator does who restores one that an attacker made: nothing comes to lie beside the folder, nothing but
/// files and folders in it, and nobody else gets at what is not published.
private func unpack(_ tar: [UInt8]) throws {
    let outer = try scratchFolder(of: .backups)
    let (file, folder) = ("\(outer)/backup", "\(outer)/unpacked")
    var bytes: [UInt8] = []
    let writer = try AgeWriter(SealedFile.passphrase, logN: 1) { bytes += $0 }
    try tar.withUnsafeBytes { try writer.write($0) }
    try writer.finish()
    try Data(bytes).write(to: URL(filePath: file))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = try refusing("a backup's content") {
        try Unpacking(into: URL(filePath: folder)).run(file, passphrase: SealedFile.passphrase)
    }
    try require(
        try FileManager.default.contentsOfDirectory(atPath: outer).sorted() == ["backup", "unpacked"],
        "a backup writes beside the folder that it is unpacked into")
    var found: Set<String> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
        var status = stat()
        try require(lstat("\(folder)/\(name)", &status) == 0, "what was unpacked cannot be looked at")
        let isPublic = name == "data" || name == "data/public" || name.hasPrefix("data/public/")
        // A file that is published too has one mode under all its names: nobody else comes into the folders of the others.
        let isLinked = status.st_mode & S_IFMT == S_IFREG && status.st_nlink > 1
        try require(isPublic || isLinked || status.st_mode & 0o077 == 0, "\(name) is open to others")
        switch status.st_mode & S_IFMT {
        case S_IFDIR: break
        case S_IFREG: found.insert(name)
        default: try require(false, "\(name) is neither a file nor a folder")
        }
    }
    if let names { try require(names == found, "other files are there than were named") }
}
