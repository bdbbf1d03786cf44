# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (h): idpyoidc, the library of the certified JwtConnect relying party, as a third party's web application.

It registers itself with an initial access token, proves itself with its own key, asks with PKCE, has the person agree,
verifies the ID token, reads a signed userinfo, refreshes, sends encrypted request objects, and signs the person out
through Socle. A second one, which
Sesan registered, is told in the back that the session ended, and believes it.
"""

import json
import logging
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from cryptojwt.jwe.jwe import JWE
from cryptojwt.jws.jws import JWS
from idpyoidc.client.oauth2.stand_alone_client import backchannel_logout
from idpyoidc.client.rp_handler import RPHandler
from idpyoidc.message.oauth2 import OPTIONAL_LIST_OF_SP_SEP_STRINGS
from idpyoidc.message.oidc import RegistrationResponse

from harness import Authenticator, run_journey, run_socle
from pages import Arrived, Browser

BASE = "https://rp.example"
SCOPES = ["openid", "profile", "offline_access"]
SERVICES = {name: {"class": f"idpyoidc.client.oidc.{path}"} for name, path in {
    "discovery": "provider_info_discovery.ProviderInfoDiscovery", "registration": "registration.Registration",
    "authorization": "authorization.Authorization", "access_token": "access_token.AccessToken",
    "refresh_access_token": "refresh_access_token.RefreshAccessToken", "userinfo": "userinfo.UserInfo",
    "end_session": "end_session.EndSession"}.items()}
PKCE = {"function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
        "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"}}
KEYS = {"key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]}


# It warns of each answer whose media type it spells another way.
logging.disable(logging.WARNING)


class Words(RegistrationResponse):
    """What the registration endpoint answers; `scope` is words (RFC 7591 §2), which the library reads as one."""

    c_param = {**RegistrationResponse.c_param, "scope": OPTIONAL_LIST_OF_SP_SEP_STRINGS}


def relying_party(issuer, preference, initial_token=None, **registered):
    """One application of idpyoidc, which has read discovery."""

    def call(method, url, **options):
        if initial_token and url.endswith("/oauth2/register"):
            options.setdefault("headers", {})["Authorization"] = f"Bearer {initial_token}"
        return requests.request(method, url, **{"timeout": 20, **options})

    configuration = {
        "client_type": "oidc", "base_url": BASE, "services": SERVICES, "add_ons": {"pkce": PKCE},
        "client_authn_methods": ["private_key_jwt", "client_secret_basic", "bearer_header"],
        "preference": {"application_type": "web", "response_types_supported": ["code"],
                       "scopes_supported": SCOPES, "redirect_uris": [f"{BASE}/callback"], **preference}, **registered}
    handler = RPHandler(base_url=BASE, client_configs={"": configuration}, services=SERVICES, key_conf=KEYS,
                        httpc=call)
    party = handler.init_client(issuer)
    handler.do_provider_info(client=party)
    return party


def journey_body(journey):
    demo = journey.demo()
    account = demo.account("one")
    authenticator = Authenticator(account["totp_secret"])
    registered_by_itself(journey, demo, account, authenticator)
    told_in_the_back(journey, demo, account, authenticator)
    journey.check("the server is still well", demo.process.poll() is None)


def registered_by_itself(journey, demo, account, authenticator):
    code, out, error = run_socle("client", "invite", "--data", demo.data, "--label", "editor", "--json")
    journey.check("`socle client invite` gives an editor leave to register", code == 0, error)
    party = relying_party(
        demo.issuer,
        {"contacts": ["tech@rp.example"], "token_endpoint_auth_methods_supported": ["private_key_jwt"],
         "id_token_signing_alg_values_supported": ["ES256"], "post_logout_redirect_uris": [f"{BASE}/bye"]},
        initial_token=json.loads(out)["initial_access_token"])
    registration = party.get_service("registration")
    registration.response_cls = Words
    # Or it would ask for `authorization_code` alone, whatever it is told.
    registration.post_construct = []
    party.do_client_registration(request_args={
        "jwks": party.keyjar.export_jwks(), "grant_types": ["authorization_code", "refresh_token"],
        "post_logout_redirect_uris": [f"{BASE}/bye"], "backchannel_logout_uri": f"{BASE}/told",
        "backchannel_logout_session_required": True})
    answer = party.get_context().registration_response
    # 5.0.0 leaves its identifier where its assertions do not look for it.
    party.client_id = party.get_client_id()
    journey.check("it registers itself, with its own keys and no secret",
                  answer["token_endpoint_auth_method"] == "private_key_jwt" and "client_secret" not in answer
                  and len(answer["jwks"]["keys"]) == 2, answer.to_dict())
    journey.check("and with an address to be told at",
                  answer["backchannel_logout_uri"] == f"{BASE}/told" and answer["backchannel_logout_session_required"],
                  answer.to_dict())

    browser = Browser(until=[BASE])
    asked, ended = browser.sign_in(party.init_authorization(req_args={"scope": SCOPES}), account, authenticator)
    journey.equal("both factors are asked, and leave for a third party", asked, ["password", "code", "consent"])
    result = party.finalize(dict(parse_qsl(urlsplit(ended).query)))
    if not journey.check("it verifies the answer, redeems the code with a signed assertion, verifies the ID token",
                         "error" not in result and result["id_token"]["aud"] == [party.client_id], result):
        return
    state, subject = result["state"], result["id_token"]["sub"]
    journey.equal("the ID token is signed as it registered", result["id_token"].jws_header["alg"], "ES256")
    about = result["userinfo"]
    journey.check("userinfo is signed for it, and about the same person",
                  about["sub"] == subject and about["aud"] == party.client_id and about["family_name"], about.to_dict())
    renewed = party.refresh_access_token(state)
    journey.check("it refreshes with another assertion", renewed["access_token"] not in ("", result["token"]))
    journey.equal("and the new token works", party.get_user_info(state)["sub"], subject)

    encrypted_requests(journey, demo, party, browser)

    leave = party.logout(state)
    try:
        journey.check("a logout with its ID token asks nothing", False, browser.open(leave["url"]))
    except Arrived as arrived:
        journey.equal("a logout with its ID token asks nothing, and comes back with its state",
                      arrived.url, f"{BASE}/bye?state={leave['request']['state']}")
    again, _ = browser.sign_in(party.init_authorization(req_args={"scope": SCOPES}), account, authenticator)
    journey.equal("signed out: the next sign-in asks for everything", again[:2], ["password", "code"])


def encrypted_requests(journey, demo, party, browser):
    """What cryptojwt, the library's own JOSE, signs and encrypts to the keys that Socle publishes."""
    claims = {"iss": party.client_id, "aud": demo.issuer, "client_id": party.client_id, "response_type": "code",
              "redirect_uri": f"{BASE}/callback", "scope": "openid profile", "state": "inside"}
    signed = JWS(json.dumps(claims), alg="RS256").sign_compact(party.keyjar.get_signing_key("RSA", ""))
    where = party.get_context().provider_info["authorization_endpoint"]
    for algorithm, kind in [("RSA-OAEP", "RSA"), ("RSA-OAEP-256", "RSA"), ("ECDH-ES", "EC")]:
        keys = [key for key in party.keyjar.get(key_use="enc", key_type=kind, issuer_id=demo.issuer)
                if key.use == "enc"]
        for title, content, expected in [("signed", signed, {"state": "inside"}),
                                         ("not signed", json.dumps(claims), {"error": "invalid_request_object"})]:
            # Not by GCM: cryptojwt 1.11.0 gives it a nonce of 16 bytes, where RFC 7518 §5.3 has 12.
            request = JWE(content, alg=algorithm, enc="A128CBC-HS256", cty="JWT").encrypt(keys=keys)
            query = {"client_id": party.client_id, "redirect_uri": f"{BASE}/callback", "response_type": "code",
                     "scope": "openid", "request": request}
            try:
                ended = str(browser.open(f"{where}?{urlencode(query)}"))
            except Arrived as arrived:
                ended = dict(parse_qsl(urlsplit(arrived.url).query))
            journey.check(f"a request object encrypted by {algorithm} and {title}: {expected}",
                          isinstance(ended, dict) and expected.items() <= ended.items(), ended)


