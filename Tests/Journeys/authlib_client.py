# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (b): Authlib as a public client, without a browser and without JavaScript.

Code + PKCE, the ID token, refresh, the replay of a code and of a refresh token, then access decisions with the user's
token and with an application's own.
"""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet

from harness import Authenticator, run_journey, run_socle, words
from pages import Arrived, Browser

REDIRECT = "http://127.0.0.1:4711/callback"
SCOPES = "openid profile offline_access access:evaluate"


def public_client(journey, demo):
    """The demo's own public client when it prints one entitled to ask, else one made on the command line."""
    try:
        client = demo.client(grant="authorization_code", scopes=["access:evaluate"], public=True)
        # A native application's loopback address: registered without a port, used with the one it got (RFC 8252 §7.3).
        parts = urlsplit(client["redirect_uris"][0])
        if parts.hostname == "127.0.0.1" and parts.port is None:
            parts = parts._replace(netloc="127.0.0.1:4711")
        return client["client_id"], urlunsplit(parts), words(client["scopes"])
    except RuntimeError:
        scopes = SCOPES.split()
        command = ["client", "create", "--data", demo.data, "--id", "journey-authlib", "--name", "Journey Authlib",
                   "--auth", "none", "--grant", "authorization_code", "--grant", "refresh_token",
                   "--redirect-uri", REDIRECT, "--json"]
        for scope in scopes:
            command += ["--scope", scope]
        code, out, error = run_socle(*command)
        journey.check("`socle client create` makes a public client while the server runs", code == 0, error or out)
        return "journey-authlib", REDIRECT, scopes


def sign_in(journey, browser, url, account, authenticator, situation, quiet=False):
    """From the client's authorization request to the address the browser ends at."""
    def check(title, holds, detail=None):
        if not quiet or not holds:
            journey.check(title, holds, detail)
        return holds

    try:
        page = browser.open(url)
        if not check("the sign-in page asks a password, in plain HTML", page.asks_password, page):
            return None
        page = browser.give_password(page, account["login"], account["password"])
        if not check("a password alone does not do: the code is asked", page.asks_code, page):
            return None
        page = browser.give_code(page, authenticator.code())
        if len(account["situations"]) > 1:
            if not check("several situations: one is asked for",
                         page.situation_form([s["id"] for s in account["situations"]]), page):
                return None
            page = browser.choose_situation(page, situation["id"])
        check("the browser is sent back to the client", False, page)
        return None
    except Arrived as arrived:
        return arrived.url


