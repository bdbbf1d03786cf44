// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// The questions of one call as its journal entry lists them, each with its outcome.
///
/// One question is an array of one object, `items`. Several are a table, `items: {"columns": {name: [values]}, "rows"}`:
/// each distinct value of a member stands once in its column, and a row holds the places of its values there, -1 for a
/// member it does not have. What a call repeats for each of a thousand questions is then written once, so that an entry
/// is never much longer than the request it tells of.
package enum EntryItems {
    package static let name = "items"

    package static func write(_ items: [JSONObject], in details: inout JSONObject) {
        guard items.count > 1 else {
            details[name] = .array(items.map(JSONValue.object))
            return
        }
        var names: [String] = []
        var columns: [String: Column] = [:]
        for item in items {
            for name in item.names where columns[name] == nil {
                names.append(name)
                columns[name] = Column()
            }
        }
        let rows = items.map { item in
            JSONValue.array(names.map { .integer(columns[$0]?.place(of: item[$0]) ?? -1) })
        }
        var values = JSONObject()
        for name in names { values[name] = columns[name].map { .array($0.values) } }
        details[name] = ["columns": .object(values), "rows": .array(rows)]
    }

    /// The items again, from the details of an entry; nil for an entry that lists none, or lists them in a way that
    /// this version does not know.
    package static func read(_ details: JSONObject) -> [JSONObject]? {
        guard let items = details[name] else { return nil }
        if let list = items.array {
            let objects = list.compactMap(\.object)
            return objects.count == list.count ? objects : nil
        }
        guard let columns = items["columns"]?.object?.members, let rows = items["rows"]?.array else { return nil }
        let values = columns.compactMap { column in column.value.array.map { (name: column.name, values: $0) } }
        guard values.count == columns.count else { return nil }
        var result: [JSONObject] = []
        for row in rows {
            guard let places = row.array, places.count == values.count else { return nil }
            var item = JSONObject()
            for (column, place) in zip(values, places) {
                guard let place = place.integer, place < Int64(column.values.count) else { return nil }
                if place >= 0 { item[column.name] = column.values[Int(place)] }
            }
            result.append(item)
        }
        return result
    }

    private struct Column {
        var values: [JSONValue] = []
        /// By the bytes of the value: two spellings of one character are two values, and both are told.
        private var places: [[UInt8]: Int64] = [:]
        private var last: (bytes: [UInt8], place: Int64)?

        /// Most items of a call say what the one before them said.
        mutating func place(of value: JSONValue?) -> Int64 {
            guard let value else { return -1 }
            let bytes = value.bytes
            if let last, last.bytes == bytes { return last.place }
            let place = places[bytes] ?? Int64(values.count)
            if place == Int64(values.count) {
                values.append(value)
                places[bytes] = place
            }
            last = (bytes, place)
            return place
        }
    }
}
