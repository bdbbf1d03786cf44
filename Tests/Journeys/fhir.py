# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (h): FHIR R4. An application writes people, a care team and consents, by PUT and by transaction; reads them
back, pages through them, loses a race; decisions follow each write. Everything Socle emits is read by the R4B models of
`fhir.resources`, and every error is an OperationOutcome.
"""

import json
import os
from pathlib import Path

import requests
from fhir.resources import construct_fhir_element

from harness import ROOT, run_journey, run_socle
from serve import Installation

EXAMPLES = Path(os.environ.get("SOCLE_VECTORS") or ROOT.parent / "shared") / "domain/fhir-examples"
NURSE = "810001234573"
PSYCHOLOGIST = "899700100066"


class Client:
    """Speaks FHIR with a token, and has everything it is answered read by the models."""

    def __init__(self, journey, issuer, token):
        self.journey, self.base, self.token = journey, f"{issuer}/fhir", token
        self.read = 0
        self.unreadable = []

    def send(self, method, path, body=None, match=None, token=True, **options):
        headers = {"Accept": "application/fhir+json"} | options.pop("headers", {})
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers.setdefault("Content-Type", "application/fhir+json")
            options["data"] = body if isinstance(body, (str, bytes)) else json.dumps(body)
        if match is not None:
            headers["If-Match"] = f'W/"{match}"'
        url = path if path.startswith("http") else f"{self.base}/{path}"
        answer = requests.request(method, url, headers=headers, timeout=30, **options)
        self.validate(method, path, answer)
        return answer

    def validate(self, method, path, answer):
        if not answer.content or answer.headers.get("Content-Type") != "application/fhir+json":
            if answer.content and not path.endswith("smart-configuration"):
                self.unreadable.append((method, path, answer.status_code, answer.headers.get("Content-Type")))
            return
        resource = answer.json()
        self.read += 1
        try:
            construct_fhir_element(resource["resourceType"], resource)
        except Exception as error:
            self.unreadable.append((method, path, str(error)[:500]))
        if answer.status_code >= 400 and resource["resourceType"] != "OperationOutcome":
            self.unreadable.append((method, path, "an error that is no OperationOutcome"))

    def put(self, resource, match=None):
        return self.send("PUT", f"{resource['resourceType']}/{resource['id']}", resource, match)

    @staticmethod
    def issue(answer):
        """The element that the first issue names."""
        issue = answer.json()["issue"][0]
        return issue["code"], (issue.get("expression") or [None])[0]


def journey_body(journey):
    installation = Installation(journey, "fhir", "{ sqlite: data.db }")
    installation.serve()
    token = new_client(journey, installation, "dossier", "system/*.cruds", "access:evaluate", "access:assert")
    narrow = new_client(journey, installation, "lecteur", "system/Patient.rs")
    if not token or not narrow:
        return
    client = Client(journey, installation.issuer, token)
    reader = Client(journey, installation.issuer, narrow)
    public(journey, client)
    examples(journey, client)
    versions(journey, client)
    malformed(journey, client)
    paging(journey, client)
    rights(journey, client, reader)
    decisions(journey, installation, client, token)
    journey.check(f"all {client.read + reader.read} resources that Socle emitted are read by the R4B models",
                  client.read > 100 and not client.unreadable and not reader.unreadable,
                  client.unreadable + reader.unreadable)
    code, out, error = installation.run("journal", "verify")
    journey.check("the journal verifies", code == 0, out + error)
    presented(journey)


def presented(journey):
    """The demonstration's region was recorded without FHIR: it is read, searched and updated like anything else."""
    demo = journey.demo("region")
    code, out, error = run_socle("client", "create", "--id", "dossier", "--scope", "system/*.cruds", "--json",
                                 "--data", demo.data)
    if not journey.check("a client is registered with the demonstration", code == 0, error):
        return
    answer = requests.post(f"{demo.issuer}/oauth2/token", timeout=20, data={
        "grant_type": "client_credentials", "scope": "system/*.cruds"},
        auth=("dossier", json.loads(out)["client_secret"]))
    client = Client(journey, demo.issuer, answer.json()["access_token"])

    def entries(path):
        found = client.send("GET", path).json()
        return [entry["resource"] for entry in found.get("entry", []) if entry["search"]["mode"] == "match"]

    team = entries("CareTeam?patient=PAT-ADELE")
    journey.check("a team recorded by other means is one care team of the patient",
                  len(team) == 1 and team[0]["id"] == "PAT-ADELE" and team[0]["participant"]
                  and all("start" in p["period"] for p in team[0]["participant"]), team)
    member = team[0]["participant"][0]["member"]["reference"]
    journey.check("and is found by its member",
                  "PAT-ADELE" in [t["id"] for t in entries(f"CareTeam?participant={member}&_count=100")])
    kinds, teams, consents = set(), 0, []
    path = "Consent?status=active&_count=100"
    while path:
        bundle = client.send("GET", path).json()
        consents += [e["resource"] for e in bundle.get("entry", []) if e["search"]["mode"] == "match"]
        path = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    for consent in consents:
        kinds |= {c["coding"][0]["code"] for c in consent["category"] if c["coding"][0]["system"] == "urn:socle:consent-kind"}
    journey.check("choices recorded by other means are consents of Socle's profile", {
        "team-information", "opposition-emergency"} <= kinds, kinds)
    opposed = [c for c in entries("Consent?patient=PAT-HENRI")
               if any(x["coding"][0]["code"] == "opposition-emergency" for x in c["category"])]
    if not journey.check("a patient's opposition is among them", len(opposed) == 1, opposed):
        return
    consent = opposed[0]
    journey.equal("it is read by its id", client.send("GET", f"Consent/{consent['id']}").json(), consent)
    journey.equal("an update without its version is refused", client.put(consent).status_code, 428)
    journey.equal("as is one made from another version", client.put(consent, match=7).status_code, 412)
    answer = client.put(consent | {"status": "inactive"}, match=int(consent["meta"]["versionId"]))
    journey.equal("with its version it is withdrawn", (answer.status_code, answer.headers.get("ETag")),
                  (200, f'W/"{int(consent["meta"]["versionId"]) + 1}"'))
    history = client.send("GET", f"Consent/{consent['id']}/_history").json()["entry"]
    journey.equal("its history has both", [e["resource"]["status"] for e in history][:2], ["inactive", "active"])
    journey.check(f"all {client.read} resources presented are read by the R4B models",
                  client.read >= 8 and len(consents) > 2 and not client.unreadable, client.unreadable)
    journey.equal("the demonstration ends with 0", demo.stop(), 0)
    code, out, error = run_socle("journal", "verify", "--data", demo.data)
    journey.check("and its journal verifies", code == 0, out + error)


