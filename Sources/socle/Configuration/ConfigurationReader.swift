// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Yams

/// Reads named settings from a YAML text with `SOCLE_*` variables over it, and collects every fault on the way.
///
/// A setting's variable is its dotted name in capitals: `sessions.idle` is `SOCLE_SESSIONS_IDLE`. Each reading
/// registers the name, so that `finish` can refuse what nobody asked for.
struct ConfigurationReader {
    private struct Value {
        var node: Yams.Node?
        var text: String?
        var place: ConfigurationFault.Place
    }

    private var values: [String: Value] = [:]
    private var sections: [String: ConfigurationFault.Place] = [:]
    private var known: Set<String> = []
    private let environment: [String: String]
    private(set) var faults: [ConfigurationFault] = []

    init(yaml: String, environment: [String: String]) {
        self.environment = environment
        do {
            guard let root = try Yams.compose(yaml: yaml) else { return }
            guard let mapping = root.mapping else {
                refuse("", "must hold `name: value` lines", at: Self.place(root))
                return
            }
            collect(mapping, prefix: "")
        } catch {
            let (line, message) = Self.explain(error)
            refuse("", message, at: line.map(ConfigurationFault.Place.line) ?? .file)
        }
    }

    mutating func refuse(_ key: String, _ message: String, at place: ConfigurationFault.Place? = nil) {
        let place = place ?? variable(key).map { .variable($0.name) } ?? values[key]?.place ?? sections[key] ?? .file
        faults.append(ConfigurationFault(place: place, key: key, message: message))
    }

    /// Whether the setting is given, empty or not.
    func has(_ key: String) -> Bool { variable(key) != nil || values[key] != nil }

    mutating func text(_ key: String) -> String? {
        known.insert(key)
        if let variable = variable(key) { return nonEmpty(key, variable.value) }
        guard let value = values[key] else { return nil }
        guard let text = value.text else {
            refuse(key, "must be one value, not a list")
            return nil
        }
        return nonEmpty(key, text)
    }

    mutating func requiredText(_ key: String) -> String? {
        if !has(key) { refuse(key, "is missing") }
        return text(key)
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            refuse(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A whole number and a unit: `90s`, `30m`, `12h`, `30d`.
    mutating func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
        guard let text = text(key) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), text.count <= 9,
            let count = Int64(text.dropLast()), count >= 0, text.first != "+",
            range.contains(.seconds(count * unit))
        else {
            refuse(
                key,
                "must be a whole number and a unit (`90s`, `30m`, `12h`, `30d`) from "
                    + "\(Self.spelled(range.lowerBound)) to \(Self.spelled(range.upperBound))")
            return nil
        }
        return .seconds(count * unit)
    }

    /// A YAML list of values; in the environment, values separated by commas.
    mutating func list(_ key: String) -> [String]? {
        known.insert(key)
        if let variable = variable(key) {
            return variable.value.split(separator: ",").map { $0.trimmed }
        }
        guard let value = values[key] else { return nil }
        guard let sequence = value.node?.sequence else {
            refuse(key, "must be a list")
            return nil
        }
        let texts = sequence.compactMap { $0.scalar?.string }
        guard texts.count == sequence.count else {
            refuse(key, "must be a list of single values")
            return nil
        }
        return texts
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let text = text(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            refuse(key, "must be one of " + Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
            return nil
        }
        return value
    }

    /// Refuses each key that no reading asked for, then hands back every fault in the order of the file.
    mutating func finish() -> [ConfigurationFault] {
        for (key, value) in values where !known.contains(key) {
            refuse(key, "is not a known setting\(suggestion(for: key))", at: value.place)
        }
        for (section, place) in sections where !known.contains(where: { $0.hasPrefix(section + ".") }) {
            // Its keys, where it has some, have been refused above, each on its line.
            guard !values.keys.contains(where: { $0.hasPrefix(section + ".") }) else { continue }
            refuse(section, "is not a known setting\(suggestion(for: section))", at: place)
        }
        return faults.sorted { ($0.rank, $0.key, $0.message) < ($1.rank, $1.key, $1.message) }
    }

    /// Variables that look like settings and are none: reported, not refused, since an orchestrator may set
    /// `SOCLE_PORT` by itself for a service of that name.
    func unknownVariables(besides others: Set<String>) -> [String] {
        let names = Set(known.map(Self.variableName)).union(others)
        return environment.keys.filter { $0.hasPrefix("SOCLE_") && !names.contains($0) }.sorted()
    }

    // MARK: - The tree, flattened

    private mutating func collect(_ mapping: Yams.Node.Mapping, prefix: String) {
        for (keyNode, node) in mapping {
            guard let name = keyNode.scalar?.string else {
                refuse("", "a name must be one word", at: Self.place(keyNode))
                continue
            }
            let key = prefix + name
            let place = Self.place(keyNode)
            if let inner = node.mapping {
                sections[key] = place
                collect(inner, prefix: key + ".")
            } else {
                values[key] = Value(node: node, text: node.scalar?.string, place: place)
            }
        }
    }

    private func variable(_ key: String) -> (name: String, value: String)? {
        let name = Self.variableName(key)
        return environment[name].map { (name, $0) }
    }

    /// A duration as the file would have it.
    private static func spelled(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m")]
        let unit = units.first { seconds % $0.0 == 0 && seconds >= $0.0 } ?? (1, "s")
        return "\(seconds / unit.0)\(unit.1)"
    }

    static func variableName(_ key: String) -> String {
        "SOCLE_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    private mutating func nonEmpty(_ key: String, _ text: String) -> String? {
        if text.isEmpty || text == "~" || text == "null" {
            refuse(key, "has no value")
            return nil
        }
        return text
    }

    private func suggestion(for key: String) -> String {
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let near = known.filter { name in
            let other = name.split(separator: ".").last.map(String.init) ?? name
            return other == last || editDistance(name, key) <= 2
        }
        return near.min().map { " (did you mean `\($0)`?)" } ?? ""
    }

    private static func place(_ node: Yams.Node) -> ConfigurationFault.Place {
        node.mark.map { .line($0.line) } ?? .file
    }

    /// The parser's own words, without the snippet it quotes from the file.
    private static func explain(_ error: any Error) -> (line: Int?, message: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "names given twice: " + duplicates.sorted().joined(separator: ", "))
        default: (nil, "is not YAML")
        }
    }
}

extension ConfigurationFault {
    /// Lines first, in order; then the environment; then what is missing.
    fileprivate var rank: Int {
        switch place {
        case .line(let line): line
        case .variable: Int.max - 1
        case .file: Int.max
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// How many letters must be added, removed or replaced (Levenshtein), for names short enough to be typed.
private func editDistance(_ a: String, _ b: String) -> Int {
    let target = Array(b)
    var row = Array(0...target.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in target.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[target.count]
}
