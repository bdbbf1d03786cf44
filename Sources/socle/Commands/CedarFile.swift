// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import SocleJSON

/// Reads the files of the `cedar` commands. A fault names the file, then its place.
enum CedarFile {
    static func text(_ path: String) throws(CommandFailure) -> String {
        let data =
            path == "-"
            ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: path)
        guard let data else {
            throw CommandFailure("\(path): cannot be read: give a file that exists, or - for standard input")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("\(path): is not UTF-8: save it in that encoding")
        }
        return text
    }

    /// Neither a policy nor a schema begins with a brace in its text form.
    static func form(of text: String) -> CedarForm {
        text.first { !$0.isWhitespace } == "{" ? .json : .text
    }

    static func policies(_ path: String, links: String? = nil) throws(CommandFailure) -> PolicySet {
        var set = try policies(in: text(path), path)
        if let links { try link(&set, links) }
        return set
    }

    static func policies(in text: String, _ path: String) throws(CommandFailure) -> PolicySet {
        do {
            return form(of: text) == .json ? try PolicySet(json: text) : try PolicySet(parsing: text)
        } catch { throw failure(path, error) }
    }

    /// A text is named with its line and column as compilers do, JSON with the path within it.
    static func failure(_ path: String, _ fault: any Error) -> CommandFailure {
        CommandFailure(fault is SyntaxError ? "\(path):\(fault)" : "\(path): \(fault)")
    }

    static func schema(_ path: String) throws(CommandFailure) -> Schema {
        let text = try text(path)
        do {
            return form(of: text) == .json ? try Schema(json: text) : try Schema(parsing: text)
        } catch { throw failure(path, error) }
    }

    static func json(_ path: String) throws(CommandFailure) -> JSONValue {
        let text = try text(path)
        do {
            return try JSONValue(parsing: text, limits: JSONLimits(bytes: 1 << 28, depth: 512, values: 50_000_000))
        } catch { throw CommandFailure("\(path): \(error)") }
    }

    /// Adds links: `[{"template_id", "link_id", "args": {"?principal": "T::\"id\""}}]`, or as the JSON form of a
    /// policy set writes them. A template is named by its id, or else by its `@id`.
    private static func link(_ set: inout PolicySet, _ path: String) throws(CommandFailure) {
        guard let links = try json(path).array else { throw CommandFailure("\(path): an array of links is expected") }
        for link in links {
            guard let name = (link["template_id"] ?? link["templateId"])?.string,
                let id = (link["link_id"] ?? link["newId"])?.string,
                let arguments = (link["args"] ?? link["values"])?.object
            else { throw CommandFailure("\(path): a link has a template, a name and values") }
            guard
                let template = set.templates.first(where: { Text($0.id) == Text(name) })
                    ?? set.templates.first(where: { $0.annotations["id"].map { Text($0) } == Text(name) })
            else { throw CommandFailure("\(path): no template is named `\(name)`") }
            var values: [Slot: EntityUID] = [:]
            for (slot, value) in arguments.members {
                guard slot.hasPrefix("?"), let slot = Slot(rawValue: String(slot.dropFirst())),
                    let uid = entity(value)
                else { throw CommandFailure("\(path): `\(slot)` of the link `\(id)` is not a slot with an entity") }
                values[slot] = uid
            }
            do { try set.link(templateID: template.id, id: id, values: values) } catch {
                throw CommandFailure("\(path): \(error)")
            }
        }
    }

    private static func entity(_ json: JSONValue) -> EntityUID? {
        if let text = json.string { return try? EntityUID(parsing: text) }
        let json = json["__entity"] ?? json
        guard let type = json["type"]?.string, let id = json["id"]?.string else { return nil }
        return EntityUID(type: type, id: id)
    }
}