def new_client(journey, installation, name, *scopes):
    options = [word for scope in scopes for word in ("--scope", scope)]
    code, out, error = installation.run("client", "create", "--id", name, *options, "--json")
    if not journey.check(f"a client is registered for {' '.join(scopes)}", code == 0, error):
        return None
    answer = requests.post(f"{installation.issuer}/oauth2/token", timeout=20,
                           auth=(name, json.loads(out)["client_secret"]),
                           data={"grant_type": "client_credentials", "scope": " ".join(scopes)})
    journey.check("and gets a token for it", answer.status_code == 200, answer.text)
    return answer.json().get("access_token")


def public(journey, client):
    metadata = client.send("GET", "metadata", token=False).json()
    types = {resource["type"] for resource in metadata["rest"][0]["resource"]}
    journey.check("the capability statement names R4 and the resources",
                  metadata["fhirVersion"] == "4.0.1" and {"Consent", "CareTeam", "AuditEvent"} <= types, metadata)
    smart = client.send("GET", ".well-known/smart-configuration", token=False).json()
    journey.check("SMART's configuration says where tokens are had", smart["token_endpoint"].endswith("/oauth2/token"))


def examples(journey, client):
    if not EXAMPLES.is_dir():
        message = f"the published examples are not at {EXAMPLES}: set SOCLE_VECTORS"
        if os.environ.get("CI") == "true":
            journey.check(message, False)
        print(f"  skip  {message}")
        return
    for folder, expected in [("ihe-pcf", 23), ("authored-fr", 10), ("ans-cercle-de-soins", 6)]:
        taken, refused = 0, []
        for file in sorted((EXAMPLES / folder).glob("*.json")):
            resource = json.loads(file.read_text())
            if resource["resourceType"] == "Bundle":
                answer = client.send("POST", "", resource)
            else:
                answer = client.put(resource)
            if answer.status_code in (200, 201):
                taken += 1
            else:
                refused.append((file.name, answer.text[:300]))
        journey.check(f"{folder}: all {expected} resources are taken", taken == expected, (taken, refused))
    for file in sorted((EXAMPLES / "ans-tracabilite").glob("*.json")):
        resource = json.loads(file.read_text())
        answer = client.put(resource)
        journey.check(f"{file.name} is refused on write", answer.status_code in (405, 422), answer.text)
    read = client.send("GET", "Consent/masquage-document").json()
    sent = json.loads((EXAMPLES / "authored-fr/Consent-masquage-document.json").read_text())
    meta = read.pop("meta")
    sent_meta = sent.pop("meta")
    journey.check("what is read back is what was written, with our version", read == sent
                  and meta["versionId"] == "1" and meta["tag"] == sent_meta["tag"], read)


