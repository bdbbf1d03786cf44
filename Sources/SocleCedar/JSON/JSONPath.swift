// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where a value stands in a JSON text. A step costs the same however long the names before it are: the path is only
/// written out for a fault.
indirect enum JSONPath {
    case root
    case member(of: JSONPath, String)
    case element(of: JSONPath, Int)

    func member(_ name: String) -> JSONPath { .member(of: self, name) }

    func element(_ place: Int) -> JSONPath { .element(of: self, place) }

    /// Names and indices from the outermost value: `[3].attrs.name`; empty for the outermost.
    var text: String {
        var steps: [String] = []
        var path = self
        while true {
            switch path {
            case .root: return String(steps.reversed().joined().drop { $0 == "." })
            case .member(let outer, let name):
                steps.append(".\(name)")
                path = outer
            case .element(let outer, let place):
                steps.append("[\(place)]")
                path = outer
            }
        }
    }
}
