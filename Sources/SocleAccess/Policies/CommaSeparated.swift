// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A table as text: a header line, then one row a line, fields separated by commas and quoted where they hold one
/// (RFC 4180, without line breaks inside a field).
package struct CommaSeparated: Sendable {
    package struct Row: Sendable {
        /// From 1, the header being line 1.
        package let line: Int
        fileprivate let fields: [String]
        fileprivate let columns: [String: Int]

        /// The field under that heading; empty when the row is short.
        package subscript(column: String) -> String {
            guard let index = columns[column], index < fields.count else { return "" }
            return fields[index]
        }
    }

    package let rows: [Row]
    package let columns: Set<String>

    package init(_ text: String) {
        var rows: [Row] = []
        var columns: [String: Int] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            let fields = CommaSeparated.fields(line)
            if columns.isEmpty {
                columns = Dictionary(zip(fields, fields.indices), uniquingKeysWith: { first, _ in first })
            } else {
                rows.append(Row(line: index + 1, fields: fields, columns: columns))
            }
        }
        self.rows = rows
        self.columns = Set(columns.keys)
    }

    private static func fields(_ line: Substring) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        var bytes = Array(line.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where quoted && bytes.first == UInt8(ascii: "\""):
                field.append(byte)
                bytes.removeFirst()
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: ",") where !quoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            default: field.append(byte)
            }
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return fields
    }
}
