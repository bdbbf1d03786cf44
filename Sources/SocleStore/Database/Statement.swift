// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One SQL text for both stores, parameters written `$1`, `$2`, ... and bound by number.
///
/// Declare statements as `static let`: the SQLite spelling and the cache key are made once.
/// In SQLite `$1` is a *name*, numbered by first appearance; `?1` is a number, so that is what SQLite is given.
package struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    package let text: String
    let sqlite: String

    package init(_ text: String) {
        self.init(text, sqlite: text)
    }

    /// A statement that must differ, its two texts side by side.
    package init(postgres: String, sqlite: String) { self.init(postgres, sqlite: sqlite) }

    package init(stringLiteral text: String) { self.init(text) }

    private init(_ text: String, sqlite: String) {
        self.text = text
        self.sqlite = Statement.numbered(sqlite)
    }

    package static func == (a: Statement, b: Statement) -> Bool { a.text == b.text }
    /// Its length tells most statements apart, and a long one is not read whole at each use.
    package func hash(into hasher: inout Hasher) { hasher.combine(text.utf8.count) }

    /// `$n` outside quotes becomes `?n`.
    private static func numbered(_ text: String) -> String {
        var result = ""
        var quoted = false
        for character in text {
            if character == "'" { quoted.toggle() }
            result.append(character == "$" && !quoted ? "?" : character)
        }
        return result
    }
}

/// A value bound or read. Booleans are stored as the integers 0 and 1, instants as epoch milliseconds.
package enum DatabaseValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// One row, columns by position.
package struct Row: Hashable, Sendable {
    package var values: [DatabaseValue]
    package init(_ values: [DatabaseValue]) { self.values = values }
}

/// The store failed or holds something that should not be there. Never carries a bound value.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The connection or file is gone: the outcome of what was under way is unknown.
        case unavailable
        /// Another transaction is in the way: nothing was done, and trying again may succeed.
        case contention
        /// A unique, foreign key or check constraint.
        case constraint
        /// Anything else: a wrong statement, an unreadable row.
        case failed
    }
    package var kind: Kind
    package var detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
    package var description: String { "\(kind): \(detail)" }
}