def parameters(url):
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def journey_body(journey):
    demo = journey.demo()
    issuer = demo.issuer
    metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
    journey.equal("discovery names the issuer it was asked at", metadata.get("issuer"), issuer)
    journey.check("S256 is offered and `plain` is not",
                  metadata.get("code_challenge_methods_supported") == ["S256"], metadata)
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())

    client_id, redirect, scopes = public_client(journey, demo)
    asked = " ".join(s for s in SCOPES.split() if s in scopes)
    account = demo.account("several")
    situation = account["situations"][0]
    authenticator = Authenticator(account["totp_secret"])
    client = OAuth2Session(client_id, scope=asked, redirect_uri=redirect, code_challenge_method="S256",
                           token_endpoint_auth_method="none")

    def flow(browser, quiet=False, **extra):
        verifier, nonce = generate_token(64), generate_token(32)
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **extra)
        ended = sign_in(journey, browser, url, account, authenticator, situation, quiet)
        return ended, state, verifier, nonce

    # Code + PKCE.
    browser = Browser(until=[redirect])
    ended, state, verifier, nonce = flow(browser)
    if ended is None:
        return
    answer = parameters(ended)
    journey.check("the answer carries a code", "code" in answer, ended)
    journey.equal("and the state the client gave", answer.get("state"), state)
    journey.equal("and the issuer (RFC 9207)", answer.get("iss"), issuer)

    def exchange(code, code_verifier, **changes):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
                "code_verifier": code_verifier, "client_id": client_id, **changes}
        return requests.post(metadata["token_endpoint"], data=form, timeout=10)

    # A first code is spoiled by a wrong verifier, so that the good exchange is made with a code of its own.
    wrong = exchange(answer["code"], generate_token(64))
    journey.check("a wrong verifier is refused `invalid_grant`",
                  wrong.status_code == 400 and wrong.json().get("error") == "invalid_grant", wrong.text)
    session_url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=(verifier := generate_token(64)),
        nonce=(nonce := generate_token(32)))
    try:
        page = browser.open(session_url)
        ended = None
        journey.check("a second request in the same browser needs no password", False, page)
        return
    except Arrived as arrived:
        ended = arrived.url
        journey.check("a second request in the same browser needs no password", True)
    token = client.fetch_token(metadata["token_endpoint"], authorization_response=ended, state=state,
                               code_verifier=verifier)
    journey.check("Authlib exchanges the code", {"access_token", "id_token", "refresh_token"} <= set(token),
                  sorted(token))
    journey.equal("the token type is Bearer", token.get("token_type"), "Bearer")

    # The ID token, with the keys the provider publishes.
    decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    claims = decoded.claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer}, aud={"essential": True, "value": client_id},
        exp={"essential": True}, iat={"essential": True}, nonce={"essential": True, "value": nonce},
        sub={"essential": True}).validate(claims)
    journey.check("the ID token is RS256, signed by a published key, for this client, with the nonce", True)
    journey.check("its header names the key", decoded.header.get("kid"), decoded.header)
    journey.equal("at_hash binds it to the access token", claims.get("at_hash"), half_hash(token["access_token"]))
    journey.check("acr and amr tell of two factors",
                  claims.get("acr") == "eidas1" and {"pwd", "otp"} <= set(claims.get("amr", [])), claims)
    journey.check("the exercise situation is in it", situation["id"] in repr(claims.get("socle_situation")), claims)
    journey.check("no claim holds the RPPS unasked", account["login"] != claims["sub"], claims["sub"])
    access = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
    journey.check("the access token is RFC 9068: `at+jwt`, ES256, iss, sub, client_id, jti, scope",
                  access.header.get("typ") == "at+jwt" and access.claims.get("iss") == issuer
                  and access.claims.get("client_id") == client_id and access.claims.get("jti")
                  and access.claims.get("sub") == claims["sub"]
                  and "access:evaluate" in access.claims.get("scope", "").split(), (access.header, access.claims))
    about = client.get(metadata["userinfo_endpoint"], timeout=10)
    journey.check("userinfo answers about the same subject",
                  about.status_code == 200 and about.json().get("sub") == claims["sub"], about.text)

    # Decisions with the user's own token.
    own_decisions(journey, demo, token["access_token"], claims["sub"], account, situation)

    # Refresh: rotated, and one winner.
    old = token["refresh_token"]
    renewed = client.refresh_token(metadata["token_endpoint"], refresh_token=old)
    journey.check("a refresh gives a new access token and a new refresh token",
                  renewed["access_token"] != token["access_token"] and renewed.get("refresh_token") not in (None, old))
    journey.check("the renewed token works", alive(metadata, renewed["access_token"]))
    replay = requests.post(metadata["token_endpoint"], timeout=10, data={
        "grant_type": "refresh_token", "refresh_token": old, "client_id": client_id})
    journey.check("the old refresh token is refused `invalid_grant`",
                  replay.status_code == 400 and replay.json().get("error") == "invalid_grant", replay.text)
    dead_everywhere(journey, demo, metadata, renewed["access_token"], "after the replay of a refresh token")
    again = requests.post(metadata["token_endpoint"], timeout=10, data={
        "grant_type": "refresh_token", "refresh_token": renewed["refresh_token"], "client_id": client_id})
    journey.check("the whole family went with it: the new refresh token is refused too",
                  again.status_code == 400 and again.json().get("error") == "invalid_grant", again.text)

    # A code replayed kills what its first use issued.
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=(verifier := generate_token(64)), nonce=generate_token(16))
    try:
        journey.check("a new code from the same session", False, browser.open(url))
        return
    except Arrived as arrived:
        code = parameters(arrived.url)["code"]
    first = exchange(code, verifier)
    journey.check("the code is exchanged once", first.status_code == 200, first.text)
    issued = first.json()
    journey.check("its token works", alive(metadata, issued["access_token"]))
    second = exchange(code, verifier)
    journey.check("its replay is refused `invalid_grant`",
                  second.status_code == 400 and second.json().get("error") == "invalid_grant", second.text)
    dead_everywhere(journey, demo, metadata, issued["access_token"], "after the replay of a code")
    third = requests.post(metadata["token_endpoint"], timeout=10, data={
        "grant_type": "refresh_token", "refresh_token": issued["refresh_token"], "client_id": client_id})
    journey.check("and its refresh token is refused", third.status_code == 400, third.text)

    refused_requests(journey, metadata, client_id, redirect, asked)
    application_decisions(journey, demo, metadata)

    # Sign-out ends the session.
    out = Browser(until=[redirect])
    out.session.cookies = browser.session.cookies
    page = None
    try:
        page = out.open(metadata["end_session_endpoint"] + "?" + urlencode({"id_token_hint": token["id_token"]}))
        if page.forms:
            page = out.submit(page, page.forms[0])
        page = out.open(url)
        journey.check("after signing out the password is asked again", page.asks_password, page)
    except Arrived as arrived:
        journey.check("after signing out the password is asked again", False, arrived.url)
    finish(journey, demo)


