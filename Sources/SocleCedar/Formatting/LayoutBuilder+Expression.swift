// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension LayoutBuilder {
    mutating func expression() -> Layout {
        guard isWord("if") else { return chain(.or) { $0.chain(.and) { $0.relation() } } }
        var parts: [Layout] = []
        for _ in 0..<3 {
            if !parts.isEmpty { parts.append(.line) }
            parts.append(take())
            parts.append(.nest(2, .line + expression()))
        }
        return .group(.sequence(parts))
    }

    /// Operands joined by one operator, which ends the lines.
    private mutating func chain(_ operation: Token.Kind, _ operand: (inout LayoutBuilder) -> Layout) -> Layout {
        var parts = [operand(&self)]
        guard kind == operation else { return parts[0] }
        while kind == operation { parts += [.text(" "), take(), .line, operand(&self)] }
        return .group(.sequence(parts))
    }

    private mutating func relation() -> Layout {
        let left = sum()
        switch kind {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .assign:
            return comparison(left)
        case .identifier where isWord("in"): return comparison(left)
        case .identifier where isWord("has"):
            let word = take()
            var path = [take()]
            while kind == .period {
                if path.count > 1 { path.append(.softLine) }
                path += [take(), take()]
            }
            return .group(left + .line + word + .line + .group(.nest(4, .sequence(path))))
        case .identifier where isWord("like"):
            return .group(left + .line + take() + .nest(2, .line + take()))
        case .identifier where isWord("is"):
            var parts = [left, .line, take(), .line, path()]
            if isWord("in") { parts += [.line, take(), .line, sum()] }
            return .group(.sequence(parts))
        default: return left
        }
    }

    /// On one line, but for what its sides do themselves.
    private mutating func comparison(_ left: Layout) -> Layout {
        let operation = take()
        return left + .text(" ") + operation + .text(" ") + sum()
    }

    private mutating func sum() -> Layout { arithmetic([.plus, .minus]) { $0.arithmetic([.star]) { $0.unary() } } }

    private mutating func arithmetic(_ operations: [Token.Kind], _ operand: (inout LayoutBuilder) -> Layout) -> Layout {
        var parts = [operand(&self)]
        guard operations.contains(kind) else { return parts[0] }
        while operations.contains(kind) { parts += [.text(" "), take(), .line, operand(&self)] }
        return .group(.sequence(parts))
    }

    private mutating func unary() -> Layout {
        var signs: [Layout] = []
        while kind == .not || kind == .minus { signs.append(take()) }
        return .sequence(signs + [member()])
    }

    /// A base and what is read of it: the first stays beside the base, the others may each begin a line.
    private mutating func member() -> Layout {
        let base = primary()
        var accesses: [Layout] = []
        while true {
            switch kind {
            case .period: accesses.append(take() + take())
            case .leftBracket: accesses.append(take() + take() + take())
            case .leftParenthesis: accesses.append(arguments())
            default:
                guard let first = accesses.first else { return base }
                let rest = accesses.dropFirst().map { .softLine + $0 }
                return .group(base + first + .nest(2, .sequence(Array(rest))))
            }
        }
    }

    private mutating func primary() -> Layout {
        switch kind {
        case .leftParenthesis: return take() + .nest(1, expression()) + take()
        case .leftBracket: return list()
        case .leftBrace: return record()
        case .identifier where following(1) == .pathSeparator: return path()
        default: return take()
        }
    }

    private mutating func arguments() -> Layout {
        let open = take()
        guard kind != .rightParenthesis else { return open + take() }
        let arguments = elements(until: .rightParenthesis)
        return .group(open + .nest(2, .softLine + arguments) + .softLine + take())
    }

    mutating func list() -> Layout {
        let open = take()
        guard kind != .rightBracket else { return open + take() }
        let elements = elements(until: .rightBracket)
        return .group(.nest(1, open + elements + take()))
    }

    private mutating func record() -> Layout {
        let open = take()
        guard kind != .rightBrace else { return open + take() }
        var members: [Layout] = []
        while kind != .rightBrace {
            var member = take() + take() + .text(" ") + expression()
            if kind == .comma { member = member + takeComma(before: .rightBrace) }
            members.append(member)
        }
        return .group(open + .nest(2, .line + joined(members, by: .line)) + .line + take())
    }

    private mutating func elements(until end: Token.Kind) -> Layout {
        var elements: [Layout] = []
        while kind != end {
            var element = expression()
            if kind == .comma { element = element + takeComma(before: end) }
            elements.append(element)
        }
        return joined(elements, by: .line)
    }
}
