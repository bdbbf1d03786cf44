# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey: an emergency from its first question to its review, and two records of one person, with the server and the
command line as two processes on one store.
"""

import base64
import json
import urllib.parse
import urllib.request

from harness import run_journey, run_socle

LEMAIRE = ("899700100033", "STR-CH-VDM")


def post(url, body, headers):
    request = urllib.request.Request(url, body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


class Portal:
    """The professionals' portal, with its own token."""

    def __init__(self, demo):
        self.issuer = demo.issuer
        client = demo.client("client_credentials", ["access:evaluate", "access:assert"])
        basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "access:evaluate access:assert"})
        token = post(f"{demo.issuer}/oauth2/token", form.encode(), {
            "Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"})
        self.headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/json"}

    def ask(self, patient, document, justification="coma, antécédents inconnus", who=LEMAIRE, purpose="BTG"):
        context = {"purpose": purpose}
        if purpose == "BTG":
            context |= {"patient_capacity": "unable_to_express", "immediate_risk": True, "justification": justification}
        question = {
            "subject": {"type": "professional", "id": f"rpps:{who[0]}",
                        "properties": {"situation": who[1], "method": "psc", "acr": "eidas1"}},
            "action": {"name": "read"},
            "resource": {"type": "document", "id": document, "properties": {
                "patient": patient, "type_code": "11502-2", "author": "899700100011",
                "author_structure": "STR-CAB-MOREL", "confidentiality": ["N"]}},
            "context": context,
        }
        return post(f"{self.issuer}/access/v1/evaluation", json.dumps(question).encode(), self.headers)["context"]


def reviews(demo, *options):
    code, out, error = run_socle("review", "list", "--data", demo.data, "--json", *options)
    if code != 0:
        raise RuntimeError(error)
    return json.loads(out)["reviews"]


def journey_body(journey):
    demo = journey.demo()
    portal = Portal(demo)
    first = portal.ask("PAT-ADELE", "DOC-1")
    journey.equal("a question in an emergency is answered", first["reason"], "break_glass")
    second = portal.ask("PAT-ADELE", "DOC-2")
    journey.check("the next one cites the same episode", second["episode"] == first["episode"], (first, second))
    refused = portal.ask("PAT-ADELE", "DOC-3", justification=" ")
    journey.check("without a reason it is refused, the episode open or not",
                  refused["reason"] == "justification_required" and "episode" not in refused, refused)

    listed = reviews(demo)
    journey.check("the review list holds it once, with its accesses",
                  [(r["episode"], r["accesses"], r["unresolved"]) for r in listed] == [(first["episode"]["id"], 2, 2)],
                  listed)
    code, out, error = run_socle("review", "close", first["episode"]["id"], "--by", "dpo", "--conclusion",
                                 "justifié", "--data", demo.data)
    journey.equal("it is closed with a conclusion", (code, error), (0, ""))
    journey.equal("and is listed no longer", reviews(demo, "--all"), [])
    code, _, error = run_socle("review", "close", first["episode"]["id"], "--by", "dpo", "--conclusion", "x", "--data",
                               demo.data)
    journey.check("nor closed twice", code == 1 and "not an episode" in error, (code, error))

    # Henri is opposed to access in emergencies: once his record and Adèle's are one, so is she.
    code, _, error = run_socle("patient", "merge", "PAT-ADELE", "PAT-HENRI", "--data", demo.data)
    journey.equal("two records are merged while the server runs", (code, error), (0, ""))
    for patient in ("PAT-ADELE", "PAT-HENRI"):
        journey.equal(f"the next answer about {patient} follows the stricter record",
                      portal.ask(patient, "DOC-1")["reason"], "emergency_opposition")
    code, _, error = run_socle("patient", "merge", "PAT-HENRI", "PAT-ADELE", "--data", demo.data)
    journey.check("they are not merged again the other way round", code == 1 and "one already" in error, (code, error))
    code, _, error = run_socle("patient", "split", "PAT-HENRI", "--data", demo.data)
    journey.equal("a merge made by mistake is undone", (code, error), (0, ""))
    again = portal.ask("PAT-ADELE", "DOC-1")
    journey.check("and each record says again what it said, in the episode still open",
                  again["reason"] == "break_glass" and again["episode"] == first["episode"], again)
    journey.check("an access after the review opens it again",
                  [r["accesses"] for r in reviews(demo)] == [3], reviews(demo))
    journey.equal("for the other too", portal.ask("PAT-HENRI", "DOC-1")["reason"], "emergency_opposition")

    code, out, error = run_socle("journal", "verify", "--data", demo.data)
    journey.check("the journal verifies", code == 0, out + error)


if __name__ == "__main__":
    run_journey("emergencies", journey_body)
