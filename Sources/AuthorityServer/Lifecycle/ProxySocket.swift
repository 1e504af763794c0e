// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorErrors

/// The unix socket of `--behind-proxy`: mode 0600 and of the proxy's user alone from the first moment on that it is there.
///
/// It is bound in a folder that nobody else can enter, and moved to its path when owner and mode are right.
struct ProxySocket: Sendable {
    /// `sun_path` takes 107 bytes; the folder's name wants its share.
    static let pathByteLimit = 80

    let path: String
    /// Where the server binds.
    var boundPath: String { "\(folder)/socket" }
    private let folder: String
    private let owner: uid_t?

    /// - Parameter user: the proxy's, or nil: that of this process.
    init(path: String, user: String?) throws(ProxySocketError) {
        guard path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.count <= Self.pathByteLimit, !path.utf8.contains(0)
        else { throw .path(path) }
        self.path = path
        owner = try user.map { name throws(ProxySocketError) in
            guard let entry = getpwnam(name) else { throw .noUser(name) }
            return entry.pointee.pw_uid
        }
        guard Self.isFree(path) else { throw .occupied(path) }
        var template = Array("\((path as NSString).deletingLastPathComponent)/.eorchestra-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .unusable(path, reason: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Once the server listens at ``boundPath``: lets the proxy in, and nobody else.
    func publish() throws(ProxySocketError) {
        guard chmod(boundPath, 0o600) == 0 else { throw .unusable(path, reason: errno) }
        if let owner, owner != geteuid() {
            guard lchown(boundPath, owner, gid_t.max) == 0 else { throw .notGivenAway(path, reason: errno) }
        }
        guard rename(boundPath, path) == 0 else { throw .unusable(path, reason: errno) }
        rmdir(folder)
    }

    /// When the server has ended, or never got so far.
    func remove() {
        unlink(boundPath)
        if rmdir(folder) != 0 && errno == ENOENT { unlink(path) }
    }

    /// Nothing lies there, or a socket to which nobody listens any more.
    private static func isFree(_ path: String) -> Bool {
        var information = stat()
        guard lstat(path, &information) == 0 else { return true }
        guard information.st_mode & S_IFMT == S_IFSOCK else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return answer != 0 && errno == ECONNREFUSED
    }
}

/// Why there can be no socket for the proxy. `reason` is an `errno`.
enum ProxySocketError: OperatorError, Equatable {
    case path(String)
    case noUser(String)
    /// Another process listens there, or it is no socket.
    case occupied(String)
    case notGivenAway(String, reason: Int32)
    case unusable(String, reason: Int32)

    var message: String {
        switch self {
        case .path(let path):
            "--behind-proxy takes the absolute path of a socket, of \(ProxySocket.pathByteLimit) bytes at most, not \(quoted(path, limit: 120))"
        case .noUser(let name): "PROXY_USER names no user of this host: \(quoted(name))"
        case .occupied(let path): "\(quoted(path, limit: 120)) is in use, or is no socket"
        case .notGivenAway(let path, let reason):
            "cannot make \(quoted(path, limit: 120)) the proxy's: \(String(cString: strerror(reason)).lowercased())"
        case .unusable(let path, let reason):
            "cannot make the socket \(quoted(path, limit: 120)): \(String(cString: strerror(reason)).lowercased())"
        }
    }

    var hint: String? {
        switch self {
        case .notGivenAway: "start it as root, or with CAP_CHOWN as scripts/systemd/behind-proxy.conf does"
        case .occupied: "is another authority running with that socket?"
        case .path: "eorchestra serve --help"
        case .noUser, .unusable: nil
        }
    }

    var exitCode: ExitStatus {
        switch self {
        case .path: .usage
        case .noUser: .configuration
        default: .refused
        }
    }
}
