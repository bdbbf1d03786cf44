# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (c): what an operator relies on. Health, malformed requests to every endpoint, a shutdown that finishes
what it began, and a journal that shows tampering."""

import base64
import http.client
import json
import re
import signal
import socket
import subprocess
import time
from urllib.parse import urlencode

import requests

import store
from harness import Authenticator, Demo, run_journey, run_socle, socle_binary
from pages import Browser

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# What no answer may hold: a trace, a statement, a path of the build.
LEAKS = re.compile(r"Fatal error|Stack dump|\.swift\b|SQLITE_|sqlite3_|GRDB|StoreError|SELECT .* FROM|/Sources/", re.I)
DEEP = "[" * 5000 + "]" * 5000


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = None

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.body[:300]!r}"


def send(port, method, path, headers=(), body=None, chunked=False):
    """One request, byte for byte as given: `headers` is a list so that one may appear twice."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        names = {name.lower() for name, _ in headers}
        connection.putrequest(method, path, skip_host="host" in names, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            body = body.encode() if isinstance(body, str) else body
            if "content-length" not in names and not chunked:
                connection.putheader("Content-Length", str(len(body)))
            if chunked:
                connection.putheader("Transfer-Encoding", "chunked")
        try:
            connection.endheaders(message_body=body, encode_chunked=chunked)
        except (BrokenPipeError, ConnectionResetError):
            pass        # it answered before it had read everything, as it may
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def basic(client):
    return "Basic " + base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()


def client_token(demo, client, scope="access:evaluate access:assert"):
    response = requests.post(f"{demo.issuer}/oauth2/token", timeout=20, data={
        "grant_type": "client_credentials", "scope": scope}, auth=(client["client_id"], client["client_secret"]))
    response.raise_for_status()
    return response.json()["access_token"]


def malformed_requests(demo, client, token):
    """(title, request, statuses allowed, the form of the error: oauth, bearer, page or any)."""
    credentials = ("Authorization", basic(client))
    bearer = ("Authorization", f"Bearer {token}")
    form, is_json = ("Content-Type", FORM), ("Content-Type", JSON)
    question = demo.about["questions"][0]["request"]
    text = json.dumps(question)

    def altered(**changes):
        return json.dumps({**question, **changes})

    # The token endpoint and its neighbours: RFC 6749 section 5.2, RFC 7009, RFC 7662.
    for path, good in [("/oauth2/token", "grant_type=client_credentials"), ("/oauth2/introspect", "token=abc"),
                       ("/oauth2/revoke", "token=abc")]:
        name = path.rsplit("/", 1)[1]
        yield f"{name}: GET", ("GET", path, [credentials], None), {404, 405}, "any"
        yield f"{name}: no body", ("POST", path, [credentials, form], ""), {400}, "oauth"
        yield f"{name}: JSON instead of a form", ("POST", path, [credentials, is_json], '{"grant_type":"x"}'), {400, 415}, "oauth"
        yield f"{name}: a parameter twice", ("POST", path, [credentials, form], f"{good}&{good}"), {400}, "oauth"
        yield f"{name}: invalid percent encoding", ("POST", path, [credentials, form], f"{good}%zz"), {400}, "oauth"
        yield f"{name}: invalid UTF-8", ("POST", path, [credentials, form], good.encode() + b"%ff%fe"), {400}, "oauth"
        yield f"{name}: raw invalid UTF-8", ("POST", path, [credentials, form], good.encode() + b"\xff\xfe\x80"), {400}, "oauth"
        yield f"{name}: a NUL in a value", ("POST", path, [credentials, form], f"{good}%00"), {400, 200}, "any"
        yield f"{name}: two megabytes", ("POST", path, [credentials, form], f"{good}&x=" + "a" * 2_000_000), {400, 413}, "any"
        yield f"{name}: a thousand parameters", ("POST", path, [credentials, form], "&".join(f"p{i}=1" for i in range(1000))), {400, 413}, "any"
        yield f"{name}: no client", ("POST", path, [form], good), {400, 401}, "oauth"
        yield f"{name}: Basic that is not base64", ("POST", path, [("Authorization", "Basic %%%"), form], good), {400, 401}, "oauth"
        yield f"{name}: Basic without a colon", ("POST", path, [("Authorization", "Basic " + base64.b64encode(b"abc").decode()), form], good), {400, 401}, "oauth"
        yield f"{name}: two Authorization headers", ("POST", path, [credentials, credentials, form], good), {400, 401}, "oauth"
        yield f"{name}: two ways of authentication", ("POST", path, [credentials, form], good + "&" + urlencode({"client_id": client["client_id"], "client_secret": client["client_secret"]})), {400, 401}, "oauth"
        yield f"{name}: client_id of another", ("POST", path, [credentials, form], good + "&client_id=someone-else"), {400, 401}, "oauth"
        yield f"{name}: Digest", ("POST", path, [("Authorization", "Digest username=x"), form], good), {400, 401}, "oauth"
    for title, body, error in [
            ("an unknown grant", "grant_type=magic", "unsupported_grant_type"),
            ("the password grant", "grant_type=password&username=a&password=b", "unsupported_grant_type"),
            ("no grant", "scope=openid", "invalid_request"),
            ("a scope it has not", "grant_type=client_credentials&scope=everything", "invalid_scope"),
            ("a scope with a quote", "grant_type=client_credentials&scope=%22", "invalid_scope"),
            ("a scope of ten kilobytes", "grant_type=client_credentials&scope=" + "a" * 10_000, "invalid_"),
            ("a code nobody issued", "grant_type=authorization_code&code=nope&redirect_uri=http://localhost/x&code_verifier=" + "a" * 43, "invalid_grant|unauthorized_client"),
            ("a refresh token nobody issued", "grant_type=refresh_token&refresh_token=nope", "invalid_grant|unauthorized_client")]:
        yield f"token: {title}", ("POST", "/oauth2/token", [credentials, form], body), {400}, "oauth:" + error

    # Bearer-protected: RFC 6750 section 3.1.
    for method, path, body in [("GET", "/oauth2/userinfo", None), ("POST", "/access/v1/evaluation", text),
                               ("POST", "/access/v1/evaluations", json.dumps({"evaluations": [question]}))]:
        content = [is_json] if body else []
        for title, header in [("no token", None), ("a word for a token", "Bearer nonsense"), ("Bearer alone", "Bearer"),
                              ("a JWT without signature", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."),
                              ("a token with its end cut off", f"Bearer {token[:-6]}"),
                              ("a token with a changed payload", "Bearer " + tampered(token)),
                              ("a token of ten kilobytes", "Bearer " + "a" * 10_000), ("Basic", basic(client))]:
            headers = content + ([("Authorization", header)] if header else [])
            statuses = {401, 400} if header in ("Bearer",) or title.startswith("a token of ten") else {401}
            yield f"{path}: {title}", (method, path, headers, body), statuses | ({431} if title.startswith("a token of ten") else set()), "any" if 400 in statuses else "bearer"
    yield "userinfo: DELETE", ("DELETE", "/oauth2/userinfo", [bearer], None), {404, 405}, "any"
    yield "userinfo: an application's token", ("GET", "/oauth2/userinfo", [bearer], None), {401, 403}, "bearer"

    # Decisions: AuthZEN section 10.
    for path in ["/access/v1/evaluation", "/access/v1/evaluations"]:
        name = path.rsplit("/", 1)[1]
        post = ["POST", path, [bearer, is_json]]
        yield f"{name}: GET", ("GET", path, [bearer], None), {404, 405}, "any"
        yield f"{name}: no body", (*post, ""), {400}, "any"
        yield f"{name}: not JSON", (*post, "subject=me"), {400}, "any"
        yield f"{name}: a form", ("POST", path, [bearer, form], "a=b"), {400, 415}, "any"
        yield f"{name}: JSON cut short", (*post, text[:-3]), {400}, "any"
        yield f"{name}: JSON with something after", (*post, text + "{}"), {400}, "any"
        yield f"{name}: five thousand levels", (*post, DEEP), {400}, "any"
        yield f"{name}: five thousand levels in a property", (*post, '{"context":{"a":' + DEEP + "}," + text[1:]), {400}, "any"
        yield f"{name}: a member twice", (*post, '{"action":{"name":"read"},' + text[1:]), {400}, "any"
        yield f"{name}: invalid UTF-8", (*post, text.encode().replace(b'"', b'"\xff', 1)), {400}, "any"
        yield f"{name}: half a surrogate pair", (*post, text.replace('"', '"\\ud800', 1)), {400}, "any"
        yield f"{name}: an array", (*post, "[" + text + "]"), {400}, "any"
        yield f"{name}: null", (*post, "null"), {400}, "any"
        yield f"{name}: a lone number", (*post, "1e999999"), {400}, "any"
        yield f"{name}: three megabytes", (*post, '{"x":"' + "a" * 3_000_000 + '",' + text[1:]), {400, 413}, "any"
    one = ["POST", "/access/v1/evaluation", [bearer, is_json]]
    for title, body in [
            ("no subject", {k: v for k, v in question.items() if k != "subject"}),
            ("no resource", {k: v for k, v in question.items() if k != "resource"}),
            ("no action", {k: v for k, v in question.items() if k != "action"}),
            ("a subject that is a text", {**question, "subject": "me"}),
            ("a subject without type", {**question, "subject": {"id": "rpps:899700100022"}}),
            ("a numeric subject id", {**question, "subject": {**question["subject"], "id": 1}}),
            ("an empty action", {**question, "action": {"name": ""}}),
            ("an action name of 100 kB", {**question, "action": {"name": "a" * 100_000}}),
            ("properties that are a list", {**question, "resource": {**question["resource"], "properties": []}}),
            ("a context that is a number", {**question, "context": 5}),
            ("immediate_risk: 1", {**question, "context": {**question.get("context", {}), "immediate_risk": 1}}),
            ("immediate_risk: \"true\"", {**question, "context": {**question.get("context", {}), "immediate_risk": "true"}}),
            ("pseudonymised: 1", {**question, "context": {**question.get("context", {}), "pseudonymised": 1}}),
            ("a numeric purpose", {**question, "context": {**question.get("context", {}), "purpose": 3}})]:
        yield f"evaluation: {title}", (*one, json.dumps(body)), {400}, "any"
    absurd = altered(context={**question.get("context", {}), "unknown": 0}).replace('"unknown": 0', '"unknown": -1e400000')
    yield "evaluation: an absurd number in a member it ignores", (*one, absurd), {200, 400}, "any"
    many = ["POST", "/access/v1/evaluations", [bearer, is_json]]
    yield "evaluations: 100,000 items", (*many, json.dumps({"evaluations": [{}] * 100_000})), {400, 413}, "any"
    # AuthZEN lets a faulty item be refused by itself, beside the answers to the others.
    yield "evaluations: items that are numbers", (*many, '{"evaluations":[1,2]}'), {200, 400}, "any"
    yield "evaluations: `evaluations` a text", (*many, '{"evaluations":"x"}'), {400}, "any"

    # Pages and documents.
    yield "authorize: nothing", ("GET", "/oauth2/authorize", [], None), {400}, "page"
    yield "authorize: PUT", ("PUT", "/oauth2/authorize", [], "x"), {404, 405}, "any"
    yield "authorize: an unknown client", ("GET", "/oauth2/authorize?client_id=%22%3E%3Cscript%3E&response_type=code", [], None), {400}, "page"
    yield "authorize: invalid percent encoding", ("GET", "/oauth2/authorize?client_id=%zz", [], None), {400}, "any"
    yield "authorize: invalid UTF-8", ("GET", "/oauth2/authorize?client_id=%ff%fe", [], None), {400}, "any"
    yield "authorize: a query of 60 kB", ("GET", "/oauth2/authorize?state=" + "a" * 60_000, [], None), {400, 413, 414, 431}, "any"
    yield "logout: an ID token that is none", ("GET", "/oauth2/logout?id_token_hint=abc&post_logout_redirect_uri=http://x.example/", [], None), {200, 400}, "any"
    yield "logout: a redirect nobody registered", ("GET", "/oauth2/logout?post_logout_redirect_uri=https://attacker.example/", [], None), {200, 400}, "any"
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/jwks",
                 "/.well-known/authzen-configuration", "/health/live"]:
        yield f"{path}: DELETE", ("DELETE", path, [], None), {404, 405}, "any"
        yield f"{path}: POST", ("POST", path, [is_json], "{}"), {404, 405}, "any"
    yield "a path nobody has", ("GET", "/nowhere", [], None), {404}, "any"
    yield "a path that climbs", ("GET", "/oauth2/../../etc/passwd", [], None), {400, 404}, "any"
    yield "a path with a NUL", ("GET", "/login/%00", [], None), {400, 404}, "any"
    yield "a method nobody knows", ("BREW", "/oauth2/token", [], None), {400, 404, 405, 501}, "any"
    yield "a header of 200 kB", ("GET", "/health/live", [("X-Long", "a" * 200_000)], None), {400, 431}, "any"
    yield "a cookie of rubbish", ("GET", "/login/password", [("Cookie", "=;;;\x7f=%%%; socle=" + "é" * 10)], None), {200, 302, 303, 400, 404}, "any"
    yield "a form without its anti-forgery field", ("POST", "/login/password", [form], "login=a&password=b"), {302, 303, 400, 403, 404}, "any"


def tampered(token):
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["scope"] = "access:evaluate access:assert admin"
    return ".".join([header, base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode(), signature])


def right_form(answer, form):
    """Whether an error has the form its specification gives it."""
    if form.startswith("oauth"):
        good = isinstance(answer.json, dict) and isinstance(answer.json.get("error"), str)
        good = good and answer.headers.get("Cache-Control", "").find("no-store") >= 0
        if answer.status == 401:
            good = good and answer.json["error"] == "invalid_client"
        wanted = form.partition(":")[2]
        return good and (not wanted or any(answer.json["error"].startswith(w) for w in wanted.split("|")))
    if form == "bearer":
        return answer.headers.get("WWW-Authenticate", "").startswith("Bearer")
    if form == "page":
        return answer.headers.get("Content-Type", "").startswith("text/html") and "<script>" not in answer.body
    return True


def journey_body(journey):
    demo = journey.demo()
    journey.check(f"a new demo listens ({demo.seconds_to_listen:.2f} s, debug build)", demo.seconds_to_listen < 20)
    live = send(demo.port, "GET", "/health/live")
    journey.equal("/health/live answers", live.status, 200)
    ready = send(demo.port, "GET", "/health/ready")
    journey.equal("/health/ready answers once the store is open", ready.status, 200)

    client = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
    token = client_token(demo, client)
    malformed(journey, demo, client, token)
    failed_sign_ins(journey, demo)
    unusual_connections(journey, demo)
    journey.check("after all of it a decision is answered",
                  requests.post(f"{demo.issuer}/access/v1/evaluation", timeout=20,
                                json=demo.about["questions"][0]["request"],
                                headers={"Authorization": f"Bearer {token}"}).status_code == 200)
    secrets_in_log(journey, demo, client, token)
    shutdown(journey, demo, client)
    verification(journey, demo)
    full_outputs(journey, demo)


def malformed(journey, demo, client, token):
    before = store.row_counts(demo.data)
    unexpected, wrong_form, leaks, total = [], [], [], 0
    for title, request, statuses, form in malformed_requests(demo, client, token):
        total += 1
        try:
            answer = send(demo.port, *request)
        except OSError as error:
            # Cutting a request that is far too large is an answer too, as long as the server lives.
            if "megabytes" in title or "kB" in title or "100,000" in title:
                continue
            unexpected.append(f"{title}: {error!r}")
            continue
        if answer.status not in statuses:
            unexpected.append(f"{title}: {answer}")
        elif answer.status >= 400 and not right_form(answer, form):
            wrong_form.append(f"{title}: {answer}")
        if LEAKS.search(answer.body):
            leaks.append(f"{title}: {answer}")
    journey.check("the server is still there", demo.process.poll() is None, demo.log_tail())
    journey.check(f"each of {total} malformed requests gets the status it should, never a 5xx", not unexpected,
                  f"{len(unexpected)} do not:\n        " + "\n        ".join(unexpected))
    journey.check("each refusal has the form its specification names", not wrong_form,
                  f"{len(wrong_form)} do not:\n        " + "\n        ".join(wrong_form))
    journey.check("no answer shows a trace, a statement or a path", not leaks, "\n        ".join(leaks))
    # Failures of authentication are journalled as aggregates; nothing else may leave a row.
    changed = store.grown(before, store.row_counts(demo.data), allowed=("journal", "revision", "fail"))
    journey.check("they changed nothing in the store", not changed, changed)


def failed_sign_ins(journey, demo):
    """Guesses are refused alike for known and unknown accounts, then slowed down."""
    account = demo.accounts()[0]
    client = demo.client(grant="authorization_code")
    url = f"{demo.issuer}/oauth2/authorize?" + urlencode({
        "response_type": "code", "client_id": client["client_id"], "redirect_uri": client["redirect_uris"][0],
        "scope": "openid", "state": "s", "code_challenge": "A" * 43, "code_challenge_method": "S256"})

    def attempt(login, password):
        browser = Browser(until=[client["redirect_uris"][0]])
        page = browser.open(url)
        return browser.give_password(page, login, password)

    known = attempt(account["login"], "wrong")
    unknown = attempt("nobody-of-this-name", "wrong")
    journey.check("a wrong password and an unknown account get the same page",
                  known.asks_password and unknown.asks_password and known.status == unknown.status
                  and known.text.replace(account["login"], "") == unknown.text.replace("nobody-of-this-name", ""),
                  (known, unknown))
    statuses = [attempt(account["login"], f"wrong {n}").status for n in range(12)]
    journey.check("repeated guesses are slowed down", 429 in statuses or any(s >= 400 for s in statuses), statuses)
    code = Authenticator(account["totp_secret"])
    journey.check("a code is six digits", re.fullmatch(r"\d{6}", code.code()))
    status, out, error = run_socle("demo", "code", account["login"], "--data", demo.data)
    journey.check("`socle demo code` prints a current code",
                  status == 0 and out.strip() in {code.code_of(int(time.time() // 30) - n) for n in (0, 1)},
                  (status, out, error))


def unusual_connections(journey, demo):
    """Bytes that are no HTTP, requests that smuggle, bodies that never come."""
    refused = []
    for title, data in [
            ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64),
            ("no HTTP at all", b"hello\r\n\r\n"),
            ("two lengths", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
            ("a length and chunks", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                                    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("a negative length", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
            ("an absurd length", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n")]:
        with socket.create_connection(("127.0.0.1", demo.port), timeout=5) as connection:
            connection.sendall(data)
            try:
                answer = connection.recv(4096)
            except (ConnectionResetError, TimeoutError):
                answer = b""
            if answer and not re.match(rb"HTTP/1\.1 4\d\d", answer):
                refused.append((title, answer[:200]))
    journey.check("what is not HTTP is cut off or gets a 4xx", not refused, refused)
    journey.check("and the server goes on", send(demo.port, "GET", "/health/live").status == 200)
    hosts = send(demo.port, "GET", "/.well-known/openid-configuration", [("Host", "attacker.example")])
    journey.check("the issuer never comes from the Host header", "attacker" not in hosts.body, hosts)


def secrets_in_log(journey, demo, client, token):
    log = demo.log_path.read_text(errors="replace")
    told = [name for name, value in [
        ("a token", token), ("a client secret", client["client_secret"]),
        *((f"the password of {a['login']}", a["password"]) for a in demo.accounts()),
        *((f"the TOTP secret of {a['login']}", a["totp_secret"]) for a in demo.accounts())] if value in log]
    journey.check("the log holds no secret", not told, told)


def shutdown(journey, demo, client):
    """A request half sent when SIGTERM arrives is answered; then the process ends with 0."""
    body = b"grant_type=client_credentials&scope=access%3Aevaluate"
    head = (f"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(client)}\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    idle = socket.create_connection(("127.0.0.1", demo.port), timeout=10)
    with socket.create_connection(("127.0.0.1", demo.port), timeout=10) as connection:
        connection.sendall(head + body[:10])
        time.sleep(0.3)
        demo.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        answer = b""
        try:
            connection.sendall(body[10:])
            while chunk := connection.recv(65536):
                answer += chunk
        except OSError as error:
            answer += repr(error).encode()
    journey.check("a request in flight at SIGTERM is answered", answer.startswith(b"HTTP/1.1 200"), answer[:300])
    began = time.monotonic()
    code = demo.stop()
    journey.equal("the server ends with 0, an idle connection notwithstanding", code, 0)
    journey.check("without lingering", time.monotonic() - began < 12, time.monotonic() - began)
    idle.close()


def full_outputs(journey, demo):
    """A disk that is full takes no log line, and a reader that has gone no output: neither ends anything badly."""
    listing = [socle_binary(), "journal", "list", "--patient", "PAT-ADELE", "--data", str(demo.data)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(listing, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    journey.check("a command whose output cannot be written says so",
                  done.returncode == 1 and "standard output cannot be written" in done.stderr, done)
    process = subprocess.Popen(listing, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.close()
    journey.check("one whose reader has gone ends", process.wait(60) in (1, -signal.SIGPIPE), process.returncode)
    deaf = Demo(demo.data.parent / "deaf", wrapper=("sh", "-c", 'exec "$@" 2>/dev/full', "sh"))
    try:
        answers = {requests.get(f"{deaf.issuer}/nowhere-{number}", timeout=10).status_code for number in range(3)}
        logged = send(deaf.port, "POST", "/oauth2/token", [("Content-Type", FORM), ("Authorization", "Basic eDp5")],
                      body="grant_type=client_credentials")
        journey.check("a server whose log cannot be written answers",
                      answers == {404} and logged.status == 401, (answers, logged))
    finally:
        deaf.stop()


def verification(journey, demo):
    def verify(data):
        code, out, error = run_socle("journal", "verify", "--data", data)
        return code, out + error

    code, said = verify(demo.data)
    if not journey.check("`socle journal verify` is green", code == 0, said):
        return

    def tamper(name, change):
        copy = store.copy(demo.data, journey.folder / name)
        connection = store.connect(copy, writable=True)
        for trigger, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        table, chain, sequence, body = store.journal_table(connection)
        rows = connection.execute(
            f'SELECT "{chain}", "{sequence}", "{body}" FROM "{table}" ORDER BY "{chain}", "{sequence}"').fetchall()
        longest = max({row[0] for row in rows}, key=lambda c: sum(row[0] == c for row in rows))
        rows = [row for row in rows if row[0] == longest]
        named = change(connection, table, chain, sequence, body, rows)
        connection.close()
        code, said = verify(copy)
        journey.check(f"{name}: found and named (sequence {named})",
                      code == 1 and any(re.search(rf"\b{n}\b", said) for n in named), (code, said))

    def changed(connection, table, chain, sequence, body, rows):
        row = rows[len(rows) // 2]
        altered = row[2]
        if isinstance(altered, bytes):
            altered = altered[:-2] + bytes([altered[-2] ^ 1]) + altered[-1:]
        else:
            altered = altered[:-2] + ("x" if altered[-2] != "x" else "y") + altered[-1:]
        connection.execute(f'UPDATE "{table}" SET "{body}" = ? WHERE "{chain}" = ? AND "{sequence}" = ?',
                           (altered, row[0], row[1]))
        return [row[1]]

    def removed(connection, table, chain, sequence, body, rows):
        row = rows[len(rows) // 2]
        connection.execute(f'DELETE FROM "{table}" WHERE "{chain}" = ? AND "{sequence}" = ?', (row[0], row[1]))
        return [row[1], row[1] + 1]

    def swapped(connection, table, chain, sequence, body, rows):
        one, two = rows[len(rows) // 2 - 1], rows[len(rows) // 2]
        update = f'UPDATE "{table}" SET "{sequence}" = ? WHERE "{chain}" = ? AND "{sequence}" = ?'
        for new, old in [(-7, one[1]), (one[1], two[1]), (two[1], -7)]:
            connection.execute(update, (new, one[0], old))
        return [one[1], two[1]]

    tamper("an entry changed", changed)
    tamper("an entry removed", removed)
    tamper("two entries swapped", swapped)
    code, said = verify(demo.data)
    journey.check("the original still verifies", code == 0, said)


if __name__ == "__main__":
    run_journey("operation", journey_body)