def versions(journey, client):
    patient = {"resourceType": "Patient", "id": "PAT-V", "name": [{"family": "Versions"}]}
    created = client.put(patient)
    journey.check("PUT creates: 201, a place and a version", created.status_code == 201
                  and created.headers["Location"].endswith("/fhir/Patient/PAT-V/_history/1")
                  and created.headers["ETag"] == 'W/"1"', dict(created.headers))
    journey.equal("an update without If-Match is 428", client.put(patient).status_code, 428)
    journey.equal("with the right version it is 200", client.put(patient, match=1).status_code, 200)
    stale = client.put(patient, match=1)
    journey.equal("with an old one 412", stale.status_code, 412)
    journey.equal("of a resource that is not there 412",
                  client.put(patient | {"id": "PAT-W"}, match=1).status_code, 412)
    history = client.send("GET", "Patient/PAT-V/_history").json()
    journey.equal("its history has both versions, the newest first",
                  [entry["resource"]["meta"]["versionId"] for entry in history["entry"]], ["2", "1"])
    journey.equal("each can be read", client.send("GET", "Patient/PAT-V/_history/1").json()["meta"]["versionId"], "1")


def malformed(journey, client):
    consent = {
        "resourceType": "Consent", "id": "c", "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                              "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/PAT-V"}, "policy": [{"uri": "urn:socle:policy:equipe-de-soins:v0"}],
    }
    cases = [
        (consent | {"statut": "actif"}, 422, ("structure", "Consent.statut")),
        (consent | {"status": "actif"}, 422, ("code-invalid", "Consent.status")),
        (consent | {"dateTime": "02/11/2026"}, 422, ("value", "Consent.dateTime")),
        (consent | {"provision": {"type": "deny", "provision": {"type": "permit"}}}, 422,
         ("structure", "Consent.provision.provision")),
        (consent, 422, ("required", "Consent.provision")),
        ({key: value for key, value in consent.items() if key != "category"}, 422, ("required", "Consent.category")),
        (consent | {"provision": {"type": "permit"}}, 422, ("business-rule", "Consent.provision")),
        (consent | {"patient": {"reference": "Group/x"}}, 422, ("business-rule", "Consent.patient.reference")),
    ]
    for body, status, issue in cases:
        answer = client.put(body)
        journey.equal(f"{issue[0]} at {issue[1]}", (answer.status_code, Client.issue(answer)), (status, issue))
    journey.equal("what is not JSON is 400", client.send("PUT", "Consent/c", "{").status_code, 400)
    journey.equal("what is not declared FHIR is 415", client.send(
        "PUT", "Consent/c", "{}", headers={"Content-Type": "text/plain"}).status_code, 415)
    journey.equal("what is deleted elsewhere is not here: 405", client.send("DELETE", "Patient/PAT-V").status_code, 405)
    journey.equal("a type that is not served is 404", client.send("GET", "Observation/1").status_code, 404)
    journey.equal("a search by a word that is none is 400",
                  client.send("GET", "Consent?patients=x").status_code, 400)
    journey.equal("600 kB are 413", client.send("PUT", "Consent/c", " " * 600_000).status_code, 413)


