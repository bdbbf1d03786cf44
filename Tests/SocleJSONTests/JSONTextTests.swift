// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@Suite("Texts written without a tree · RFC 8259")
struct JSONTextTests {
    private func describe(_ members: inout some JSONMembers) {
        members.append(unique: "na\"me", "line\nbreak \u{1} é \\")
        members.append(unique: "absent", nil as String?)
        members.append(unique: "none", [])
        members.append(unique: "some", ["a", "b\"", ""])
        members.append(unique: "nothing") { _ in }
        members.append(unique: "object") { inner in
            inner.append(unique: "count", .integer(-3))
            inner.append(unique: "deeper") { $0.append(unique: "yes", .bool(true)) }
            inner.append(unique: "after", "x")
        }
        members.append(unique: "last", ["mixed": [1, .null, "é"]] as JSONValue)
    }

    @Test("a text is byte for byte the one of the tree that has the same members") func same() throws {
        var tree = JSONObject()
        describe(&tree)
        let text = JSONText { describe(&$0) }
        #expect(text.bytes == JSONValue.object(tree).bytes)
        #expect(text == JSONText(tree) && text.value == .object(tree))
        #expect(text["object"]?["deeper"]?["yes"] == true && text["absent"] == nil)
    }

    @Test("a list of one object stands between its brackets, and what follows is separated") func listing() throws {
        let text = JSONText { members in
            members.append(unique: "items", listing: { $0.append(unique: "a", "1") })
            members.append(unique: "then", "b")
        }
        #expect(text.description == #"{"items":[{"a":"1"}],"then":"b"}"#)
    }

    @Test("an object without members is an object, and a value that is none has no members") func empty() {
        #expect(JSONText { _ in }.description == "{}")
        #expect(JSONText([1, 2] as JSONValue)["0"] == nil)
    }

    @Test("members written once stand among the others as if they were written there") func parts() {
        let part = JSONText.Part { $0.append(unique: "b", "2") }
        let none = JSONText.Part { _ in }
        let text = JSONText { members in
            members.append(none)
            members.append(part)
            members.append(unique: "a", ["x"])
            members.append(none)
            members.append(unique: "texts", [JSONText([1]), JSONText("t")])
            members.append(unique: "no texts", [] as [JSONText])
        }
        #expect(text.description == #"{"b":"2","a":["x"],"texts":[[1],"t"],"no texts":[]}"#)
        #expect(JSONText { $0.append(none) }.description == "{}")
    }
}
