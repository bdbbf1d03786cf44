# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fuzzes the readers of SocleCedar with libFuzzer, one target after the other, and prints what was found.

    python3 Tests/Fuzz/run.py [--build] [--binaries FOLDER] [--seconds 1200] [--seed 1] [--only CedarPolicyText]

`--build` builds the targets with SOCLE_FUZZ=1 in `.build-fuzz`. The seeds are a sample of the published corpora in
$SOCLE_VECTORS/vectors/cedar (by default beside the package). A crash, an input slower than ten seconds, an allocation
of more than 64 MB ends a target with its input kept; a process that ends 64 MB above what it held once the seeds were
read is a finding too. The status is then 1.
"""

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("SOCLE_VECTORS", ROOT.parent / "shared")) / "vectors/cedar"
TARGETS = ["CedarPolicyText", "CedarSchemaText", "CedarEntityJSON"]
LONGEST = 8192


def packed(archive, suffix):
    with tarfile.open(VECTORS / archive) as files:
        return [files.extractfile(member).read() for member in files if member.name.endswith(suffix)]


def judged(name):
    lines = gzip.decompress((VECTORS / name).read_bytes()).splitlines()
    return [json.loads(line)["text"].encode() for line in lines]


def requests(case):
    return [json.dumps({part: question[part] for part in ("principal", "action", "resource", "context")}).encode()
            for question in json.loads(case)["requests"]]


def seeds(target):
    """Texts of the corpora for one target, each once."""
    if target == "CedarPolicyText":
        found = judged("parse-policies.jsonl.gz") + packed("corpus-tests.tar.gz", ".cedar") \
            + packed("formatter.tar.gz", ".cedar")
    elif target == "CedarSchemaText":
        found = judged("parse-schemas.jsonl.gz") + packed("corpus-tests.tar.gz", ".cedarschema")
    else:
        cases = [text for text in packed("corpus-tests.tar.gz", ".json") if b'"requests"' in text[:4096]]
        found = packed("corpus-tests.tar.gz", ".entities.json") + [one for case in cases for one in requests(case)] \
            + packed("corpus-json-policies.tar.gz", ".json") + packed("corpus-json-schemas.tar.gz", ".json")
    return sorted({text for text in found if 0 < len(text) <= LONGEST})


def fuzz(target, binary, options, folder):
    kept = seeds(target)
    kept = random.Random(options.seed).sample(kept, min(len(kept), options.samples))
    corpus = folder / target
    corpus.mkdir()
    for number, text in enumerate(kept):
        (corpus / f"{number:05}").write_bytes(text)
    findings = options.findings / target
    findings.mkdir(parents=True, exist_ok=True)
    command = [binary, corpus, f"-seed={options.seed}", f"-max_total_time={options.seconds}", f"-max_len={LONGEST}",
               "-timeout=10", f"-malloc_limit_mb={options.memory}", f"-rss_limit_mb={options.rss}",
               "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={findings}/"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    figures = dict(re.findall(r"^stat::(\w+):\s+(\d+)", run.stdout, re.M))
    seeded = re.search(r"INITED.*rss: (\d+)Mb", run.stdout)
    growth = int(figures.get("peak_rss_mb", 0)) - int(seeded[1]) if seeded else None
    coverage = re.findall(r"cov: (\d+)", run.stdout)
    found = sorted(path for path in findings.iterdir() if path.is_file())
    print(f"{target}: {int(figures.get('number_of_executed_units', 0)):,} executions in {options.seconds} s, "
          f"{len(kept)} seeds, coverage {coverage[-1] if coverage else '?'}, slowest input "
          f"{figures.get('slowest_unit_time_sec', '?')} s, {'?' if growth is None else growth} MB more than the seeds "
          f"alone took, {len(found)} findings", flush=True)
    if run.returncode:
        print(run.stdout[-3000:])
    for path in found:
        print(f"  {path}")
    return run.returncode == 0 and not found and growth is not None and growth <= options.memory


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--build", action="store_true")
    arguments.add_argument("--binaries", type=Path, default=ROOT / ".build-fuzz/release")
    arguments.add_argument("--seconds", type=int, default=1200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--samples", type=int, default=1500, help="seeds taken of the corpora")
    arguments.add_argument("--memory", type=int, default=64, help="MB one allocation, or the whole of a run, may ask")
    arguments.add_argument("--rss", type=int, default=512, help="MB of the whole process, the fuzzer's own included")
    arguments.add_argument("--only", action="append", choices=TARGETS)
    arguments.add_argument("--findings", type=Path, default=ROOT / ".build-fuzz/findings")
    options = arguments.parse_args()
    if not VECTORS.exists():
        sys.exit(f"the Cedar data is not in {VECTORS}: set SOCLE_VECTORS")
    targets = options.only or TARGETS
    if options.build:
        for target in targets:
            subprocess.run(["swift", "build", "-c", "release", "--sanitize", "fuzzer", "--product", target,
                            "--scratch-path", ".build-fuzz"],
                           cwd=ROOT, check=True, env={**os.environ, "SOCLE_FUZZ": "1"})
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [fuzz(target, options.binaries / target, options, Path(folder)) for target in targets]
    sys.exit(0 if all(outcomes) else 1)


if __name__ == "__main__":
    main()
