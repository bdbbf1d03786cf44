# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (f): the production form. A YAML file, a client and an account made on the command line while the server
runs, a token, a decision, `socle decide`, SIGTERM; on SQLite, then on a private PostgreSQL server. What must not start
does not.
"""

import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import requests

from harness import free_port, run_journey, run_socle, socle_binary, spawn, stop, wait_for_port

QUESTION = {
    "subject": {"type": "professional", "id": "rpps:899700100022", "properties": {"acr": "eidas1"}},
    "action": {"name": "read"},
    "resource": {"type": "document", "id": "DOC-1", "properties": {"patient": "PAT-NOBODY", "type_code": "11502-2"}},
    "context": {"purpose": "TREAT"},
}


class Installation:
    """A folder with a master key and a configuration, served on a port of its own."""

    def __init__(self, journey, name, database):
        self.journey = journey
        self.folder = journey.folder / name
        self.folder.mkdir(mode=0o700)
        key = self.folder / "master.key"
        key.write_text(secrets.token_hex(32) + "\n")
        key.chmod(stat.S_IRUSR | stat.S_IWUSR)
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.file = self.folder / "socle.yaml"
        self.file.write_text(
            f"issuer: {self.issuer}\n"
            f"listen: {{ port: {self.port} }}\n"
            f"database: {database}\n"
            "keys: { directory: keys, master_key_file: master.key }\n")
        self.log = journey.folder / f"{name}.log"

    def serve(self):
        """Started from another directory: paths are relative to the file."""
        with open(self.log, "ab") as log:
            process = spawn([socle_binary(), "serve", "--config", str(self.file)], stdout=log, stderr=log, cwd="/")
        self.journey.cleanup.callback(stop, process)
        wait_for_port(self.port, process, patience=60)
        return process

    def run(self, *arguments, stdin=None):
        return run_socle(*arguments, "--config", self.file, stdin=stdin)

    def refused(self, *words):
        """`serve` ends by itself, with 1 and those words; nothing listens."""
        code, out, error = run_socle("serve", "--config", self.file)
        return code == 1 and all(word in error for word in words), (code, out, error)


def journey_body(journey):
    sqlite = Installation(journey, "sqlite", "{ sqlite: data.db }")
    faults(journey, sqlite)
    served(journey, sqlite)
    binaries = postgresql(journey)
    if binaries is None:
        return
    with Postgres(binaries) as server:
        served(journey, Installation(journey, "postgresql", json.dumps({"postgresql": server.conninfo})))
    with Postgres(binaries, ["fsync=off"]) as server:
        volatile = Installation(journey, "volatile", json.dumps({"postgresql": server.conninfo}))
        journey.check("a PostgreSQL server with `fsync` off is refused, by name",
                      *volatile.refused("not durable", "`fsync`"))


def faults(journey, installation):
    """Every fault at once, each with its line; and no start without the master key."""
    good = installation.file.read_text()
    wrong = good.replace("issuer: http://", "issuer: ftp://") + "databse: {}\nlog: { level: loud }\n"
    installation.file.write_text(wrong)
    name = installation.file.name
    journey.check("every fault of the file is told at once, with its line",
                  *installation.refused(f"{name}:1:", f"{name}:5: `databse`", f"{name}:6:"))
    installation.file.write_text(good)
    key = installation.folder / "master.key"
    key.chmod(0o644)
    journey.check("a master key that everybody may read is refused, with the cure", *installation.refused("chmod 600"))
    key.chmod(0o600)
    journey.check("nothing was made meanwhile", sorted(p.name for p in installation.folder.iterdir())
                  == ["master.key", "socle.yaml"], list(installation.folder.iterdir()))


def served(journey, installation):
    on = installation.folder.name
    process = installation.serve()
    journey.equal(f"{on}: it listens, and is ready",
                  requests.get(f"{installation.issuer}/health/ready", timeout=10).status_code, 200)
    metadata = requests.get(f"{installation.issuer}/.well-known/openid-configuration", timeout=20).json()
    journey.equal(f"{on}: the issuer is the file's", metadata["issuer"], installation.issuer)

    code, out, error = installation.run("client", "create", "--id", "journey", "--scope", "access:evaluate",
                                        "--scope", "access:assert", "--json")
    if not journey.check(f"{on}: a client is made while it runs", code == 0, error):
        return
    secret = json.loads(out)["client_secret"]
    password = secrets.token_urlsafe(12)
    code, out, error = installation.run("user", "create", "--login", "operator", "--password-stdin", "--admin",
                                        "--json", stdin=password + "\n")
    journey.check(f"{on}: an account too, its second factor printed once",
                  code == 0 and json.loads(out)["otpauth"].startswith("otpauth://totp/"), (code, error))
    code, out, error = installation.run("user", "list")
    journey.check(f"{on}: and listed without it", code == 0 and out.startswith("operator "), (out, error))

    answer = requests.post(metadata["token_endpoint"], auth=("journey", secret), timeout=20, data={
        "grant_type": "client_credentials", "scope": "access:evaluate access:assert"})
    if not journey.check(f"{on}: the client gets a token at its next request", answer.status_code == 200, answer.text):
        return
    token = answer.json()["access_token"]
    answer = requests.post(f"{installation.issuer}/access/v1/evaluation", json=QUESTION, timeout=20,
                           headers={"Authorization": f"Bearer {token}"})
    told = answer.json() if answer.status_code == 200 else {}
    journey.check(f"{on}: nobody known is refused, with a reason and the version in force",
                  told.get("decision") is False and told["context"]["reason"]
                  and told["context"]["policy_version"] == 1, answer.text)

    question = installation.folder / "question.json"
    question.write_text(json.dumps(QUESTION))
    code, out, error = installation.run("decide", "--client", "journey", "--question", question, "--json")
    explained = json.loads(out) if code == 0 else {}
    journey.check(f"{on}: `socle decide` says the same, with the facts it rests on",
                  explained.get("decision") is False
                  and explained["context"]["reason"] == told.get("context", {}).get("reason")
                  and explained["trace"]["facts"], (code, out, error))

    code, out, error = installation.run("client", "disable", "--id", "journey")
    answer = requests.post(f"{installation.issuer}/access/v1/evaluation", json=QUESTION, timeout=20,
                           headers={"Authorization": f"Bearer {token}"})
    journey.check(f"{on}: disabled, its token stops working at once", code == 0 and answer.status_code == 401,
                  (code, error, answer.text))
    journey.equal(f"{on}: SIGTERM ends it with 0", stop(process), 0)
    log = installation.log.read_text(errors="replace")
    lines = [line for line in log.splitlines() if line]
    journey.check(f"{on}: its log is one JSON object a line, and holds no secret",
                  all(is_object(line) for line in lines)
                  and not any(word in log for word in (secret, token, password)), log[-2000:])
    code, out, error = installation.run("journal", "verify")
    journey.check(f"{on}: the journal verifies, with the chains of the commands", code == 0, out + error)


def is_object(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def postgresql(journey):
    """The folder of the newest PostgreSQL's programs; None where there is none, which CI does not forgive."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]), reverse=True)
    if found:
        return found[0].parent
    message = "PostgreSQL is not installed: install the package postgresql"
    if os.environ.get("CI") == "true":
        journey.check(message, False)
    print(f"  skip  {message}")
    return None


