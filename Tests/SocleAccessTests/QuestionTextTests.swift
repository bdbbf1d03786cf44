// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleJSON
import Testing

@Suite("Texts of a question")
struct QuestionTextTests {
    @Test(
        "a NUL is malformed wherever it stands: a store that cannot hold it must not look unavailable",
        arguments: [
            #"{"subject":{"type":"professional","id":"a\u0000"},"action":{"name":"read"},"resource":{"type":"d","id":"1"}}"#,
            #"{"subject":{"type":"professional","id":"a"},"action":{"name":"read\u0000"},"resource":{"type":"d","id":"1"}}"#,
            #"""
            {"subject":{"type":"professional","id":"a"},"action":{"name":"read"},
            "resource":{"type":"d","id":"1","properties":{"patient":"PAT-1\u0000"}}}
            """#,
            #"""
            {"subject":{"type":"professional","id":"a"},"action":{"name":"read"},
            "resource":{"type":"d","id":"1","properties":{"candidates":["DOC\u0000"]}}}
            """#,
        ])
    func nul(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: MalformedQuestion.self) { try AccessQuestion(JSONView(json)) }
    }
}
