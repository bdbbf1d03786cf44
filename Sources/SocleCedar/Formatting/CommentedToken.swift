// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A word with the comments written around it.
struct CommentedToken {
    let kind: Token.Kind
    /// As written, quotes included.
    let text: String
    /// On the lines before it.
    var leading: [String] = []
    /// On the rest of its line.
    var trailing: String?

    /// Every word of a text, the end included; the comments before the end of the text lead it.
    static func read(_ text: String) throws(SyntaxError) -> [CommentedToken] {
        let bytes = Array(text.utf8)
        var lexer = Lexer(text)
        var tokens: [CommentedToken] = []
        var end = 0
        while true {
            let token = try lexer.next()
            let quote = token.kind == .string ? 1 : 0
            let range = token.range.lowerBound - quote..<token.range.upperBound + quote
            var (trailing, leading) = comments(bytes[end..<range.lowerBound])
            if let found = trailing {
                if tokens.isEmpty { leading.insert(found, at: 0) } else { tokens[tokens.count - 1].trailing = found }
                trailing = nil
            }
            tokens.append(
                CommentedToken(kind: token.kind, text: String(decoding: bytes[range], as: UTF8.self), leading: leading))
            guard token.kind != .end else { return tokens }
            end = range.upperBound
        }
    }

    /// The comments between two words: the one that ends the line of the first, then the others.
    private static func comments(_ gap: ArraySlice<UInt8>) -> (trailing: String?, leading: [String]) {
        var trailing: String?
        var leading: [String] = []
        for (number, line) in gap.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D })
            .enumerated()
        {
            guard let start = line.firstIndex(of: UInt8(ascii: "/")) else { continue }
            var comment = String(decoding: line[start...], as: UTF8.self)
            while let last = comment.unicodeScalars.last, last.properties.isWhitespace {
                comment.unicodeScalars.removeLast()
            }
            if number == 0 { trailing = comment } else { leading.append(comment) }
        }
        return (trailing, leading)
    }
}