def finish(journey, demo):
    journey.equal("the server ends with 0 on SIGTERM", demo.stop(), 0)
    code, out, error = run_socle("journal", "verify", "--data", demo.data)
    journey.check("`socle journal verify` is green after all of it", code == 0, out + error)


def half_hash(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def alive(metadata, token):
    return requests.get(metadata["userinfo_endpoint"], headers=bearer(token), timeout=10).status_code == 200


def introspect(demo, metadata, token):
    client = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
    return requests.post(metadata["introspection_endpoint"], data={"token": token}, timeout=10,
                         auth=(client["client_id"], client["client_secret"]))


def dead_everywhere(journey, demo, metadata, token, when):
    about = requests.get(metadata["userinfo_endpoint"], headers=bearer(token), timeout=10)
    journey.check(f"{when} userinfo answers 401 `invalid_token`",
                  about.status_code == 401 and "invalid_token" in about.headers.get("WWW-Authenticate", ""),
                  (about.status_code, dict(about.headers), about.text))
    told = introspect(demo, metadata, token)
    journey.check(f"{when} introspection says inactive, and nothing else",
                  told.status_code == 200 and told.json() == {"active": False}, told.text)
    asked = ask(demo, token, demo.about["questions"][0]["request"])
    journey.equal(f"{when} the decision interface answers 401", asked.status_code, 401)


def ask(demo, token, question):
    return requests.post(f"{demo.issuer}/access/v1/evaluation", json=question, headers=bearer(token), timeout=10)


def explained(answer):
    """A decision with what a professional and an administrator need to understand it."""
    context = answer.get("context") or {}
    return (isinstance(answer.get("decision"), bool)
            and all(context.get(key) for key in ("id", "reason", "rule", "policy_version"))
            and isinstance(context.get("obligations"), list) and isinstance(context.get("advice"), list)
            and isinstance(context.get("policies"), list)
            and all((context.get(who) or {}).get(language)
                    for who in ("reason_user", "reason_admin") for language in ("fr", "en")))


def own_decisions(journey, demo, token, subject, account, situation):
    """The user's token proves the subject: the questions keep their resource, and speak of the one signed in."""
    outcomes = {}
    for question in demo.about["questions"]:
        request = {key: value for key, value in question["request"].items() if key != "subject"}
        request["subject"] = {"type": "professional", "id": subject}
        response = ask(demo, token, request)
        if response.status_code != 200:
            journey.check("a question with the user's token is answered", False, response.text)
            continue
        answer = response.json()
        journey.check(f"with the user's token: {request['action']['name']} "
                      f"{request['resource']['type']} is explained ({answer['context'].get('reason')})",
                      explained(answer), answer)
        outcomes.setdefault(answer["decision"], answer["context"]["reason"])
    journey.check("the user's token got a permit and a refusal", set(outcomes) == {True, False}, outcomes)
    request = dict(demo.about["questions"][0]["request"])
    request["subject"] = {"type": "professional", "id": "rpps:899700100022"}
    response = ask(demo, token, request)
    journey.check("the user's token cannot ask about someone else",
                  response.status_code in (400, 403) or response.status_code == 200
                  and response.json()["decision"] is False, response.text)


def application_decisions(journey, demo, metadata):
    entitled = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
    application = OAuth2Session(entitled["client_id"], entitled["client_secret"],
                                scope="access:evaluate access:assert",
                                token_endpoint_auth_method="client_secret_basic")
    token = application.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    journey.check("an application gets a token of its own, without a refresh token",
                  token.get("access_token") and "refresh_token" not in token, sorted(token))
    questions = demo.about["questions"]
    journey.check("the demo offers at least six questions, of both outcomes",
                  len(questions) >= 6 and {q["expected"] for q in questions} == {True, False}, len(questions))
    for question in questions:
        response = application.post(f"{demo.issuer}/access/v1/evaluation", json=question["request"], timeout=10)
        answer = response.json() if response.status_code == 200 else {}
        journey.check(f"asserted: {question['request']['action']['name']} {question['request']['resource']['type']} → "
                      f"{question['expected']} ({(answer.get('context') or {}).get('reason')})",
                      answer.get("decision") is question["expected"] and explained(answer),
                      (question, response.status_code, response.text))
    batch = {"evaluations": [q["request"] for q in questions]}
    response = application.post(f"{demo.issuer}/access/v1/evaluations", json=batch, timeout=10)
    found = [e.get("decision") for e in response.json().get("evaluations", [])] if response.ok else response.text
    journey.equal("all of them in one call give the same", found, [q["expected"] for q in questions])

    narrow = OAuth2Session(entitled["client_id"], entitled["client_secret"], scope="access:evaluate",
                           token_endpoint_auth_method="client_secret_basic")
    narrow.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    response = narrow.post(f"{demo.issuer}/access/v1/evaluation", json=questions[0]["request"], timeout=10)
    journey.equal("without `access:assert` an application's token is refused 403", response.status_code, 403)
    response = requests.post(f"{demo.issuer}/access/v1/evaluation", json=questions[0]["request"], timeout=10)
    journey.equal("without a token: 401", response.status_code, 401)
    journey.check("with the challenge of RFC 6750",
                  response.headers.get("WWW-Authenticate", "").startswith("Bearer"), dict(response.headers))


def refused_requests(journey, metadata, client_id, redirect, scope):
    """What never reaches a sign-in page."""
    base = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect, "scope": scope,
            "state": secrets.token_urlsafe(8), "code_challenge": create_s256_code_challenge(generate_token(64)), "code_challenge_method": "S256"}

    def authorize(**changes):
        form = {key: value for key, value in {**base, **changes}.items() if value is not None}
        return requests.get(metadata["authorization_endpoint"], params=form, allow_redirects=False, timeout=10)

    def sent_back(response, error):
        location = response.headers.get("Location", "")
        return (response.status_code in (302, 303) and location.startswith(redirect)
                and parameters(location).get("error") == error and parameters(location).get("state") == base["state"]
                and parameters(location).get("iss"))

    for title, error, changes in [
            ("no PKCE for a public client", "invalid_request", {"code_challenge": None, "code_challenge_method": None}),
            ("PKCE `plain`", "invalid_request", {"code_challenge_method": "plain"}),
            ("an implicit response type", "unsupported_response_type", {"response_type": "token"}),
            ("`prompt=none` without a session", "login_required", {"prompt": "none"}),
            ("an absurd `max_age`", "invalid_request", {"max_age": "-9999999999999999999999"})]:
        response = authorize(**changes)
        journey.check(f"{title}: the client gets `{error}`", sent_back(response, error),
                      (response.status_code, response.headers.get("Location"), response.text[:300]))
    for title, changes in [
            ("an unknown client", {"client_id": "nobody"}),
            ("another redirect URI", {"redirect_uri": "https://attacker.example/"}),
            ("a redirect URI with a path appended", {"redirect_uri": redirect + "/more"}),
            ("no redirect URI", {"redirect_uri": None})]:
        response = authorize(**changes)
        journey.check(f"{title}: an error page, never a redirect",
                      response.status_code == 400 and "Location" not in response.headers,
                      (response.status_code, response.headers.get("Location")))
    parts = urlsplit(metadata["authorization_endpoint"])
    twice = urlunsplit(parts._replace(query=urlencode([*parse_qsl(urlencode(base)), ("scope", "openid")])))
    response = requests.get(twice, allow_redirects=False, timeout=10)
    journey.check("a parameter given twice: `invalid_request`", sent_back(response, "invalid_request"),
                  (response.status_code, response.headers.get("Location")))


if __name__ == "__main__":
    run_journey("authlib", journey_body)
