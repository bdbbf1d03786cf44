// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Text with the places where a line may end, laid out within a width.
///
/// - Source: P. Wadler, A prettier printer (2003): a group goes on one line when it fits there, else each of its own
///   lines ends.
indirect enum Layout: Sendable {
    case text(String)
    /// A space, or the end of the line.
    case line
    /// Nothing, or the end of the line.
    case softLine
    /// The end of the line, whatever the width: no group around it goes on one line.
    case hardLine
    case sequence([Layout])
    case nest(Int, Layout)
    case group(Layout)

    static let empty = Layout.sequence([])

    static func + (a: Layout, b: Layout) -> Layout { .sequence([a, b]) }
}

extension Layout {
    private typealias Command = (indent: Int, isFlat: Bool, layout: Layout)

    /// The text within the width: no blank line, no blank at the end of a line, but for those within strings.
    func text(width: Int) -> String {
        var output = ""
        var column = 0
        // The indentation of a line that has nothing yet; nil once it has.
        var pending: Int? = 0
        var commands: [Command] = [(0, false, self)]
        while let (indent, isFlat, layout) = commands.popLast() {
            switch layout {
            case .text(let text):
                var text = text
                if let start = pending {
                    // A space at the beginning of a line is only indentation, which is written here.
                    text = String(text.drop { $0 == " " })
                    guard !text.isEmpty else { continue }
                    output += String(repeating: " ", count: start)
                    pending = nil
                }
                output += text
                column += text.unicodeScalars.count
            case .line where isFlat: commands.append((indent, true, .text(" ")))
            case .softLine where isFlat: continue
            case .line, .softLine, .hardLine:
                if pending == nil {
                    while output.last == " " { output.removeLast() }
                    output += "\n"
                }
                (pending, column) = (indent, indent)
            case .sequence(let layouts): for part in layouts.reversed() { commands.append((indent, isFlat, part)) }
            case .nest(let more, let layout): commands.append((indent + more, isFlat, layout))
            case .group(let layout):
                let flat = isFlat || Layout.fits(width - column, layout, commands)
                commands.append((indent, flat, layout))
            }
        }
        return output
    }

    /// Whether a layout on one line, and what follows it up to the end of that line, fits in a width.
    private static func fits(_ width: Int, _ layout: Layout, _ rest: [Command]) -> Bool {
        var room = width
        var commands: [Command] = [(0, true, layout)]
        var next = rest.count
        while room >= 0 {
            let command: Command
            if let last = commands.popLast() {
                command = last
            } else if next > 0 {
                next -= 1
                command = rest[next]
            } else {
                return true
            }
            switch command.layout {
            case .text(let text): room -= text.unicodeScalars.count
            case .line:
                guard command.isFlat else { return true }
                room -= 1
            case .softLine: guard command.isFlat else { return true }
            case .hardLine: return !command.isFlat
            case .sequence(let layouts):
                for part in layouts.reversed() { commands.append((0, command.isFlat, part)) }
            case .nest(_, let layout), .group(let layout): commands.append((0, command.isFlat, layout))
            }
        }
        return false
    }
}
