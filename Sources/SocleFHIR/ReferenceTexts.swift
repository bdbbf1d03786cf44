// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// The literal references of a resource, wherever they stand.
enum ReferenceTexts {
    static func literal(in value: JSONValue) -> Set<String> {
        var found: Set<String> = []
        collect(value, into: &found)
        return found
    }

    private static func collect(_ value: JSONValue, into found: inout Set<String>) {
        switch value {
        case .array(let values): for value in values { collect(value, into: &found) }
        case .object(let object):
            if let text = object["reference"]?.string { found.insert(text) }
            for member in object.members { collect(member.value, into: &found) }
        default: break
        }
    }

    /// The same value with each reference replaced by what is given for it; nil leaves it.
    static func replaced(
        in value: JSONValue, by replacement: (String) throws(FHIRRefusal) -> String?
    ) throws(FHIRRefusal) -> JSONValue {
        switch value {
        case .array(let values):
            var replaced: [JSONValue] = []
            for value in values { replaced.append(try self.replaced(in: value, by: replacement)) }
            return .array(replaced)
        case .object(let object):
            var result = JSONObject()
            for (name, value) in object.members {
                if name == "reference", let text = value.string {
                    result[name] = .string(try replacement(text) ?? text)
                } else {
                    result[name] = try replaced(in: value, by: replacement)
                }
            }
            return .object(result)
        default: return value
        }
    }
}
