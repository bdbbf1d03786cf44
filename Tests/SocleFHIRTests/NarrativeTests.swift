// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@testable import SocleFHIR

@Suite("Narratives · FHIR R4 txt-1, txt-2: nothing in them runs")
struct NarrativeTests {
    private func fault(_ div: String, contained: Bool = false) throws -> String? {
        let text: JSONValue = ["status": "generated", "div": .string(div)]
        let patient: JSONValue = ["resourceType": "Patient", "text": text]
        let holder: JSONValue = [
            "resourceType": "Patient", "contained": [["resourceType": "Patient", "id": "o", "text": text]],
        ]
        do throws(FHIRRefusal) {
            _ = try Resource(contained ? holder : patient)
            return nil
        } catch {
            return "\(error.status) \(error.issues.first?.expression ?? "-")"
        }
    }

    @Test(
        "what only shows is kept",
        arguments: [
            #"<div xmlns="http://www.w3.org/1999/xhtml">Jeanne &amp; No&#233;</div>"#,
            "<div lang='fr' xml:lang='fr'><h1>A</h1><p class=\"x\">b<br/>c<br /></p><!-- generated --></div>",
            "<div><table border=\"1\"><tbody><tr><td colspan=\"2\" style=\"color: #900 !important\">1 > 0</td></tr></tbody></table></div>",
            "<div><a href=\"https://esante.gouv.fr/?a=1&amp;b=2\">x</a><a href=\"#t\">y</a><a href=\"Patient/1\">z</a></div>",
            "<div><a href=\"mailto:a@b.fr\">x</a><a href=\"/a:b\">y</a></div>",
            "<div><img src=\"#logo\" alt=\"\"/></div>",
            "\n<div><table rules=\"all\" frame=\"box\"><tr><td nowrap=\"nowrap\">a</td></tr></table></div>\n",
            "<div><q cite=\"https://x.fr\">a</q><u>b</u><font color=\"red\" size=\"2\">&#xE9;&#10;c</font></div>",
            "<div><img src=\"data:image/png;base64,AAAA\"/></div>",
        ])
    func kept(_ div: String) throws {
        #expect(try fault(div) == nil)
    }

    @Test(
        "what runs, fetches, hides or is no XHTML is refused, with its place",
        arguments: [
            "<div><script>alert(1)</script></div>", "<div><SCRIPT>a</SCRIPT></div>", "<div><style>a{}</style>b</div>",
            "<div><iframe src=\"https://x\"/>a</div>", "<div><object/>a</div>", "<div><form><input/></form>a</div>",
            "<div><svg onload=\"a()\"/>a</div>", "<div><x:script>a</x:script></div>", "<div><body>a</body></div>",
            "<div onclick=\"a()\">a</div>", "<div><img src=\"x\" onerror=\"a()\"/></div>",
            "<div><p ONCLICK=\"a()\">a</p></div>",
            "<div><a href=\"javascript:a()\">a</a></div>", "<div><a href=\"JavaScript:a()\">a</a></div>",
            "<div><a href=\" javascript:a()\">a</a></div>", "<div><a href=\"java&#115;cript:a()\">a</a></div>",
            "<div><a href=\"java&Tab;script:a()\">a</a></div>", "<div><a href=\"javascript&colon;a()\">a</a></div>",
            "<div><a href=\"java\nscript:a()\">a</a></div>", "<div><a href=\"vbscript:a()\">a</a></div>",
            "<div><a href=\"data:text/html,x\">a</a></div>", "<div><img src=\"data:image/svg+xml;base64,AAAA\"/></div>",
            "<div><p style=\"background: URL(https://x)\">a</p></div>",
            "<div><p style=\"width: expression(a)\">a</p></div>",
            "<div><p style=\"b: u\\72l(x)\">a</p></div>",
            "<div><p style=\"background: image-set('https://x' 1x)\">a</p></div>",
            "<div><p style=\"color: red; position: fixed\">a</p></div>",
            "<div><p style=\"color: rgb(0,0,0)\">a</p></div>",
            "<div><p style=\"color\">a</p></div>", "<div xmlns=\"urn:x\">a</div>",
            "<div><p>a</div>", "<div>a<br></div>", "<div>a</div><script>b</script></div>", "<div>a</div></div>",
            "<div><p class=x>a</p></div>", "<div><p class=\"a\" class=\"b\">a</p></div>",
            "<div><p class=\"<\">a</p></div>",
            "<div><![CDATA[<script>]]></div>", "<div><?php a ?></div>", "<div>a<!-- --><script> --></div>",
            "<div>a<!--><script>b</script>--></div>", "<div>a & b</div>", "<div>&;</div>", "<p>a</p>", "a<div>b</div>",
            "<div>a ]]> b</div>", "<div>&#0;</div>", "<div>&#xD800;</div>", "<div>&#x;</div>", "<div>&#1F;</div>",
            "<div><q cite=\"javascript:a()\">a</q></div>", "<div>a</div> b", "<div>a &lt</div>",
            "<div>  </div>", "<div/>", "<div><br/></div>", "<div>a", "<div", "<!-- a --><div>b</div>",
        ])
    func refused(_ div: String) throws {
        #expect(try fault(div) == "422 Patient.text.div", "\(div)")
        #expect(try fault(div, contained: true) == "422 Patient.contained[0].text.div")
    }
}
