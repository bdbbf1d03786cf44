# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the journeys share: a demo of their own, codes of the second factor, and a count of what was checked.

Everything a journey starts is a child that ends with it: stopped by its own process id when the journey is done, and
by the kernel if the journey is killed.
"""

import base64
import contextlib
import ctypes
import hashlib
import hmac
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def socle_binary():
    """The executable under test: `SOCLE_BIN`, or the debug build of this checkout."""
    path = Path(os.environ.get("SOCLE_BIN") or ROOT / ".build/debug/socle")
    if not path.exists():
        raise SystemExit(f"no executable at {path}: run `swift build` first, or set SOCLE_BIN")
    return str(path)


def end_with_parent():
    """Run in a new child: the kernel ends it when this process dies, however it dies."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(command, **options):
    return subprocess.Popen(command, preexec_fn=end_with_parent, stdin=subprocess.DEVNULL, **options)


def stop(process, patience=15, with_signal=signal.SIGTERM):
    """Ends one process this journey started; returns its exit code, or None if it had to be killed."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None
    return process.returncode


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process=None, patience=20):
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port} after {patience} s")


def run_socle(*arguments, stdin=None, timeout=60):
    """One run of the command line: (exit code, standard output, standard error)."""
    done = subprocess.run(
        [socle_binary(), *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


class Demo:
    """A `socle demo` on a port of its own, over a data directory of its own."""

    def __init__(self, data, port=0, wrapper=(), log=None, arguments=(), patience=60):
        self.data = Path(data)
        self.log_path = Path(log or self.data.parent / (self.data.name + ".log"))
        self.log = open(self.log_path, "ab")
        command = [*wrapper, socle_binary(), "demo", "--data", str(self.data), "--port", str(port), "--json",
                   *arguments]
        self.started = time.monotonic()
        self.process = spawn(command, stdout=subprocess.PIPE, stderr=self.log, cwd="/")
        try:
            self.about = json.loads(self._first_line(patience))
        except Exception as error:
            stop(self.process)
            raise RuntimeError(f"`socle demo` did not start: {error}\n{self.log_tail()}") from error
        self.seconds_to_listen = time.monotonic() - self.started
        # Somebody must read the rest: a full pipe would stop the server.
        threading.Thread(target=self._drain, daemon=True).start()
        self.issuer = self.about["issuer"]
        self.port = int(self.issuer.rsplit(":", 1)[1])

    def _first_line(self, patience):
        limit = time.monotonic() + patience
        line = b""
        descriptor = self.process.stdout.fileno()
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0, limit - time.monotonic()))
            if not ready:
                raise RuntimeError(f"no line on its output after {patience} s")
            byte = os.read(descriptor, 1)
            if not byte:
                raise RuntimeError("it closed its output")
            line += byte
        return line

    def _drain(self):
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self.process.stdout.fileno(), 65536):
                self.log.write(chunk)

    def log_tail(self, size=4000):
        return self.log_path.read_bytes()[-size:].decode(errors="replace")

    def stop(self, with_signal=signal.SIGTERM):
        code = stop(self.process, with_signal=with_signal)
        self.process.stdout.close()
        self.log.close()
        return code

    # What the demo says of itself.

    def accounts(self):
        return self.about["accounts"]

    def account(self, situations=None, role=None):
        """An account with at least two situations (`several`), exactly one (`one`), or a role."""
        for account in self.accounts():
            count = len(account.get("situations") or [])
            if situations == "several" and count < 2 or situations == "one" and count != 1:
                continue
            if role is not None and role not in account["roles"]:
                continue
            return account
        raise RuntimeError(f"the demo prints no account with situations={situations} role={role}")

    def client(self, grant=None, scopes=(), public=None):
        for client in self.about["clients"]:
            if grant and grant not in client["grant_types"]:
                continue
            if not set(scopes) <= set(words(client["scopes"])):
                continue
            if public is not None and public == bool(client.get("client_secret")):
                continue
            return client
        raise RuntimeError(f"the demo prints no client with grant={grant} scopes={scopes} public={public}")


def words(value):
    """Scopes as a list, whether given as a list or as one text with spaces."""
    return value.split() if isinstance(value, str) else list(value)


class Authenticator:
    """The second factor of one account: RFC 6238, SHA-1, six digits, 30 seconds; gives no code twice."""

    def __init__(self, base32):
        self.secret = base64.b32decode(base32.upper() + "=" * (-len(base32) % 8))
        self.last = None

    def code_of(self, step):
        digest = hmac.new(self.secret, struct.pack(">Q", step), hashlib.sha1).digest()
        offset = digest[-1] & 15
        number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"

    def code(self):
        """A code never given before: waits for the next step when this one was used."""
        while True:
            now = time.time()
            step = int(now // 30)
            # A code about to expire could be refused by the time the form arrives.
            if step != self.last and now % 30 < 28:
                self.last = step
                return self.code_of(step)
            time.sleep(0.25)


class Journey:
    """Counts checks and says each one: a journey reads as its output."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = 0
        self.folder = Path(tempfile.mkdtemp(prefix=f"socle-{name}-"))
        self.cleanup = contextlib.ExitStack()
        self.keep = False

    def check(self, title, holds, detail=None):
        if holds:
            self.passed += 1
            print(f"  ok    {title}", flush=True)
        else:
            self.failed += 1
            print(f"  FAIL  {title}" + (f": {short(detail)}" if detail is not None else ""), flush=True)
        return bool(holds)

    def equal(self, title, found, expected):
        return self.check(title, found == expected, f"found {found!r}, expected {expected!r}")

    def demo(self, name="data", **options):
        demo = Demo(self.folder / name, **options)
        self.cleanup.callback(demo.stop)
        return demo


def short(value, limit=6000):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[:limit] + "…"


def run_journey(name, body):
    """Runs `body(journey)` as a program: exit 0 when every check held. `--counts FILE` writes `passed failed`."""
    def interrupted(number, _):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    journey = Journey(name)
    print(f"journey: {name}", flush=True)
    try:
        with journey.cleanup:
            body(journey)
    except Exception:
        journey.failed += 1
        print("  FAIL  the journey stopped on an error", flush=True)
        traceback.print_exc(file=sys.stdout)
    finally:
        if journey.failed:
            for log in sorted(journey.folder.glob("*.log")):
                print(f"  --- end of {log.name}")
                print(log.read_bytes()[-3000:].decode(errors="replace"))
        if journey.failed and os.environ.get("SOCLE_KEEP"):
            print(f"  left for inspection: {journey.folder}")
        else:
            shutil.rmtree(journey.folder, ignore_errors=True)
    if "--counts" in sys.argv:
        Path(sys.argv[sys.argv.index("--counts") + 1]).write_text(f"{journey.passed} {journey.failed}\n")
    sys.stdout.flush()
    raise SystemExit(1 if journey.failed or not journey.passed else 0)
