# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (g): the public test sets of AuthZEN 1.0, each on a `socle serve` that loads the policy directory and the
entities of that set in place of the region's rules, asked over HTTP by a client made on the command line.
"""

import json
import os
from pathlib import Path

import requests

from harness import ROOT, run_journey, stop
from serve import Installation

CORPUS = ROOT / "Tests/Corpora/authzen"
VECTORS = Path(os.environ.get("SOCLE_VECTORS") or ROOT.parent / "shared") / "vectors/authzen"
RECORD_ACTIONS = ["view", "edit", "delete"]
TODO_ACTIONS = ["can_read_user", "can_read_todos", "can_create_todo", "can_update_todo", "can_delete_todo"]


class Served:
    """One set: its policies served, and a client that may ask about its types and actions."""

    def __init__(self, journey, name, types, actions):
        self.installation = Installation(journey, name, "{ sqlite: data.db }")
        folder = CORPUS / name
        with self.installation.file.open("a") as file:
            file.write(f"access: {{ policies: {folder}, entities: {folder / 'entities.json'} }}\n")
        self.process = self.installation.serve()
        self.issuer = self.installation.issuer
        arguments = ["client", "create", "--id", "pep", "--scope", "access:evaluate", "--scope", "access:assert", "--json"]
        for kind in types:
            arguments += ["--resource-type", kind]
        for action in actions:
            arguments += ["--action", action]
        code, out, error = self.installation.run(*arguments)
        if code != 0:
            raise RuntimeError(f"the client was not made: {error}")
        self.session = requests.Session()
        answer = self.session.post(
            f"{self.issuer}/oauth2/token", auth=("pep", json.loads(out)["client_secret"]), timeout=20,
            data={"grant_type": "client_credentials", "scope": "access:evaluate access:assert"})
        answer.raise_for_status()
        self.token = answer.json()["access_token"]

    def post(self, path, body, headers=None, kind="application/json"):
        return self.session.post(
            self.issuer + path, data=body if isinstance(body, str) else json.dumps(body), timeout=20,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": kind, **(headers or {})})

    def stop(self):
        self.session.close()
        return stop(self.process)


def journey_body(journey):
    if not VECTORS.is_dir():
        message = f"no shared data at {VECTORS}: set SOCLE_VECTORS"
        if os.environ.get("CI") == "true":
            journey.check(message, False)
        print(f"  skip  {message}")
        return
    certification(journey)
    decisions(journey, "todo", "todo/decisions-authorization-api-1_0-02.json", ["user", "todo"], TODO_ACTIONS, 43)
    decisions(journey, "gateway", "api-gateway/decisions.json", ["identity", "route"],
              ["GET", "POST", "PUT", "DELETE"], 25)
    searches(journey, "search", {"subject": "search/subject-results.json", "resource": "search/resource-results.json",
                                 "action": "search/action-results.json"}, 198)
    searches(journey, "idp", {"resource": "idp/results.json"}, 6)
    without(journey)


def read(path):
    return json.loads((VECTORS / path).read_text())


def certification(journey):
    served = Served(journey, "certification", ["user", "record"], ["read", "write", "delete"])
    cases, wrong = read("certification-cases.json")["cases"], []
    for case in cases:
        for _ in range(case.get("repeat", 1)):
            if case.get("method") == "GET":
                answer = requests.get(served.issuer + case["endpoint"], timeout=20)
            else:
                answer = served.post(
                    case["endpoint"], case.get("rawBody", case.get("request")), case.get("headers"),
                    case.get("contentType", "application/json"))
            if not holds(case["expect"], answer):
                wrong.append((case["id"], answer.status_code, answer.text))
    journey.equal("certification: its cases hold", f"{len(cases) - len(wrong)}/55 {wrong}", "55/55 []")
    served.stop()


def holds(expected, answer):
    if answer.status_code != expected["status"]:
        return False
    if answer.status_code != 200:
        return True
    told = answer.json()
    checks = [answer.headers["Content-Type"] == "application/json"]
    if "decision" in expected:
        checks.append(told["decision"] is expected["decision"])
    if "evaluations" in expected:
        found = [item["decision"] for item in told["evaluations"]]
        checks.append(len(found) == len(expected["evaluations"]) and all(
            isinstance(have, bool) and want in ("boolean", have) for have, want in zip(found, expected["evaluations"])))
    if "resultsInclude" in expected:
        checks.append(all(result in told["results"] for result in expected["resultsInclude"]))
    if expected.get("results") == []:
        checks.append(told["results"] == [])
    if expected.get("results") == "array":
        checks.append(isinstance(told["results"], list) and isinstance(told["page"]["next_token"], str))
    checks += [answer.headers.get(name) == value for name, value in expected.get("headers", {}).items()]
    checks += [told[name].startswith(answer.url.split("/.well-known")[0]) for name in expected.get("required", [])]
    return all(checks)


def decisions(journey, name, path, types, actions, count):
    served = Served(journey, name, types, actions)
    cases, right, asked = read(path), 0, 0
    for case in cases["evaluation"]:
        answer = served.post("/access/v1/evaluation", case["request"]).json()
        asked += 1
        right += answer["decision"] is case["expected"]
    for case in cases.get("evaluations", []):
        answer = served.post("/access/v1/evaluations", case["request"]).json()
        asked += 1
        right += [item["decision"] for item in answer["evaluations"]] == [item["decision"] for item in case["expected"]]
    journey.equal(f"{name}: every decision is the expected one", f"{right}/{asked}", f"{count}/{count}")
    served.stop()


def searches(journey, name, files, count):
    served = Served(journey, name, ["user", "record"], RECORD_ACTIONS)
    right = asked = 0
    for entity, path in files.items():
        cases = read(path)
        for case in cases.get("evaluation") or cases["search"]:
            found = served.post(f"/access/v1/search/{entity}", case["request"]).json()["results"]
            asked += 1
            right += keys(found) == keys(case["expected"]["results"])
    journey.equal(f"{name}: every search finds the expected", f"{right}/{asked}", f"{count}/{count}")

    if name == "search":
        request = {"subject": {"type": "user", "id": "alice"}, "action": {"name": "view"}, "resource": {"type": "record"}}
        whole, pages, token = [], 0, ""
        while pages == 0 or token:
            answer = served.post("/access/v1/search/resource",
                                 {**request, "page": {"limit": 6, **({"token": token} if token else {})}}).json()
            whole, token, pages = whole + answer["results"], answer["page"]["next_token"], pages + 1
        journey.check("search: the pages together are the whole", pages == 4 and len(keys(whole)) == len(whole) == 20,
                      whole)
        journey.equal("search: a page token that was made up is refused", served.post(
            "/access/v1/search/resource", {**request, "page": {"token": "MTA3"}}).status_code, 400)
    served.stop()
    code, out, error = served.installation.run("journal", "verify")
    journey.check(f"{name}: the journal verifies", code == 0, out + error)


def keys(results):
    return sorted(json.dumps(result, sort_keys=True) for result in results)


def without(journey):
    """A directory that cannot be served stops the start, with every fault."""
    installation = Installation(journey, "faulty", "{ sqlite: data.db }")
    folder = journey.folder / "wrong"
    folder.mkdir()
    (folder / "a.cedar").write_text("permit (principal, action, resource) when {")
    twice = {"uid": {"type": "user", "id": "a"}, "attrs": {}, "parents": []}
    (folder / "entities.json").write_text(json.dumps([twice, twice]))
    good = installation.file.read_text()
    installation.file.write_text(good + f"access: {{ policies: {folder}, entities: {folder / 'entities.json'} }}\n")
    journey.check("a policy directory with faults is not served; each is told",
                  *installation.refused("a.cedar:1:", "given twice"))
    installation.file.write_text(good + f"access: {{ policies: {folder} }}\n")
    journey.check("policies without entities are refused", *installation.refused("`access.entities`"))


if __name__ == "__main__":
    run_journey("authzen", journey_body)