class Ear:
    """A web server that keeps what is posted to it."""

    def __init__(self, journey):
        self.heard = heard = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                heard.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        journey.cleanup.callback(self.server.shutdown)

    @property
    def address(self):
        return f"http://localhost:{self.server.server_port}/told"


def told_in_the_back(journey, demo, account, authenticator):
    ear = Ear(journey)
    code, out, error = run_socle(
        "client", "create", "--data", demo.data, "--id", "told", "--redirect-uri", f"{BASE}/callback",
        "--post-logout-uri", f"{BASE}/bye", "--backchannel-logout-uri", ear.address,
        "--scope", "openid", "--scope", "profile", "--json")
    if not journey.check("an application of the region's has an address to be told at", code == 0, error):
        return
    party = relying_party(
        demo.issuer, {"token_endpoint_auth_methods_supported": ["client_secret_basic"],
                      "post_logout_redirect_uris": [f"{BASE}/bye"]},
        client_id="told", client_secret=json.loads(out)["client_secret"])
    party.get_context().registration_response = {}
    party.do_client_registration()
    browser = Browser(until=[BASE])
    asked, ended = browser.sign_in(
        party.init_authorization(req_args={"scope": ["openid", "profile"]}), account, authenticator)
    journey.equal("the region's own asks for no leave", asked, ["password", "code"])
    result = party.finalize(dict(parse_qsl(urlsplit(ended).query)))
    if not journey.check("it redeems the code with its secret", "error" not in result, result):
        return
    try:
        journey.check("the person signs out", False, browser.open(party.logout(result["state"])["url"]))
    except Arrived:
        journey.check("the person signs out", True)
    try:
        body = ear.heard.get(timeout=20)
    except queue.Empty:
        journey.check("it is told in the back", False)
        return
    journey.equal("it is told in the back, and believes it: the logout token names the session",
                  backchannel_logout(party, request=body), result["state"])


if __name__ == "__main__":
    run_journey("idpyoidc", journey_body)
