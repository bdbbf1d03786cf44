// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Columns by position and type. A value of another type is a fault of the store or of the statement, never a
/// default: the accessor throws, and whatever rested on the row is refused.
extension Row {
    package func text(_ column: Int) throws(StoreError) -> String {
        guard case .text(let value) = try value(column) else { throw unexpected(column, "a text") }
        return value
    }

    package func integer(_ column: Int) throws(StoreError) -> Int64 {
        guard case .integer(let value) = try value(column) else { throw unexpected(column, "an integer") }
        return value
    }

    package func bool(_ column: Int) throws(StoreError) -> Bool {
        switch try integer(column) {
        case 0: return false
        case 1: return true
        default: throw unexpected(column, "0 or 1")
        }
    }

    package func blob(_ column: Int) throws(StoreError) -> [UInt8] {
        guard case .blob(let value) = try value(column) else { throw unexpected(column, "bytes") }
        return value
    }

    package func instant(_ column: Int) throws(StoreError) -> Instant {
        Instant(milliseconds: try integer(column))
    }

    package func isNull(_ column: Int) throws(StoreError) -> Bool { try value(column) == .null }

    package func optionalText(_ column: Int) throws(StoreError) -> String? {
        try isNull(column) ? nil : try text(column)
    }

    package func optionalInteger(_ column: Int) throws(StoreError) -> Int64? {
        try isNull(column) ? nil : try integer(column)
    }

    package func optionalBool(_ column: Int) throws(StoreError) -> Bool? {
        try isNull(column) ? nil : try bool(column)
    }

    package func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
        try isNull(column) ? nil : try blob(column)
    }

    package func optionalInstant(_ column: Int) throws(StoreError) -> Instant? {
        try isNull(column) ? nil : try instant(column)
    }

    /// An enum stored by its raw value. A spelling this version does not know throws.
    package func value<Value: RawRepresentable>(
        _ column: Int, as type: Value.Type
    ) throws(StoreError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: try text(column)) else { throw unexpected(column, "one of \(type)") }
        return value
    }

    private func value(_ column: Int) throws(StoreError) -> DatabaseValue {
        guard values.indices.contains(column) else {
            throw StoreError(.failed, "column \(column) of a row of \(values.count)")
        }
        return values[column]
    }

    private func unexpected(_ column: Int, _ expected: String) -> StoreError {
        StoreError(.failed, "column \(column) is not \(expected)")
    }
}

/// What binds without ceremony: `[.text(id), .instant(now), .optional(end)]`.
extension DatabaseValue {
    package static func bool(_ value: Bool) -> DatabaseValue { .integer(value ? 1 : 0) }
    package static func instant(_ value: Instant) -> DatabaseValue { .integer(value.milliseconds) }
    package static func optional(_ value: String?) -> DatabaseValue { value.map(DatabaseValue.text) ?? .null }
    package static func optional(_ value: Int64?) -> DatabaseValue { value.map(DatabaseValue.integer) ?? .null }
    package static func optional(_ value: [UInt8]?) -> DatabaseValue { value.map(DatabaseValue.blob) ?? .null }
    package static func optional(_ value: Instant?) -> DatabaseValue { value.map(DatabaseValue.instant) ?? .null }
    package static func optional(_ value: Bool?) -> DatabaseValue { value.map(DatabaseValue.bool) ?? .null }
}
