// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Value: CustomStringConvertible {
    /// As a policy would write it, members and elements in a stable order.
    public var description: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .long(let value): String(value)
        case .string(let value): StringLiteral.quoted(value)
        case .entity(let uid): uid.description
        case .set(let values): "[" + values.map(\.description).sorted().joined(separator: ", ") + "]"
        case .record(let record):
            "{"
                + record.members.sorted { $0.name < $1.name }
                .map { "\(StringLiteral.quoted($0.name.string)): \($0.value)" }.joined(separator: ", ") + "}"
        case .decimal(let value): "decimal(\"\(value)\")"
        case .ip(let value): "ip(\"\(value)\")"
        case .datetime(let instant): "datetime(\"1970-01-01\").offset(duration(\"\(instant)ms\"))"
        case .duration(let span): "duration(\"\(span)ms\")"
        }
    }
}