def paging(journey, client):
    for number in range(30, 53):
        client.put({"resourceType": "Patient", "id": f"PAGE-{number}", "name": [{"family": "Pagé"}],
                    "identifier": [{"system": "urn:test", "value": f"N{number}"}]})
    found, link, pages = [], "Patient?family=page&_count=5", 0
    while link:
        page = client.send("GET", link).json()
        found += [entry["resource"]["id"] for entry in page.get("entry", [])]
        link = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        pages += 1
    journey.equal("a search is paged, each resource once", (pages, found), (5, [f"PAGE-{n}" for n in range(30, 53)]))
    journey.equal("a page token of our own making is refused",
                  client.send("GET", "Patient?family=page&_page=abc").status_code, 400)
    one = client.send("GET", "Patient?identifier=urn:test%7CN31").json()
    journey.equal("an identifier finds its one", [entry["resource"]["id"] for entry in one["entry"]], ["PAGE-31"])


def rights(journey, client, reader):
    journey.equal("without a token 401", client.send("GET", "Patient/PAT-V", token=False).status_code, 401)
    journey.equal("a reader of patients reads them", reader.send("GET", "Patient/PAT-V").status_code, 200)
    journey.equal("and does not write them", reader.put({"resourceType": "Patient", "id": "X"}).status_code, 403)
    journey.equal("nor reads consents", reader.send("GET", "Consent?patient=PAT-V").status_code, 403)
    journey.equal("nor the journal", reader.send("GET", "AuditEvent?patient=PAT-V").status_code, 403)


