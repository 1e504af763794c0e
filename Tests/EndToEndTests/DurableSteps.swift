// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// One durable step that a server took: a system call after which something stays on the disk.
struct DurableStep: Hashable {
    let call: String
    /// Below the authority's folder.
    let path: String

    /// The kind of file that it is about, as docs/durable-steps.md has it; nil if it is none of those.
    var kind: String? {
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last else { return nil }
        if parts[0] == "log" { return "log" }
        guard parts[0] == "data" else { return nil }
        if parts.count <= 2, name == "data" || name.hasPrefix("authority.sqlite") { return "database" }
        switch (parts[1], parts.count) {
        case ("public", _): return "published file"
        case ("private", 2...3): return "folder of an election"
        case ("private", _): return kindOfPrivate(parts, name)
        default: return nil
        }
    }

    var folder: String { (path as NSString).deletingLastPathComponent }
    var name: String { (path as NSString).lastPathComponent }

    /// The step as it is called in every election: a pattern for numbers, digests and processes.
    var place: String {
        let path = path.replacing(/[0-9a-f]{64}/, with: "[0-9a-f]*").replacing(/[0-9]+-[0-9a-f-]{36}/, with: "[0-9]*-*")
            .replacing(/\.[0-9]+\.new$/, with: ".*.new").replacing(/\/[0-9]+(?=\/|$)/, with: "/[0-9]*")
        return "\(call) \(path)"
    }

    private func kindOfPrivate(_ parts: [String], _ name: String) -> String? {
        if name.contains("secrets.wiped") || name.contains("restored") { return "mark" }
        switch parts[3] {
        case "board": return name.contains(".equivocation") || name.contains(".violation") ? "evidence" : "entry"
        case "blobs": return "blob"
        case "identities" where parts.count > 4: return "identity"
        case let folder where folder.hasPrefix("archive-"): return "archive"
        default: break
        }
        if name.contains(".seed") || name.contains("key.share") { return "secret" }
        if parts.count == 4 { return "folder of a session" }
        return parts[4].hasPrefix("tally-") ? "proof file" : nil
    }

    /// - Parameter list: what the server listed, if anything.
    static func read(_ list: String, below home: String) throws -> [DurableStep] {
        let home = home.replacing("//", with: "/")
        return try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard fields.count == 3, fields[2].hasPrefix(home + "/") else { return nil }
            return DurableStep(call: fields[1], path: String(fields[2].dropFirst(home.count + 1)))
        }
    }
}

extension [DurableStep] {
    /// What a power cut could take back behind these steps: no kill shows it, as a killed process leaves what it wrote to the kernel.
    var unsynced: [String] {
        let steps = filter { $0.kind != "log" && $0.kind != "database" }
        let syncs = Dictionary(grouping: steps.filter { $0.call == "fsync" }) { $0.path }
        // A proof file's name may be lost: a blob has another. A folder is asked for until those above it are there.
        let folders = Set(steps.map(\.folder))
        let renamed = steps.filter { $0.call == "rename" && $0.kind != "proof file" }
        let names = Dictionary(grouping: renamed + Set(steps.filter { $0.call == "mkdir" })) { $0.folder }
        var found = names.filter { $0.value.count > syncs[$0.key]?.count ?? 0 }.map { "names in \($0.key)" }
        var contents: Set<String> = []
        for step in steps {
            switch step.call {
            case "fsync": contents.insert(step.path.replacing(/\.[0-9]+\.new$/, with: ".new"))
            case "link": contents.insert(step.path)
            case "rename":
                let other =
                    [".new", ".part"].map { step.path + $0 }
                    + [".new", ".link"].map { "\(step.folder)/.\(step.name)\($0)" }
                if contents.isDisjoint(with: other) { found.append("content of \(step.path)") }
            case "unlink" where step.kind == "secret" && !step.name.hasPrefix("."):
                if !contents.contains(step.path) { found.append("zeros in \(step.path)") }
            default: break
            }
        }
        // What is linked has been synced under its own name just before; that is none of those here.
        let linked = steps.count { $0.call == "link" && ($0.kind == "published file" || $0.folder.hasSuffix("/blobs")) }
        let own = steps.count { step in
            step.call == "fsync" && ["proof file", "archive"].contains(step.kind) && !folders.contains(step.path)
                && step.name.firstMatch(of: /^\.|\.part$|\.new$/) == nil
        }
        if own < linked { found.append("content of \(linked - own) files with two names") }
        if !contains(where: { $0.kind == "database" && ["fsync", "fdatasync"].contains($0.call) }) {
            found.append("the database")
        }
        return found
    }
}

/// What is preloaded into a server to count its durable steps, kill it in the place of one, or let some fail.
enum StepFaults {
    private static var library: String {
        (BuiltTool("eorchestra").path as NSString).deletingLastPathComponent + "/libStepFaults.so"
    }

    static func counting(into list: String, at authority: AuthorityProcess) -> [String: String] {
        ["LD_PRELOAD": library, "STEP_LIST": list, "STEP_BELOW": authority.home]
    }

    static func killing(at death: Death?, _ authority: AuthorityProcess) throws -> [String: String] {
        guard let death else { return [:] }
        var environment = counting(into: deaths(of: authority), at: authority)
        switch death {
        case .step(let number): environment["STEP_KILL"] = "\(number)"
        case .firstOf(let places):
            let home = authority.home.replacing("//", with: "/")
            // What is done again is no new death.
            let former = (try? DurableStep.read(deaths(of: authority), below: authority.home))?.map(\.place) ?? []
            // The file's place is below the authority's folder.
            let lines = places.filter { !former.contains($0.name) }.map {
                "\($0.number) \($0.name.replacing(" ", with: " \(home)/"))\n"
            }
            environment["STEP_PLACES"] = authority.home + "/places"
            try Data(lines.joined().utf8).write(to: URL(filePath: authority.home + "/places"))
        }
        return environment
    }

    /// Lists the steps in whose places an authority was killed.
    static func deaths(of authority: AuthorityProcess) -> String { authority.home + "/deaths" }

    /// - Parameter error: an errno.
    static func failing(from first: Int, every count: Int, error: Int32 = ENOSPC, _ authority: AuthorityProcess)
        -> [String: String]
    {
        [
            "LD_PRELOAD": library, "STEP_FAIL": "\(first):\(count)", "STEP_ERROR": "\(error)",
            "STEP_BELOW": authority.home + "/data",
        ]
    }
}

/// Where a server is killed, counted from its start.
enum Death: CustomStringConvertible {
    case step(Int)
    /// At whatever of these comes first.
    case firstOf([Place])

    /// The step of that number among those of that name (``DurableStep/place``).
    struct Place {
        let number: Int
        let name: String
    }

    var description: String {
        switch self {
        case .step(let number): "\(number)"
        case .firstOf(let places): places.first.map { "\($0.number) \($0.name)" } ?? "nothing"
        }
    }
}
