// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What `like` matches: code points, and `*` for any run of them, the empty one included.
public struct Pattern: Hashable, Sendable {
    public enum Element: Hashable, Sendable {
        case wildcard
        case scalar(Unicode.Scalar)
    }

    public let elements: [Element]

    public init(_ elements: [Element]) { self.elements = elements }

    /// Whether the whole text matches, in time proportional to the product of the lengths at worst.
    public func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        var (position, element) = (scalars.startIndex, 0)
        // Where to come back to when a literal run fails: after the last wildcard, one code point further each time.
        var retry: (position: String.Index, element: Int)?
        while position < scalars.endIndex {
            if element < elements.count, elements[element] == .wildcard {
                element += 1
                retry = (position, element)
            } else if element < elements.count, elements[element] == .scalar(scalars[position]) {
                element += 1
                scalars.formIndex(after: &position)
            } else if let last = retry {
                let next = scalars.index(after: last.position)
                retry = (next, last.element)
                (position, element) = (next, last.element)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .wildcard }
    }
}

extension Pattern: CustomStringConvertible {
    /// The source between the quotes: a star that stands for itself is written `\*`.
    public var description: String {
        elements.map { element in
            switch element {
            case .wildcard: "*"
            case .scalar("*"): "\\*"
            case .scalar(let scalar): StringLiteral.escaped([scalar])
            }
        }.joined()
    }
}