def decisions(journey, installation, client, token):
    """Everything below is written by FHIR alone, and asked by AuthZEN."""
    def ask(who=NURSE, place=None):
        question = {
            "subject": {"type": "professional", "id": f"rpps:{who}",
                        "properties": {"situation": place or home, "method": "psc", "acr": "eidas1"}},
            "action": {"name": "read"},
            "resource": {"type": "liaison_note", "id": "N-1", "properties": {"patient": "PAT-D"}},
            "context": {"purpose": "TREAT"}}
        answer = requests.post(f"{installation.issuer}/access/v1/evaluation", json=question, timeout=20,
                               headers={"Authorization": f"Bearer {token}"}).json()
        return answer["decision"], answer["context"]["reason"]

    def entry(address, resource):
        return {"fullUrl": f"urn:uuid:{address}", "resource": resource,
                "request": {"method": "POST", "url": resource["resourceType"]}}

    profession = {"coding": [{"system": "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/"
                                        "TRE-G15-ProfessionSante", "code": "60"}]}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
        entry("role", {"resourceType": "PractitionerRole", "practitioner": {"reference": "urn:uuid:nurse"},
                       "organization": {"reference": "urn:uuid:home"}}),
        entry("nurse", {"resourceType": "Practitioner", "name": [{"family": "Nadir", "given": ["Paul"]}],
                        "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": NURSE[1:]}],
                        "qualification": [{"code": profession}]}),
        entry("home", {"resourceType": "Organization", "name": "Cabinet infirmier"}),
    ]}
    broken = json.loads(json.dumps(bundle))
    broken["entry"][2]["resource"]["nom"] = "x"
    refused = client.send("POST", "", broken)
    journey.equal("a transaction with one fault is refused, and names it",
                  (refused.status_code, Client.issue(refused)),
                  (422, ("structure", "Bundle.entry[2].resource.nom")))
    journey.equal("and nothing of it was written", client.send("GET", f"Practitioner/{NURSE}").status_code, 404)
    answer = client.send("POST", "", bundle)
    journey.equal("put right, it is written whole", answer.status_code, 200)
    home = answer.json()["entry"][2]["resource"]["id"]
    role = answer.json()["entry"][0]["resource"]
    journey.equal("its references are resolved", role["practitioner"]["reference"], f"Practitioner/{NURSE}")

    client.put({"resourceType": "Patient", "id": "PAT-D", "name": [{"family": "Durand"}], "birthDate": "1948-03-15"})
    journey.equal("a nurse who is not in the team is refused", ask(), (False, "not_in_care_team"))
    team = {"resourceType": "CareTeam", "id": "team-d", "status": "active",
            "subject": {"reference": "Patient/PAT-D"},
            "participant": [{"member": {"reference": f"PractitionerRole/{role['id']}"},
                             "period": {"start": "2026-01-10"}}]}
    client.put(team)
    journey.equal("in the team, the patient is not informed yet", ask(), (False, "patient_not_informed"))

    def consent(name, provision, status="active", category=None, policy="urn:socle:policy:equipe-de-soins:v0"):
        resource = {
            "resourceType": "Consent", "id": name, "status": status, "patient": {"reference": "Patient/PAT-D"},
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                                  "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
            "dateTime": "2026-01-10", "policy": [{"uri": policy}], "provision": provision}
        if category:
            resource["category"].append({"coding": [{"system": "urn:socle:consent-kind", "code": category}]})
        return resource

    client.put(consent("information", {"type": "permit"}, category="team-information"))
    journey.equal("informed, the nurse reads", ask(), (True, "care_team"))
    reason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    opposition = {"type": "deny", "purpose": [{"system": reason, "code": "TREAT"}]}
    client.put(consent("opposition", opposition))
    journey.equal("an opposition posted binds at once", ask(), (False, "opposition"))
    client.put(consent("opposition", opposition, status="inactive"), match=1)
    journey.equal("withdrawn, it does no longer", ask(), (True, "care_team"))
    dissent = json.loads(json.dumps(opposition))
    client.put(consent("directive", dissent, policy="http://example.org/policies/base.txt"))
    journey.equal("a directive written for any exchange binds too", ask(), (False, "opposition"))
    client.put(consent("directive", dissent, status="inactive", policy="http://example.org/policies/base.txt"),
               match=1)
    journey.equal("and is given up as well", ask(), (True, "care_team"))
    team["participant"][0]["period"]["end"] = "2026-02-01"
    client.put(team, match=1)
    journey.equal("a stay that ended is over", ask(), (False, "membership_expired"))

    events = client.send("GET", "AuditEvent?patient=PAT-D").json()
    types = [event["resource"]["subtype"][0]["code"] for event in events["entry"]]
    journey.check("the journal tells of the writes and of the decisions",
                  "choice" in types and "AuthZ-Consent" in types, types)
    decided = [event["resource"] for event in events["entry"]
               if event["resource"]["subtype"][0]["code"] == "AuthZ-Consent"]
    journey.check("each decision names the nurse, the application and the place",
                  all([agent["who"].get("reference") or agent["who"]["identifier"]["value"]
                       for agent in event["agent"]]
                      == [f"Practitioner/{NURSE}", "dossier", f"Organization/{home}", "Device/socle"]
                      for event in decided), decided[:1])
    first = events["entry"][0]["resource"]
    journey.equal("an event is read by itself", client.send("GET", f"AuditEvent/{first['id']}").json(), first)
    journey.equal("the device that observes is Socle", client.send("GET", "Device/socle").status_code, 200)


if __name__ == "__main__":
    run_journey("fhir", journey_body)
