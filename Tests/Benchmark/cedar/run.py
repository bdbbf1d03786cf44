# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times SocleCedar beside the reference engine on the health region, every answer compared with the expected one.

    python3 Tests/Benchmark/cedar/run.py [--build] [--binary PATH] [--rounds 100]

`--build` makes a release build with SOCLE_BENCH=1. The reference engine is PyPI's `cedarpy` (pip install cedarpy),
left out with a word when it is not installed. Bytes allocated are counted when a C compiler is at hand. The data lies
in $SOCLE_VECTORS/vectors/cedar/health, by default beside the package.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version as installed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HEALTH = Path(os.environ.get("SOCLE_VECTORS", ROOT.parent / "shared")) / "vectors/cedar/health"

COUNTER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
static unsigned long bytes, calls;
static void *(*next)(size_t);
void *malloc(size_t size) {
    if (!next) next = dlsym(RTLD_NEXT, "malloc");
    __atomic_add_fetch(&bytes, size, __ATOMIC_RELAXED);
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    return next(size);
}
__attribute__((destructor)) static void tell(void) { fprintf(stderr, "allocated %lu %lu\n", bytes, calls); }
"""


def allocations(binary):
    """Bytes and calls per decision: the difference between a short and a long run."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if not compiler:
        return None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "count.so"
        (Path(folder) / "count.c").write_text(COUNTER)
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, Path(folder) / "count.c", "-ldl"],
                       check=True)
        totals = []
        for rounds in (1, 5):
            run = subprocess.run([binary, HEALTH, str(rounds)], env={**os.environ, "LD_PRELOAD": str(library)},
                                 capture_output=True, text=True, check=True)
            totals.append([int(word) for word in run.stderr.split("allocated")[1].split()])
    # Each round decides every request three times: 25 policies, 2,500, and names already made.
    decisions = 4 * 3 * 5000
    return [(long - short) / decisions for short, long in zip(*totals)]


def reference():
    """Decisions per second of cedarpy with parsed handles, and the core's own microseconds when it tells them."""
    try:
        import cedarpy
    except ImportError:
        return None
    case = json.loads((HEALTH / "requests.json").read_text())
    policies = (HEALTH / "policies.cedar").read_text()
    schema = (HEALTH / "schema.cedarschema").read_text()
    entities = (HEALTH / "entities.json").read_text()
    name = lambda uid: f'{uid["type"]}::{json.dumps(uid["id"], ensure_ascii=False)}'
    requests = [{**{part: name(question[part]) for part in ("principal", "action", "resource")},
                 "context": question["context"]} for question in case["requests"]]
    handles = all(hasattr(cedarpy, kind) for kind in ("PolicySet", "Entities"))
    if handles:
        policies = cedarpy.PolicySet.from_str(policies)
        entities = cedarpy.Entities.from_json_str(entities, cedarpy.Schema.from_str(schema)) \
            if hasattr(cedarpy, "Schema") else cedarpy.Entities.from_json_str(entities)
    wrong, core, answers = 0, [], 0
    start = time.perf_counter()
    for request, question in zip(requests, case["requests"]):
        answer = cedarpy.is_authorized(request, policies, entities)
        decision = "allow" if answer.allowed else "deny"
        wrong += decision != question["decision"] or set(answer.diagnostics.reasons) != set(question["reason"])
        answers += 1
        if "authz_duration_micros" in (answer.metrics or {}):
            core.append(answer.metrics["authz_duration_micros"])
    rate = answers / (time.perf_counter() - start)
    if wrong:
        sys.exit(f"the reference engine gave {wrong} answers that are not the expected ones")
    core = sum(core) / len(core) if core else None
    return rate, core, installed("cedarpy"), handles


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--build", action="store_true")
    arguments.add_argument("--binary", default=ROOT / ".build/release/CedarBenchmark")
    arguments.add_argument("--rounds", type=int, default=100)
    options = arguments.parse_args()
    if not HEALTH.exists():
        sys.exit(f"the health region is not in {HEALTH}: set SOCLE_VECTORS")
    if options.build:
        subprocess.run(["swift", "build", "-c", "release", "--product", "CedarBenchmark"], cwd=ROOT, check=True,
                       env={**os.environ, "SOCLE_BENCH": "1"})
    run = subprocess.run([options.binary, HEALTH, str(options.rounds)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr.strip())
    ours = json.loads(run.stdout)
    few, many = ours["ns_per_decision"], ours["ns_per_decision_2500"]
    print(f"SocleCedar, 25 policies, 232 entities, 5,000 requests, one thread, best of {options.rounds} runs; "
          "every answer compared")
    print(f"  decision        {few / 1000:8.2f} us   {1e9 / few:12,.0f}/s   from typed requests, names as texts")
    print(f"  names made      {ours['ns_per_decision_typed_names'] / 1000:8.2f} us   "
          f"{1e9 / ours['ns_per_decision_typed_names']:12,.0f}/s   entity names made beforehand")
    print(f"  on processor    {ours['ns_per_decision_processor'] / 1000:8.2f} us   "
          f"{1e9 / ours['ns_per_decision_processor']:12,.0f}/s   time of other programs left out")
    print(f"  2,500 policies  {many / 1000:8.2f} us   {1e9 / many:12,.0f}/s   of which 25 can apply: "
          f"{100 * ours['growth_median']:+.1f} % (median of {options.rounds} pairs, half between "
          f"{100 * ours['growth_lower_quartile']:+.1f} and {100 * ours['growth_upper_quartile']:+.1f} %)")
    for step in ("parse", "validate", "compile"):
        print(f"  {step:<15} {ours[step + '_us_per_policy']:8.2f} us per policy")
    if counted := allocations(options.binary):
        print(f"  allocated       {counted[0]:8.0f} bytes in {counted[1]:.1f} calls per decision, its request counted")
    if theirs := reference():
        rate, core, version, handles = theirs
        print(f"cedarpy {version}, {'parsed handles' if handles else 'texts'}, every answer compared")
        print(f"  decision        {1e6 / rate:8.2f} us   {rate:12,.0f}/s   with its binding")
        if core:
            print(f"  its core        {core:8.2f} us   {1e6 / core:12,.0f}/s")
            print(f"SocleCedar decides {core * 1000 / few:.0f} times as often as the reference's core, "
                  f"{1e9 / few / rate:.0f} times as often as its binding")
    else:
        print("cedarpy is not installed: the reference engine is left out")


if __name__ == "__main__":
    main()
