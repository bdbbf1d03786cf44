// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC

extension Database {
    /// One snapshot, its failures told as the sign-in's own error.
    func readForSignIn<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(RecordsUnavailable) -> Value {
        do throws(StoreError) {
            return try await read(body)
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }
}
