// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// How much a text may ask of its reader. Past a limit, reading stops with an error and its position.
public struct ParsingLimits: Hashable, Sendable {
    /// Brackets, conditionals and sets inside one another.
    public var nesting: Int
    /// Levels of the tree built, chains of operators counted (those of `&&` and `||` are flat).
    public var depth: Int

    /// Parts of a common type once the names in it are replaced by what they stand for.
    public var typeSize: Int

    public init(nesting: Int = 128, depth: Int = 512, typeSize: Int = 100_000) {
        self.nesting = nesting
        self.depth = depth
        self.typeSize = typeSize
    }
}
