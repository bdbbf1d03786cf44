# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures a release build of Socle over loopback, next to nginx and to its own bare route, in one run.

    .build-venv/bin/python Tests/Benchmark/run.py [--build] [--socle BINARY] [--rounds 5] [--seconds 4]

Prints a Markdown table: requests per second, latency, the server's CPU per request (user and system time of its
process before and after, divided by the requests answered), and resident memory. The load generator shares the
machine with the server: read the CPU figures and the ratios first, the rates as lower bounds.
"""

import argparse
import base64
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Journeys"))
import flows                        # noqa: E402
import glewlwyd                     # noqa: E402
import harness                      # noqa: E402

import requests                     # noqa: E402

REFUSED = "bare route, the body of an evaluation"
REQUEST = "bare route, the request of an evaluation"
TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(pid):
    """(resident, anonymous) in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024 for name in ("VmRSS", "RssAnon"))


def start_nginx(folder):
    port = harness.free_port()
    (folder / "nginx.conf").write_text(f"""
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type text/plain; return 200 "ok"; }} }}
}}
""")
    process = harness.spawn(["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    harness.wait_for_port(port, process)
    return process, port


def script(method, headers, body):
    """The same request each time, as the Lua that wrk reads."""
    def text(value):
        return json.dumps(value).replace("\\/", "/").replace("\\u", "\\\\u")

    lines = [f"wrk.method = {text(method)}"]
    lines += [f"wrk.headers[{text(key)}] = {text(value)}" for key, value in headers.items()]
    if body is not None:
        lines.append(f"wrk.body = [==[{body}]==]")
    return "\n".join(lines) + "\n"


def milliseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def load(pid, url, lua, seconds, connections, refused=False):
    """One round of wrk: (requests/s, p50 ms, p99 ms, CPU microseconds per request)."""
    before = processor_seconds(pid)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(lua), url],
        capture_output=True, text=True, check=True)
    spent = processor_seconds(pid) - before
    out = done.stdout
    if ("Non-2xx" in out) != refused or "Socket errors" in out:
        raise SystemExit(f"{url}: the answers were not what they should be:\n{out}")
    count = int(re.search(r"(\d+) requests in", out)[1])
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out)[1]),
            milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out)[1]), spent * 1e6 / count)


def application_token(demo, client):
    response = requests.post(f"{demo.issuer}/oauth2/token", timeout=20,
                             data={"grant_type": "client_credentials", "scope": "access:evaluate access:assert"},
                             auth=(client["client_id"], client["client_secret"]))
    response.raise_for_status()
    return response.json()["access_token"]


class Row:
    """One request that wrk repeats: who answers it, and the Lua that writes it."""

    def __init__(self, name, pid, url, lua, refused=False):
        self.name, self.pid, self.url, self.lua, self.refused = name, pid, url, lua, refused


def machine_client(demo, name, *options):
    code, out, error = harness.run_socle(
        "client", "create", "--data", demo.data, "--id", name, "--grant", "client_credentials", "--scope",
        "access:evaluate", "--json", *options)
    if code != 0:
        raise SystemExit(f"`socle client create` failed: {error}")
    return json.loads(out)


