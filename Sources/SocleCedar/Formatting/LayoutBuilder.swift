// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Walks the words of policies known to be well formed and gives their layout.
struct LayoutBuilder {
    private let tokens: [CommentedToken]
    private var place = 0

    init(tokens: [CommentedToken]) { self.tokens = tokens }

    var token: CommentedToken { tokens[place] }
    var kind: Token.Kind { token.kind }

    func isWord(_ word: String) -> Bool { kind == .identifier && token.text == word }

    func following(_ ahead: Int) -> Token.Kind {
        place + ahead < tokens.count ? tokens[place + ahead].kind : .end
    }

    /// The next word with its comments, each on a line that ends with it.
    mutating func take() -> Layout { take(token.text) }

    /// The comma between two elements, or what is left of the one after the last: its comments.
    mutating func takeComma(before end: Token.Kind) -> Layout { take(following(1) == end ? "" : token.text) }

    private mutating func take(_ text: String) -> Layout {
        let token = token
        if place < tokens.count - 1 { place += 1 }
        var parts: [Layout] = []
        if !token.leading.isEmpty { parts.append(.hardLine) }
        for comment in token.leading { parts += [.text(comment), .hardLine] }
        parts.append(.text(text))
        if let comment = token.trailing { parts += [.text(" " + comment), .hardLine] }
        return .sequence(parts)
    }
}

// Policies.
extension LayoutBuilder {
    mutating func policy() -> Layout {
        var parts: [Layout] = []
        while kind == .at {
            parts += [take(), take()]
            if kind == .leftParenthesis { parts += [take(), take(), take()] }
            parts.append(.hardLine)
        }
        parts += [take(), .text(" ")]
        parts.append(scope())
        while isWord("when") || isWord("unless") {
            parts.append(.hardLine)
            let keyword = take()
            let open = take()
            let body = kind == .rightBrace ? Layout.empty : expression()
            let block = Layout.group(open + .nest(2, .line + body) + .line + take())
            parts.append(.group(keyword + .line + block))
        }
        parts.append(take())
        return .sequence(parts)
    }

    private mutating func scope() -> Layout {
        let open = take()
        var constraints: [Layout] = []
        var isConstrained = false
        while kind != .rightParenthesis {
            var constraint = take()
            if kind != .comma, kind != .rightParenthesis {
                isConstrained = true
                constraint = self.constraint(constraint)
            }
            if kind == .comma { constraint = constraint + takeComma(before: .rightParenthesis) }
            constraints.append(constraint)
        }
        guard isConstrained else {
            return open + .nest(2, .group(joined(constraints, by: .group(.line)))) + take()
        }
        return open + .nest(2, .hardLine + joined(constraints, by: .hardLine)) + .hardLine + take()
    }

    /// `== Entity`, `in Entity`, `in [Entities]`, `is Type`, `is Type in Entity`, after the variable.
    private mutating func constraint(_ variable: Layout) -> Layout {
        if isWord("is") {
            var parts = [variable, .line, take(), .line, path()]
            if isWord("in") { parts += [.line, take(), .line, entity()] }
            return parts[0] + .group(.nest(2, .sequence(Array(parts.dropFirst()))))
        }
        let operation = take()
        let value = kind == .leftBracket ? list() : entity()
        return variable + .group(.text(" ") + operation + .nest(2, .line + value))
    }

    /// An entity or a slot.
    private mutating func entity() -> Layout { kind == .slot ? take() : path() }

    /// `A::B` or `A::B::"id"`.
    mutating func path() -> Layout {
        var parts = [take()]
        while kind == .pathSeparator { parts += [take(), take()] }
        return .sequence(parts)
    }

    func joined(_ parts: [Layout], by separator: Layout) -> Layout {
        var joined: [Layout] = []
        for (place, part) in parts.enumerated() {
            if place > 0 { joined.append(separator) }
            joined.append(part)
        }
        return .sequence(joined)
    }
}
