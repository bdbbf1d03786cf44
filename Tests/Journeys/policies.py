# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (e): what a policy author does. The expected decisions pass from any directory; a wrong one is found; every
version is proved and compared; two people publish, over a server that goes on answering. What an application without a
user may ask, in a demo and once made on the command line.
"""

import contextlib
import json
import os
import shutil
import threading
from pathlib import Path

import requests

import store
from harness import ROOT, run_journey, run_socle
from operation import client_token

ONLY = ["D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08"]


CELL = "60,1.2.250.1.71.1.2.7,"


def copy_of_policies(journey, name):
    folder = journey.folder / name
    shutil.copytree(ROOT / "Policies", folder)
    return folder


def replace(path, old, new):
    text = path.read_text()
    if old not in text:
        raise RuntimeError(f"{path} does not hold {old!r}")
    path.write_text(text.replace(old, new))


def close_a_cell(folder, type_code):
    """The nurses' cell of one document type, from allow to deny; its line."""
    lines = (folder / "matrix.csv").read_text().split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(CELL) and f",{type_code}," in line)
    lines[at] = lines[at].replace(",allow,", ",deny,")
    (folder / "matrix.csv").write_text("\n".join(lines))
    return at + 1


def checked(journey):
    code, out, error = run_socle("policy", "check")
    journey.check("`socle policy check` proves every invariant of the policies of the binary",
                  code == 0 and out.strip().splitlines()[-1].endswith(" proved, 0 failed"), out + error)
    wrong = copy_of_policies(journey, "wrong")
    replace(wrong / "13-opposition.cedar", "&& context.opposition\n", '&& context.opposition && action != Action::"search"\n')
    code, out, error = run_socle("policy", "check", "--policies", wrong, "--language", "fr")
    journey.check("a rule that lets a search pass an opposition is refused with a counter-example in words, exit 1",
                  code == 1 and "ÉCHEC opposition" in out and "patient opposé au partage" in out and "autorise" in out,
                  (code, out, error))
    code, out, error = run_socle("policy", "check", "--policies", wrong, "--json")
    report = json.loads(out)
    failed = [check for check in report["checks"] if not check["holds"]]
    journey.check("the same as JSON", code == 1 and not report["passes"] and "opposition" in [c["id"] for c in failed]
                  and all(int(c["counter_example"]["points"]) > 0 for c in failed), report)
    code, out, error = run_socle("policy", "diff", "build", wrong)
    journey.check("`socle policy diff` says what it opens, and what it does not check",
                  code == 0 and "OPENS" in out and "the patient opposed to sharing" in out and "NOT CHECKED" in out,
                  (code, out, error))
    code, out, error = run_socle("policy", "diff", "build", ROOT / "Policies", "--json")
    journey.check("the folder and the binary hold the same rules",
                  code == 0 and json.loads(out)["changes"] == [] and json.loads(out)["matrix"] == [], out + error)
    named = copy_of_policies(journey, "named")
    with open(named / "18-no-relation.cedar", "a") as file:
        file.write('@id("x") @order("99") @rule("R") @reason("blocked")\n'
                   'forbid (principal == Professional::"899700100022", action, resource);\n')
    code, out, error = run_socle("policy", "check", "--policies", named)
    journey.check("a rule about one person is refused with its file and line",
                  code == 1 and "18-no-relation.cedar:" in error and "one person" in error, (code, out, error))