def measure(arguments, folder):
    nginx, nginx_port = start_nginx(folder)
    demo = harness.Demo(folder / "data")
    other = glewlwyd.Glewlwyd(folder / "glewlwyd") if glewlwyd.is_installed() else None
    try:
        # Memory at rest is read before the first request.
        time.sleep(3)
        idle = resident(demo.process.pid)
        startup = demo.seconds_to_listen
        client = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
        slow = machine_client(demo, "benchmark-rs256", "--access-token-alg", "RS256")
        question = json.dumps(next(q["request"] for q in demo.about["questions"] if q["expected"]))
        person = flows.Person(demo)
        bound = flows.Flow(demo, folder, person, "benchmark-web", "basic", rotates=False)
        public = flows.Flow(demo, folder, person, "benchmark-app", "none", rotates=True)
        form = "application/x-www-form-urlencoded"
        own, base = demo.process.pid, demo.issuer.replace("localhost", "127.0.0.1")

        def basic(client):
            text = f"{client['client_id']}:{client['client_secret']}"
            return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode(), "Content-Type": form}

        def row(name, method, path, headers, body=None, refused=False):
            return Row(name, own, base + path, script(method, headers, body), refused)

        def series(seconds):
            """The rows, with tokens fresh for this round: an access token lives five minutes."""
            token = application_token(demo, client)
            bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            credentials = urlencode({"grant_type": "client_credentials", "scope": "access:evaluate"})
            yield Row("nginx, static 200", nginx.pid, f"http://127.0.0.1:{nginx_port}/", script("GET", {}, None))
            yield row("bare route `/health/live`", "GET", "/health/live", {})
            yield row("discovery", "GET", "/.well-known/openid-configuration", {})
            yield row("client_credentials, ES256", "POST", "/oauth2/token", basic(client), credentials)
            yield row("client_credentials, RS256", "POST", "/oauth2/token", basic(slow), credentials)
            yield Row("code exchange, ES256 twice", own, *bound.exchange(seconds))
            yield Row("refresh, bound token", own, *bound.refresh())
            yield Row("code exchange, public client", own, *public.exchange(seconds))
            yield Row("refresh, token that turns", own, *public.refresh())
            yield row("introspection", "POST", "/oauth2/introspect", basic(client), urlencode({"token": token}))
            yield row("userinfo", "GET", "/oauth2/userinfo", {"Authorization": f"Bearer {bound.access_token()}"})
            yield row("`/access/v1/evaluation`, journal durable", "POST", "/access/v1/evaluation", bearer, question)
            # Read whole and refused before anything is looked at: the same body without a token, and the same request,
            # byte for byte as long, under a scheme that is none of ours.
            yield row(REFUSED, "POST", "/access/v1/evaluation", {"Content-Type": "application/json"}, question, True)
            opaque = bearer | {"Authorization": bearer["Authorization"].replace("Bearer ", "Opaque ")}
            yield row(REQUEST, "POST", "/access/v1/evaluation", opaque, question, True)
            if other:
                for name, pid, url, method, headers, body in other.series():
                    yield Row(name, pid, url, script(method, headers, body))

        results = {}
        lua = folder / "request.lua"
        for turn in range(arguments.rounds + 1):
            seconds = 2 if turn == 0 else arguments.seconds
            for one in series(seconds):
                lua.write_text(one.lua)
                figures = load(one.pid, one.url, lua, seconds, arguments.connections, one.refused)
                if turn > 0:        # the first turn warms up
                    results.setdefault(one.name, []).append(figures)
            print(f"round {turn} of {arguments.rounds} done", file=sys.stderr, flush=True)
        time.sleep(1)
        loaded = resident(demo.process.pid)
        return results, idle, loaded, startup
    finally:
        demo.stop()
        harness.stop(nginx)
        if other:
            other.stop()


def processor_name():
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return re.sub(r"\s+", " ", found[1]) if found else platform.machine()


def report(arguments, results, idle, loaded, startup):
    def median(name, index):
        return statistics.median(row[index] for row in results[name])

    nginx, bare = list(results)[:2]
    print(f"Measured {time.strftime('%Y-%m-%d')}: {os.cpu_count()} × {processor_name()}, "
          f"{' '.join(platform.freedesktop_os_release()['PRETTY_NAME'].split()[:3])}, "
          f"wrk -t1 -c{arguments.connections}, medians of {arguments.rounds} rounds of {arguments.seconds} s "
          "(range of the rates in brackets); load average "
          f"{os.getloadavg()[0]:.1f} at the end.\n")
    print("| request | requests/s | p50 ms | p99 ms | server CPU µs/request | CPU ÷ nginx | CPU ÷ bare route |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in results.items():
        rates = [row[0] for row in rows]
        cpu = median(name, 3)
        print(f"| {name} | {median(name, 0):,.0f} [{min(rates):,.0f}–{max(rates):,.0f}] | {median(name, 1):.2f} | "
              f"{median(name, 2):.2f} | {cpu:,.1f} | {cpu / median(nginx, 3):.1f} | {cpu / median(bare, 3):.1f} |")
    print(f"\nResident memory: idle {idle[0]:.0f} MB ({idle[1]:.0f} MB anonymous), after the load {loaded[0]:.0f} MB "
          f"({loaded[1]:.0f} MB anonymous). From start to listening on a new directory: {startup:.2f} s.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socle", help="the executable to measure (default: .build-release/release/socle)")
    parser.add_argument("--build", action="store_true", help="build it first, with all optimisations")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=32)
    arguments = parser.parse_args()
    scratch = ROOT / ".build-release"
    if arguments.build:
        subprocess.run(["nice", "swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "socle",
                        "--scratch-path", str(scratch)], cwd=ROOT, check=True, stdout=sys.stderr)
    os.environ["SOCLE_BIN"] = str(Path(arguments.socle or scratch / "release/socle").resolve())
    with tempfile.TemporaryDirectory(prefix="socle-benchmark-") as folder:
        report(arguments, *measure(arguments, Path(folder)))


if __name__ == "__main__":
    main()
