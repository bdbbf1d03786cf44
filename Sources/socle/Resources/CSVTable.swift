// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A table of text with a header line.
///
/// - Source: RFC 4180. A quoted field may hold commas, quotes (doubled) and line ends.
struct CSVTable: Equatable, Sendable {
    struct Fault: Error, Equatable, CustomStringConvertible {
        /// Counted from 1, the header being line 1.
        var line: Int
        var message: String
        var description: String { "line \(line): \(message)" }
    }

    let columns: [String]
    private let cells: [[String]]

    init(parsing text: String) throws(Fault) {
        var lines = try Self.fields(text)
        guard !lines.isEmpty else { throw Fault(line: 1, message: "the table has no header") }
        columns = lines.removeFirst().fields
        for line in lines where line.fields.count != columns.count {
            throw Fault(line: line.number, message: "\(line.fields.count) fields where the header has \(columns.count)")
        }
        cells = lines.map(\.fields)
    }

    /// The rows as (column name -> field), in order.
    var rows: [[String: String]] {
        cells.map { Dictionary(zip(columns, $0)) { first, _ in first } }
    }

    private static func fields(_ text: String) throws(Fault) -> [(number: Int, fields: [String])] {
        var result: [(number: Int, fields: [String])] = []
        var row: [String] = []
        var field: [UInt8] = []
        var quoted = false
        var started = false
        var line = 1
        var firstLine = 1
        let bytes = Array(text.utf8)
        var index = 0
        func take() -> String { String(decoding: field, as: UTF8.self) }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if quoted {
                if byte == UInt8(ascii: "\"") {
                    if index < bytes.count, bytes[index] == byte {
                        field.append(byte)
                        index += 1
                    } else {
                        quoted = false
                    }
                } else {
                    if byte == 0x0A { line += 1 }
                    field.append(byte)
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                guard field.isEmpty else { throw Fault(line: line, message: "a quote inside an unquoted field") }
                quoted = true
                started = true
            case UInt8(ascii: ","):
                row.append(take())
                field = []
                started = true
            case 0x0D: continue
            case 0x0A:
                if started || !field.isEmpty {
                    row.append(take())
                    result.append((firstLine, row))
                }
                (row, field, started) = ([], [], false)
                line += 1
                firstLine = line
            default: field.append(byte)
            }
        }
        guard !quoted else { throw Fault(line: firstLine, message: "a quoted field is never closed") }
        if started || !field.isEmpty {
            row.append(take())
            result.append((firstLine, row))
        }
        return result
    }
}