def published(journey):
    demo = journey.demo("region")
    where = ("--data", demo.data)
    for login, role in [("auteur", "policy_author"), ("approbatrice", "policy_approver"), ("technique", "platform_admin")]:
        code, out, error = run_socle("user", "create", *where, "--login", login, "--password-stdin", "--admin-role", role,
                                     stdin="une phrase assez longue\n")
        journey.check(f"an account with the role {role}", code == 0, out + error)
    token = client_token(demo, demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"]))
    question = demo.about["questions"][0]["request"]

    def ask():
        response = requests.post(f"{demo.issuer}/access/v1/evaluation", json=question, timeout=60,
                                 headers={"Authorization": f"Bearer {token}"})
        answer = response.json()
        return response.status_code, answer["decision"], answer["context"]["reason"], answer["context"].get("policy_version")

    journey.equal("at first version 1 permits", ask(), (200, True, "care_team", 1))
    folder = copy_of_policies(journey, "next")
    type_code = question["resource"]["properties"]["type_code"]
    line = close_a_cell(folder, type_code)
    code, out, error = run_socle("policy", "diff", *where, "active", folder)
    journey.check("the difference shows the one cell, with its line, and no other change of answers",
                  code == 0 and "matrix: 1" in out and f"line {line})" in out and "OPENS" not in out, (code, out, error))

    code, out, error = run_socle("policy", "draft", *where, "--policies", folder, "--author", "auteur")
    journey.check("the author deposits version 2", code == 0 and "version 2" in out, out + error)
    journey.equal("which decides nothing yet", ask(), (200, True, "care_team", 1))
    code, out, error = run_socle("policy", "publish", *where, "2", "--approver", "auteur")
    journey.check("the author cannot publish it", code == 1 and "four_eyes" in error, (code, out, error))
    code, out, error = run_socle("policy", "publish", *where, "2", "--approver", "technique")
    journey.check("nor can an administrator without the role", code == 1 and "four_eyes" in error, (code, out, error))
    code, out, error = run_socle("policy", "publish", *where, "2", "--approver", "personne")
    journey.check("nor somebody without an account", code == 1 and "no account" in error, (code, out, error))

    seen, over = [], threading.Event()

    def keep_asking():
        while not over.is_set():
            seen.append(ask())

    askers = [threading.Thread(target=keep_asking) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        code, out, error = run_socle("policy", "publish", *where, "2", "--approver", "approbatrice")
        after = ask()
        journey.check("somebody else can, and sees the difference", code == 0 and "matrix: 1" in out
                      and "version 2 is in force" in out, (code, out, error))
        journey.equal("the next question is answered by version 2", after, (200, False, "matrix", 2))
        code, out, error = run_socle("policy", "rollback", *where, "1", "--approver", "approbatrice")
        journey.check("and version 1 is brought back", code == 0, out + error)
        journey.equal("deciding at once", ask(), (200, True, "care_team", 1))
    finally:
        over.set()
        for asker in askers:
            asker.join()
    journey.check(f"no question failed meanwhile ({len(seen)} asked)", seen != [] and set(seen) <= {
        (200, True, "care_team", 1), (200, False, "matrix", 2)}, set(seen))

    replace(folder / "08-emergency.cedar", "&& context.emergency_opposition", "&& context.emergency_opposition && context.blocked")
    code, out, error = run_socle("policy", "draft", *where, "--policies", folder, "--author", "auteur")
    journey.check("a version that breaks an invariant is not deposited", code == 1 and "FAIL emergency_opposition" in error,
                  (code, out, error))
    code, out, error = run_socle("policy", "rollback", *where, "3", "--approver", "approbatrice")
    journey.check("no way back to what was never there", code == 1 and "no version 3" in error, (code, out, error))
    code, out, error = run_socle("policy", "list", *where, "--json")
    versions = json.loads(out)["versions"]
    journey.equal("the list says who wrote and who approved",
                  [(v["version"], v["author"], v["approver"], v["in_force"]) for v in versions],
                  [(1, "build", "operator", True), (2, "auteur", "approbatrice", False)])
    explained(journey, demo, where, question)
    without_user(journey, demo, where, question)
    journey.equal("stopped, it ends with 0", demo.stop(), 0)
    code, out, error = run_socle("journal", "verify", *where)
    journey.check("the journal verifies", code == 0, out + error)


def explained(journey, demo, where, question):
    """Why an answer is what it is: from the command line, and over HTTP for an application registered for it."""
    asked = journey.folder / "question.json"
    asked.write_text(json.dumps(question))
    decide = ("decide", *where, "--client", "point-acces-pro")
    code, out, error = run_socle(*decide, "--question", asked)
    journey.check("`socle decide` answers with the policy that decides, its conditions and the values met",
                  code == 0 and out.startswith("permit  care_team") and "permits, and decides" in out
                  and 'holds      context.relation == Relation::"own"' in out, (code, out, error))
    journey.check("every policy that does not apply shows what stopped it",
                  out.count(" does not apply\n  fails ") == out.count(" does not apply\n") > 60, out)
    subject, resource = question["subject"], question["resource"]
    flags = ("--subject", subject["id"], "--situation", subject["properties"]["situation"],
             "--type", resource["type"], "--id", resource["id"], "--type-code", resource["properties"]["type_code"])
    code, out, error = run_socle(*decide, *flags, "--patient", resource["properties"]["patient"], "--json")
    told = json.loads(out) if code == 0 else {}
    policies = told.get("trace", {}).get("policies", [])
    journey.check("from flags and as JSON it says the same, and that it answers nobody",
                  told.get("decision") is True and told.get("simulated") is True
                  and [p["rule"] for p in policies if p["decides"]] == ["R-TEAM-1"]
                  and all(p["conditions"] for p in policies), (code, out[:2000], error))
    code, out, error = run_socle(*decide, *flags, "--patient", "PAT-NOBODY")
    journey.check("a deny exits 0 too", code == 0 and out.startswith("deny  "), (code, out, error))
    code, out, error = run_socle("decide", *where, "--client", "no-such-client", *flags)
    journey.check("an application that is not there is an error with its cure, exit 1",
                  code == 1 and "socle client list" in error and out == "", (code, out, error))
    asked.write_text('{"subject": {}}')
    code, out, error = run_socle(*decide, "--question", asked)
    journey.check("a file that is no question is named with the member at fault",
                  code == 1 and "question.json: `subject.type` is missing" in error, (code, out, error))
    code, out, error = run_socle(*decide)
    journey.equal("without a question it is wrong usage, exit 2", code, 2)

    secrets = {}
    for client, flag in (("outil-dpo", ["--trace"]), ("outil-soin", [])):
        code, out, error = run_socle("client", "create", *where, "--id", client, "--scope", "access:evaluate",
                                     "--scope", "access:assert", "--json", *flag)
        secrets[client] = {"client_id": client, **json.loads(out or "{}")}
    question["context"]["trace"] = True
    shown = {}
    for client in secrets:
        token = client_token(demo, secrets[client])
        shown[client] = requests.post(f"{demo.issuer}/access/v1/evaluation", json=question, timeout=60,
                                      headers={"Authorization": f"Bearer {token}"}).json()
    trace = shown["outil-dpo"]["context"].get("trace", {})
    journey.check("`client create --trace` lets an application read the same trace over HTTP",
                  [p["id"] for p in trace.get("policies", [])] == [p["id"] for p in policies] != [], shown)
    journey.check("and no other", "trace" not in shown["outil-soin"]["context"], shown["outil-soin"])
    code, out, error = run_socle("client", "create", *where, "--id", "page", "--trace", "--redirect-uri",
                                 "https://a.example/cb")
    journey.check("`--trace` for an application that asks nothing is refused", code == 1 and "access:evaluate" in error,
                  (code, out, error))


def system_question(action, resource, purpose="TREAT", subject=None, **context):
    return {"subject": subject or {"type": "system", "id": "self"}, "action": {"name": action}, "resource": resource,
            "context": {"purpose": purpose, **context}}


def deposited(patient, structure):
    return {"type": "document", "id": "DOC-NEW", "properties": {"patient": patient, "author_structure": structure}}


def without_user(journey, demo, where, question):
    """R-SYS-1 and R-STAT-1 over HTTP: for the demo's own services, and for clients made on the command line."""
    clients = {client["client_id"]: client for client in demo.about["clients"]}
    tokens = {}

    def ask(client, asked, path="evaluation"):
        if client not in tokens:
            about = clients[client]
            if client == "eai":     # registered for `client_secret_post`
                response = requests.post(f"{demo.issuer}/oauth2/token", timeout=20, data={
                    "grant_type": "client_credentials", "scope": "access:evaluate access:assert",
                    "client_id": client, "client_secret": about["client_secret"]})
                response.raise_for_status()
                tokens[client] = response.json()["access_token"]
            else:
                tokens[client] = client_token(demo, about)
        response = requests.post(f"{demo.issuer}/access/v1/{path}", json=asked, timeout=60,
                                 headers={"Authorization": f"Bearer {tokens[client]}"})
        answer = response.json() if response.status_code == 200 else {}
        if path != "evaluation":
            return response.status_code, answer.get("results")
        return response.status_code, answer.get("decision"), answer.get("context", {}).get("reason")

    permitted, alone = (200, True, "system_deposit"), (200, False, "user_context_required")
    unregistered = (200, False, "client_not_entitled")
    hospital = deposited("PAT-KARIM", "STR-CH-VDM")
    journey.equal("the bus deposits a document of its hospital, in the team", ask("eai", system_question("create", hospital)),
                  permitted)
    journey.equal("not another structure's, with the reason",
                  ask("eai", system_question("create", deposited("PAT-KARIM", "STR-CAB-MOREL"))), alone)
    journey.equal("nor outside the team",
                  ask("eai", system_question("create", deposited("PAT-ADELE", "STR-CH-VDM"))), alone)
    journey.equal("it reads nothing", ask("eai", system_question("read", hospital)), unregistered)
    person = question["subject"]
    journey.equal("its right to assert does not speak for a professional",
                  ask("eai", system_question("create", hospital, subject=person)), unregistered)
    journey.equal("nor finds one in a search",
                  ask("eai", system_question("create", hospital, subject={
                      "type": "professional", "properties": {"method": "psc", "acr": "eidas1"}}), "search/subject"),
                  (200, []))
    journey.equal("the portal's, for professionals, does not make it a system",
                  ask("point-acces-pro", system_question("create", hospital)), unregistered)
    data = {"type": "journey_data", "id": "J-1"}
    figures = "exploitation-donnees"
    journey.equal("statistics on pseudonymised data are permitted",
                  ask(figures, system_question("export", data, "STAT", pseudonymised=True)), (200, True, "pseudonymised"))
    journey.equal("and on no other", ask(figures, system_question("export", data, "STAT")), (200, False, "identified_data"))
    journey.equal("nor for care", ask(figures, system_question("export", data, pseudonymised=True)), unregistered)

    for client, options in (("depots-lilas", ["--structure", "STR-EHPAD-LILAS", "--service", "depots"]),
                            ("chiffres", ["--pseudonymised"])):
        code, out, error = run_socle("client", "create", *where, "--id", client, "--subject", "system", *options, "--json")
        if not journey.check(f"`client create --subject system {' '.join(options)}`", code == 0 and error == "", error):
            return
        clients[client] = json.loads(out)
    journey.equal("a client so made deposits for its structure",
                  ask("depots-lilas", system_question("create", deposited("PAT-JEANNE", "STR-EHPAD-LILAS"))), permitted)
    journey.equal("for no other", ask("depots-lilas", system_question("create", hospital)), alone)
    journey.equal("where that one is not in the team either",
                  ask("depots-lilas", system_question("create", deposited("PAT-KARIM", "STR-EHPAD-LILAS"))), alone)
    journey.equal("speaks for no professional",
                  ask("depots-lilas", system_question("create", deposited("PAT-JEANNE", "STR-EHPAD-LILAS"),
                                                      subject=person)), unregistered)
    journey.equal("and reads no statistics",
                  ask("depots-lilas", system_question("export", data, "STAT", pseudonymised=True)), unregistered)
    journey.equal("another reads those, pseudonymised",
                  ask("chiffres", system_question("export", data, "STAT", pseudonymised=True)), (200, True, "pseudonymised"))
    journey.equal("and not otherwise", ask("chiffres", system_question("export", data, "STAT")),
                  (200, False, "identified_data"))

    run_socle("client", "create", *where, "--id", "sans-question", "--redirect-uri", "https://app.invalid/cb")
    code, out, error = run_socle("client", "list", *where, "--json")
    listed = {client["client_id"]: client.get("access") for client in json.loads(out or '{"clients": []}')["clients"]}
    journey.check("`client list --json` shows what each may ask", listed.get("depots-lilas") == clients["depots-lilas"]["access"]
                  and listed["depots-lilas"]["structure"] == "STR-EHPAD-LILAS"
                  and listed["eai"]["subjects"] == ["system"], listed)
    with contextlib.closing(store.connect(demo.data)) as connection:
        entries = [json.loads(body) for body, in connection.execute(
            "SELECT body FROM journal_entries WHERE kind = 'administration'")]
    journalled = {entry["details"].get("client"): entry["details"].get("access") for entry in entries}
    journey.check("as the journal does", all(
        journalled.get(client) == listed[client] for client in ("depots-lilas", "chiffres", "eai")), journalled)
    strict = copy_of_policies(journey, "strict")
    with open(strict / "parameters.csv", "a") as file:
        file.write("depots,system_deposits,false,a user must be signed in\n")
    flags = ("--subject-type", "system", "--subject", "self", "--action", "create", "--id", "DOC-NEW", "--patient")
    told = []
    for client, patient, structure in (("depots-lilas", "PAT-JEANNE", "STR-EHPAD-LILAS"),
                                       ("eai", "PAT-KARIM", "STR-CH-VDM")):
        code, out, error = run_socle("decide", *where, "--client", client, *flags, patient, "--author-structure",
                                     structure, "--policies", strict)
        told.append((code, out.split("\n")[0].split()[:2]))
    journey.equal("`--service` names the service whose parameters bind it", told,
                  [(0, ["deny", "user_context_required"]), (0, ["permit", "system_deposit"])])
    refusals = [(["--subject", "system"], 2), (["--subject", "robot"], 2), (["--structure", "STR-CH-VDM"], 2),
                (["--subject", "system", "--structure", "STR CH"], 2), (["--pseudonymised"], 2),
                (["--subject", "system", "--structure", "STR-CH-VDM", "--pseudonymised"], 2),
                (["--subject", "system", "--structure", "STR-CH-VDM", "--scope", "access:evaluate"], 1)]
    found = [run_socle("client", "create", *where, "--id", "neither", *options)[0] for options, _ in refusals]
    journey.equal("options that contradict each other register nothing", found, [code for _, code in refusals])

    lilas = deposited("PAT-JEANNE", "STR-EHPAD-LILAS")
    system = ("--id", "depots-lilas", "--subject", "system")
    code, out, error = run_socle("client", "entitle", *where, *system, "--structure", "STR-CH-VDM", "--json")
    journey.check("`client entitle` changes what a client may ask", code == 0 and error == ""
                  and json.loads(out)["access"]["structure"] == "STR-CH-VDM", (code, out, error))
    journey.equal("from the next question on, with the token it has",
                  [ask("depots-lilas", system_question("create", document)) for document in (hospital, lilas)],
                  [permitted, alone])
    refused = [run_socle("client", "entitle", *where, *options)[::2] for options in (
        ("--id", "nobody"), system, (*system, "--structure", "STR-CH-VDM", "--pseudonymised"),
        ("--id", "depots-lilas", "--subject", "robot"), ("--id", "sans-question"))]
    journey.check("neither an unknown client, nor contradictory options, nor one that asks nothing",
                  [code for code, _ in refused] == [1, 2, 2, 2, 1] and "no client `nobody`" in refused[0][1]
                  and "asks nothing" in refused[4][1], refused)
    journey.equal("and nothing is changed by what is refused", ask("depots-lilas", system_question("create", hospital)),
                  permitted)


def journey_body(journey):
    scenarios = Path(os.environ.get("SOCLE_VECTORS") or ROOT.parent / "shared") / "domain/scenarios.jsonl"
    if not journey.check("the scenarios are there (SOCLE_VECTORS, or ../shared)", scenarios.exists(), str(scenarios)):
        return
    wanted = [s for s in map(json.loads, scenarios.read_text().splitlines()) if s["id"] in ONLY]
    decisions = sum(1 + len(s.get("variants") or []) for s in wanted)
    code, out, error = run_socle("policy", "test", "--only", ",".join(ONLY), scenarios)
    journey.check(f"`socle policy test` gives the {decisions} expected decisions of D01 to D08",
                  code == 0 and out.strip().splitlines()[-1:] == [f"{decisions} passed, 0 failed"], out + error)

    wrong = json.loads(json.dumps(wanted))
    wrong[0]["expected"]["reason"] = "no_such_reason"
    altered = journey.folder / "wrong.jsonl"
    altered.write_text("\n".join(json.dumps(s, ensure_ascii=False) for s in wrong) + "\n")
    code, out, error = run_socle("policy", "test", altered)
    journey.check("a wrong expectation is found, shown, and exits 1",
                  code == 1 and "no_such_reason" in out + error
                  and out.strip().splitlines()[-1:] == [f"{decisions - 1} passed, 1 failed"], (code, out, error))

    folder = journey.folder / "policies"
    shutil.copytree(ROOT / "Policies", folder)
    code, out, error = run_socle("policy", "test", "--only", "D01", "--policies", folder, scenarios)
    journey.check("`--policies` takes a folder in place of the embedded ones", code == 0, out + error)
    (folder / "16-care-team.cedar").write_text("permit (principal, action, resource) when { context.no_such_fact };\n")
    code, out, error = run_socle("policy", "test", "--only", "D01", "--policies", folder, scenarios)
    journey.check("a policy that the schema refuses is named with its file and line",
                  code == 1 and "16-care-team.cedar:1" in out + error, (code, out, error))

    broken = journey.folder / "broken.jsonl"
    broken.write_text('{"id":"D01",\n')
    code, out, error = run_socle("policy", "test", broken)
    journey.check("a file that is not JSON is named with its line", code in (1, 2) and "broken.jsonl" in out + error,
                  (code, out, error))
    code, out, error = run_socle("policy", "test")
    journey.check("without a file the usage is shown, exit 2", code == 2 and "policy test" in out + error,
                  (code, out, error))
    checked(journey)
    published(journey)

    code, out, error = run_socle("no-such-command")
    journey.equal("an unknown command exits 2", code, 2)
    code, out, error = run_socle("--help")
    journey.check("`--help` names the commands", code == 0 and all(
        name in out for name in ("serve", "demo", "client", "user", "policy", "journal")), out)


if __name__ == "__main__":
    run_journey("policies", journey_body)
