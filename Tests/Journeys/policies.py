# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (e): what a policy author does. The expected decisions pass from any directory; a wrong one is found."""

import json
import os
import shutil
from pathlib import Path

from harness import ROOT, run_journey, run_socle

ONLY = ["D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08"]


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
    code, out, error = run_socle("no-such-command")
    journey.equal("an unknown command exits 2", code, 2)
    code, out, error = run_socle("--help")
    journey.check("`--help` names the commands", code == 0 and all(
        name in out for name in ("serve", "demo", "client", "user", "policy", "journal")), out)


if __name__ == "__main__":
    run_journey("policies", journey_body)
