// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Lays out policies: 80 columns, two blanks of indentation, every comment and every parenthesis kept.
public enum PolicyFormatter {
    static let width = 80

    /// The same policies, laid out; laying out the result changes nothing.
    ///
    /// - Throws: the first fault of a text that is not policies.
    public static func format(_ text: String, limits: ParsingLimits = ParsingLimits()) throws(SyntaxError) -> String {
        // Read as policies first: from here on every word stands where the grammar puts it, within the limits.
        let meant = try PolicySet(parsing: text, limits: limits)
        var builder = LayoutBuilder(tokens: try CommentedToken.read(text))
        var policies: [String] = []
        while builder.kind != .end {
            var policy = builder.policy().text(width: width)
            // A comment after the last word ends its line; the blank line that follows comes from here alone.
            while policy.last == "\n" { policy.removeLast() }
            policies.append(policy)
        }
        var output = policies.joined(separator: "\n\n")
        for comment in builder.token.leading { output += (output.isEmpty ? "" : "\n") + comment }
        output += "\n"
        // What was laid out must mean what was written; nothing else is ever returned.
        guard try PolicySet(parsing: output, limits: limits).description == meant.description else {
            throw SyntaxError(at: Position(line: 1, column: 1), "this text cannot be laid out without changing it")
        }
        return output
    }
}
