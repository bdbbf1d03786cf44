// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Obligations as policies write them, filled in from facts of a closed list.
enum Obligations {
    private static let known: Set<String> = ["{hidden}", "{residual}", "{break_glass_duration}"]

    static func unknownPlaceholders(in templates: [String]) -> [String] {
        templates.compactMap { template in
            guard let start = template.firstIndex(of: "{") else { return nil }
            let placeholder = String(template[start...])
            return known.contains(placeholder) ? nil : placeholder
        }
    }

    /// `residual:{residual}` becomes one obligation for each filter that directives leave to the holder, in order;
    /// `filter:{hidden}` becomes one obligation for each hidden candidate, none when nothing is hidden.
    static func filled(_ templates: [String], hidden: [String], residual: [String], parameters: PolicyParameters)
        -> [String]
    {
        var result: [String] = []
        for template in templates {
            guard let start = template.utf8.firstIndex(of: UInt8(ascii: "{")) else {
                result.append(template)
                continue
            }
            let prefix = template[..<start]
            switch template[start...] {
            case "{hidden}": result += hidden.map { prefix + $0 }
            case "{residual}": result += residual.map { prefix + $0 }
            case "{break_glass_duration}": result.append(prefix + parameters.breakGlassDuration)
            // INVARIANT: the program refuses any other when it is made.
            default: break
            }
        }
        return result
    }
}
