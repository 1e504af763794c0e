// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import HTTPTypes
import Hummingbird
import Logging
import MutualTLS
import OperatorErrors
import Orchestration
import StrictJSON

/// Turns every error into an HTTP status with `{"error": …}`, and `"hint"` where there is one. What is no refusal but a fault
/// of ours is logged, and told to nobody.
struct RefusalsAsJSON: RouterMiddleware {
    typealias Context = BasicPeerRequestContext

    private let refusals = RefusalLog()

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let (status, message, hint) = Self.answer(to: error, request: request)
            if status >= 500, !(error is RequestRefusal) {
                context.logger.error("a request failed: \(error)", metadata: ["path": "\(quoted(request.uri.path))"])
            } else {
                refusals.note(
                    "refused: \(message)", metadata: ["path": "\(quoted(request.uri.path))"], to: context.logger)
            }
            var body: JSONValue = ["error": .string(message)]
            if let hint { body = ["error": .string(message), "hint": .string(hint)] }
            return json(body, status: .init(code: status))
        }
    }

    private static func answer(to error: any Error, request: Request) -> (Int, String, String?) {
        switch error {
        case let error as RequestRefusal: return (error.status, error.message, error.hint)
        case let error as StoreError:
            switch error {
            case .electionExists: return (409, error.message, error.hint)
            case .electionName: return (400, error.message, error.hint)
            default: return (500, "this authority could not store it", nil)
            }
        case let error as JSONSyntaxError: return (400, error.message, error.hint)
        case let error as JSONShapeError: return (400, error.message, error.hint)
        case let error as BoardError: return (400, error.message, error.hint)
        case let error as HTTPError:
            switch error.status.code {
            case 404: return (404, RequestRefusal.notFound(path: request.uri.path).message, nil)
            case 413: return (413, "the request is too large", nil)
            case let code: return (code, error.body ?? "the request cannot be answered", nil)
            }
        default: return (500, "this authority could not answer", nil)
        }
    }
}