class Postgres:
    """A private server on a socket in a folder of its own, ended with the journey."""

    def __init__(self, binaries, settings=()):
        self.binaries, self.settings = binaries, settings

    def __enter__(self):
        # Short: the path of a socket has 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="socle-pg-", dir="/tmp"))
        # initdb refuses root.
        self.account = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            self.account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = self.folder / "data"
        subprocess.run([self.binaries / "initdb", "-D", data, "-A", "trust", "-U", "socle", "-E", "UTF8",
                        "--no-locale"], check=True, stdout=subprocess.DEVNULL, cwd="/", **self.account)
        command = [str(self.binaries / "postgres"), "-D", str(data), "-c", "listen_addresses=",
                   "-c", f"unix_socket_directories={self.folder}"]
        for setting in self.settings:
            command += ["-c", setting]
        self.server = spawn(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.account)
        for _ in range(100):
            ready = subprocess.run([self.binaries / "pg_isready", "-q", "-t", "1", "-h", str(self.folder)])
            if ready.returncode == 0:
                return self
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("the private PostgreSQL server did not start")

    @property
    def conninfo(self):
        return f"host={self.folder} user=socle dbname=postgres"

    def __exit__(self, *_):
        # SIGINT: a fast shutdown, whoever is still connected.
        stop(self.server, with_signal=2)
        shutil.rmtree(self.folder, ignore_errors=True)


if __name__ == "__main__":
    run_journey("serve", journey_body)
