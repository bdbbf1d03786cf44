# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (g): oidc-agent, a client that keeps a person's tokens on their own machine, as Debian ships it.

It reads discovery, asks with PKCE, gets the answer on a web server of its own, redeems the code, refreshes, and revokes
when its configuration is deleted. What happens at the browser is `pages.Browser`'s.

It always sends a secret, an empty one where it was given none, and so cannot be a public client here.
"""

import json
import os
import re
import subprocess
import time

import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from harness import Authenticator, free_port, run_journey, run_socle, spawn, stop
from pages import Browser

SCOPES = ["openid", "profile", "offline_access"]


class Agent:
    """An `oidc-agent` of this journey alone, and its two companions."""

    def __init__(self, journey):
        self.folder = journey.folder / "agent"
        (self.folder / "configuration").mkdir(parents=True)
        # What its files are encrypted under.
        self.password = self.folder / "password"
        self.password.write_text("sesame\n")
        self.password.chmod(0o600)
        socket = self.folder / "socket"
        self.environment = {**os.environ, "HOME": str(self.folder), "OIDC_SOCK": str(socket),
                            "OIDC_CONFIG_DIR": str(self.folder / "configuration")}
        log = open(journey.folder / "agent.log", "wb")
        self.process = spawn(["/usr/bin/oidc-agent", "--console", "--log-stderr", "-a", str(socket),
                              "--no-autoreauthenticate", "--always-allow-idtoken"], stdout=log, stderr=log,
                             env=self.environment)
        journey.cleanup.callback(stop, self.process)
        limit = time.monotonic() + 20
        while not socket.exists():
            if time.monotonic() > limit or self.process.poll() is not None:
                raise RuntimeError("oidc-agent does not start")
            time.sleep(0.05)

    def start(self, name, *arguments):
        """`oidc-gen` left running, and the address it asks the person to open."""
        process = spawn(["/usr/bin/oidc-gen", "--flow=code", "--pw-file", str(self.password), "--prompt=none",
                         "--confirm-default", "--no-url-call", "-m", *arguments, name],
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment, text=True)
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"^https?://\S+/oauth2/authorize\?\S+$", line.strip()):
                return process, found.group(0)
        raise RuntimeError(f"oidc-gen asks for no address: {said}")

    def run(self, tool, *arguments):
        done = subprocess.run([f"/usr/bin/{tool}", *arguments], env=self.environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=30)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def token(self, name, *arguments):
        code, out, error = self.run("oidc-token", *arguments, name)
        if code != 0 or not out:
            raise RuntimeError(f"oidc-token gives none: {out} {error}")
        return out


def journey_body(journey):
    demo = journey.demo()
    metadata = requests.get(f"{demo.issuer}/.well-known/openid-configuration", timeout=10).json()
    agent = Agent(journey)
    account = demo.account("one")
    authenticator = Authenticator(account["totp_secret"])
    # oidc-agent listens on no other.
    port = next(port for port in iter(free_port, None) if 1024 <= port <= 49151)
    redirect = f"http://localhost:{port}"
    name = "oidc-agent"
    grants = ["--grant", "authorization_code", "--grant", "refresh_token"]
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    code, out, error = run_socle("client", "create", "--data", demo.data, "--id", name, "--auth", "basic",
                                 "--redirect-uri", redirect, *grants, *scopes, "--json")
    if not journey.check("`socle client create` registers oidc-agent", code == 0, error or out):
        return
    secret = json.loads(out)["client_secret"]
    process, url = agent.start(
        name, f"--client-id={name}", f"--client-secret={secret}", f"--redirect-uri={redirect}",
        f"--iss={demo.issuer}", f"--scope={' '.join(SCOPES)}")
    journey.check("it found the authorization endpoint by discovery, and asks with PKCE",
                  url.startswith(metadata["authorization_endpoint"]) and "code_challenge_method=S256" in url, url)
    browser = Browser(until=[redirect])
    asked, ended = browser.sign_in(url, account, authenticator)
    journey.equal("the person gives both factors, and is asked nothing more", asked, ["password", "code"])
    landed = requests.get(ended, timeout=20)
    journey.check("the browser ends at oidc-agent's own web server", landed.status_code == 200, landed.text)
    try:
        said, _ = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        stop(process)
        said = "it still waits"
    if not journey.check("oidc-agent redeems the code and keeps the account", process.returncode == 0, said):
        return

    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    first = agent.token(name)
    claims = jwt.decode(first, keys, algorithms=["ES256"]).claims
    journey.check("the access token it hands out is for this client, signed by a published key",
                  claims["client_id"] == name and claims["iss"] == demo.issuer, claims)
    about = userinfo(metadata, first)
    journey.check("userinfo answers about the same person", about.json().get("sub") == claims["sub"], about.text)
    journey.equal("asked again, it hands out the token it has", agent.token(name), first)
    renewed = [agent.token(name, "--force-new") for _ in range(3)]
    journey.check("three refreshes give three new tokens, each good",
                  len({first, *renewed}) == 4 and all(userinfo(metadata, t).status_code == 200 for t in renewed),
                  renewed)
    narrow = jwt.decode(agent.token(name, "--scope=openid"), keys, algorithms=["ES256"]).claims
    journey.equal("a refresh may ask for less", narrow["scope"], "openid")
    identity = jwt.decode(agent.token(name, "--id-token"), keys, algorithms=["RS256"]).claims
    journey.equal("and it is given an ID token of the same person", (identity["sub"], identity["aud"]),
                  (claims["sub"], name))

    code, out, error = agent.run("oidc-gen", "--delete", "--pw-file", str(agent.password), "--confirm-yes", name)
    journey.check("deleting the account revokes its refresh token", code == 0, out + error)
    journey.equal("and with it every access token", userinfo(metadata, renewed[-1]).status_code, 401)
    journey.check("the server is still well", demo.process.poll() is None)


def userinfo(metadata, token):
    return requests.get(metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"}, timeout=10)


if __name__ == "__main__":
    run_journey("oidc-agent", journey_body)
