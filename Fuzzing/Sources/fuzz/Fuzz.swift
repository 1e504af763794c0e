// SPDX-License-Identifier: Apache-2.0

import Foundation
import ParserFuzzing

/// libFuzzer, which has the program's `main`, calls this before it reads its options: the target is the first argument.
///
/// For some of its jobs it starts the program anew without it, so the target is handed down in the environment.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let texts = (0..<Int(count.pointee)).compactMap { arguments.pointee[$0].map { String(cString: $0) } }
    if texts.count == 3, texts[1] == "--write-seeds" {
        do { try Seeds.write(to: texts[2]) } catch { end("\(error)", status: 1) }
        exit(0)
    }
    if texts.count > 1, FuzzTarget(rawValue: texts[1]) != nil {
        setenv(variable, texts[1], 1)
        for index in 1..<Int(count.pointee) - 1 { arguments.pointee[index] = arguments.pointee[index + 1] }
        count.pointee -= 1
    }
    guard target != nil else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
        end("usage: fuzz \(names) [-OPTION=VALUE...] [CORPUS...], or fuzz --write-seeds FOLDER", status: 64)
    }
    return 0
}

/// libFuzzer calls this with everything that it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func run(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    // A promise that a parser breaks has to end the process: that is how libFuzzer learns of it, and keeps the input.
    do { try target?.run(Array(UnsafeBufferPointer(start: data, count: size))) } catch { fatalError("\(error)") }
    return 0
}

private let variable = "EO_FUZZ_TARGET"

/// What the environment names, looked up once: at the end of the initialisation.
private let target = getenv(variable).flatMap { FuzzTarget(rawValue: String(cString: $0)) }

private func end(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(status)
}
