# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests that each use something up: authorization codes, and refresh tokens that turn at each use.

A person signs in once. Before each round, silent authorizations (`prompt=none`) fetch as many codes as the round can
redeem; what the exchange answers gives the refresh tokens of the next rows. The scripts run inside wrk.
"""

import base64
import hashlib
import json
import subprocess
from urllib.parse import parse_qs, urlencode, urlsplit

import harness
import requests
from pages import Arrived, Browser

FORM = "application/x-www-form-urlencoded"
REDIRECT = "http://127.0.0.1:4711/callback"
VERIFIER = "the-verifier-of-the-benchmark-is-long-enough-and-always-the-same"

FETCH = """
local out = io.open("{codes}", "w")
out:setvbuf("line")
response = function(status, headers, body)
  local code = (headers["Location"] or ""):match("[?&]code=([^&]+)")
  if code then out:write(code, "\\n") end
end
wrk.headers["Cookie"] = "{cookie}"
"""

EXCHANGE = """
local codes, at = {{}}, 0
for line in io.lines("{codes}") do codes[#codes + 1] = line end
local out = io.open("{tokens}", "w")
out:setvbuf("line")
request = function()
  at = at + 1
  if at > #codes then error("the codes of this round are used up: redeem for fewer seconds") end
  return wrk.format("POST", nil, {headers}, "{form}&code=" .. codes[at])
end
response = function(status, headers, body)
  local token = body:match('"refresh_token":"([^"]+)"')
  if token then out:write(token, "\\n") end
end
"""

# A token that turns is replaced by the one answered; one that stays goes back to the end of the line.
REFRESH = """
local first, last, line = 1, 0, {{}}
local function put(token) last = last + 1; line[last] = token end
for token in io.lines("{tokens}") do put(token) end
request = function()
  local token = line[first]
  line[first] = nil
  first = first + 1
  if not {rotates} then put(token) end
  return wrk.format("POST", nil, {headers}, "{form}&refresh_token=" .. token)
end
response = function(status, headers, body)
  local token = {rotates} and body:match('"refresh_token":"([^"]+)"')
  if token then put(token) end
end
"""


class Person:
    """A professional signed in through the pages, whose browser stays signed in."""

    def __init__(self, demo):
        self.demo = demo
        account = demo.account("one")
        client_id = register(demo, "benchmark-sign-in", "none")["client_id"]
        self.browser = Browser(until=[REDIRECT])
        try:
            page = self.browser.open(demo.issuer + authorize(client_id))
            page = self.browser.give_password(page, account["login"], account["password"])
            page = self.browser.give_code(page, harness.Authenticator(account["totp_secret"]).code())
        except Arrived:
            return
        raise SystemExit(f"the sign-in did not end at the client: {page}")

    @property
    def cookie(self):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.session.cookies)


def register(demo, name, auth, *options):
    code, out, error = harness.run_socle(
        "client", "create", "--data", demo.data, "--id", name, "--auth", auth, "--redirect-uri", REDIRECT,
        "--grant", "authorization_code", "--grant", "refresh_token", "--scope", "openid", "--scope", "profile",
        "--id-token-alg", "ES256", "--json", *options)
    if code != 0:
        raise SystemExit(f"`socle client create` failed: {error}")
    return json.loads(out)


def authorize(client_id, **extra):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return "/oauth2/authorize?" + urlencode({
        "client_id": client_id, "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid profile",
        "state": "s", "nonce": "n", "code_challenge": challenge, "code_challenge_method": "S256", **extra})


def lua_table(headers):
    return "{" + ", ".join(f'["{name}"] = "{value}"' for name, value in headers.items()) + "}"


class Flow:
    """The code flow of one client, as rows that `run.py` measures."""

    def __init__(self, demo, folder, person, name, auth, rotates):
        self.demo, self.person, self.rotates = demo, person, rotates
        self.client = register(demo, name, auth)
        self.codes, self.tokens = folder / f"{name}.codes", folder / f"{name}.tokens"
        form, headers = {"client_id": name}, {"Content-Type": FORM}
        if secret := self.client.get("client_secret"):
            form = {}
            headers["Authorization"] = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
        self.form, self.headers = form, lua_table(headers)
        self.base = demo.issuer.replace("localhost", "127.0.0.1")
        self.fetch_script = folder / f"{name}.fetch.lua"

    def access_token(self):
        """A fresh one, of this person."""
        try:
            page = self.person.browser.open(self.demo.issuer + authorize(self.client["client_id"], prompt="none"))
        except Arrived as arrived:
            code = parse_qs(urlsplit(arrived.url).query)["code"][0]
        else:
            raise SystemExit(f"a silent authorization ended on a page: {page}")
        auth = (self.client["client_id"], self.client["client_secret"]) if "client_secret" in self.client else None
        answer = requests.post(
            f"{self.base}/oauth2/token", auth=auth, timeout=20,
            data={"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
                  "code": code, **self.form})
        answer.raise_for_status()
        return answer.json()["access_token"]

    def fetch_codes(self, seconds):
        """Codes for a round; they live a minute."""
        self.fetch_script.write_text(FETCH.format(codes=self.codes, cookie=self.person.cookie))
        subprocess.run(
            ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", str(self.fetch_script),
             self.base + authorize(self.client["client_id"], prompt="none")],
            check=True, capture_output=True)
        if not self.codes.read_text():
            raise SystemExit("silent authorizations gave no code")

    def exchange(self, seconds):
        self.fetch_codes(3 * seconds)
        form = urlencode({"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
                          **self.form})
        return f"{self.base}/oauth2/token", EXCHANGE.format(
            codes=self.codes, tokens=self.tokens, headers=self.headers, form=form)

    def refresh(self):
        form = urlencode({"grant_type": "refresh_token", **self.form})
        return f"{self.base}/oauth2/token", REFRESH.format(
            tokens=self.tokens, headers=self.headers, form=form, rotates=str(self.rotates).lower())
