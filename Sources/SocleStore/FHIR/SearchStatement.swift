// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleFHIR
import SocleIdentity

/// A search as one statement. Its text depends on the shape of the query alone, and shapes are few: values are padded
/// to a few widths, so that the statements kept prepared stay bounded whatever is asked.
struct SearchStatement {
    private(set) var statement: Statement = ""
    private(set) var parameters: [DatabaseValue] = []
    private var text = """
        SELECT v.id, v.version, v.instant, v.content FROM fhir_current c
        JOIN fhir_versions v ON v.type = c.type AND v.id = c.id AND v.version = c.version
        WHERE c.type = $1 AND c.id > $2
        """

    /// Finds one more than a page, which tells whether there is another.
    init(_ query: SearchQuery) {
        parameters = [.text(query.type.rawValue), .text(query.after ?? "")]
        if !query.identifiers.isEmpty {
            let places = SearchStatement.padded(query.identifiers).map { bind(.text($0)) }
            text += " AND c.id IN (\(places.joined(separator: ", ")))"
        }
        for criterion in query.criteria {
            let name = bind(.text(criterion.parameter))
            let tests = SearchStatement.padded(criterion.anyOf).map { condition($0) }
            // From the index to the resources: few rows bear a value, many resources stand.
            text += """
                 AND c.id IN (SELECT i.id FROM fhir_index i WHERE i.type = $1 AND i.parameter = \(name)
                    AND (\(tests.joined(separator: " OR "))))
                """
        }
        text += " ORDER BY c.id LIMIT \(bind(.integer(Int64(query.count + 1))))"
        statement = Statement(text)
    }

    private mutating func bind(_ value: DatabaseValue) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }

    private mutating func condition(_ test: SearchQuery.Test) -> String {
        switch test {
        case .exact(let text): return "i.text = \(bind(.text(text)))"
        case .startsWith(let text):
            var pattern = ""
            for character in text {
                if character == "%" || character == "_" || character == "!" { pattern.append("!") }
                pattern.append(character)
            }
            return "i.text LIKE \(bind(.text(pattern + "%"))) ESCAPE '!'"
        case .within(let start, let end):
            // An open side is null, and within nothing but what is open there.
            let low = "i.low >= \(bind(.instant(start)))"
            return end.map { "(\(low) AND i.high <= \(bind(.instant($0))))" } ?? "(\(low))"
        case .overlaps(let start, let end):
            let low = bind(.integer(end?.milliseconds ?? .max))
            let high = bind(.integer(start?.milliseconds ?? .min))
            return "((i.low IS NULL OR i.low < \(low)) AND (i.high IS NULL OR i.high > \(high)))"
        }
    }

    private static func padded<Value>(_ values: [Value]) -> [Value] {
        guard let last = values.last else { return [] }
        // Merged patients may be more than were asked for.
        let limit = SearchQuery.valuesLimit
        let width = [1, 4].first { $0 >= values.count } ?? (values.count + limit - 1) / limit * limit
        return values + Array(repeating: last, count: width - values.count)
    }
}
