# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey: an emergency from its first question to its review and to the people it is told to, and two records of one
person, with the server and the command line as two processes on one store.
"""

import base64
import datetime
import http.server
import json
import ssl
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from joserfc import jws
from joserfc.jwk import KeySet

from harness import free_port, run_journey, run_socle, socle_binary, spawn, stop, wait_for_port

LEMAIRE = ("899700100033", "STR-CH-VDM")


def post(url, body, headers):
    request = urllib.request.Request(url, body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


class Portal:
    """The professionals' portal, with its own token."""

    def __init__(self, demo):
        self.issuer = demo.issuer
        client = demo.client("client_credentials", ["access:evaluate", "access:assert"])
        basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "access:evaluate access:assert"})
        token = post(f"{demo.issuer}/oauth2/token", form.encode(), {
            "Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"})
        self.headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/json"}

    def ask(self, patient, document, justification="coma, antécédents inconnus", who=LEMAIRE, purpose="BTG"):
        context = {"purpose": purpose}
        if purpose == "BTG":
            context |= {"patient_capacity": "unable_to_express", "immediate_risk": True, "justification": justification}
        question = {
            "subject": {"type": "professional", "id": f"rpps:{who[0]}",
                        "properties": {"situation": who[1], "method": "psc", "acr": "eidas1"}},
            "action": {"name": "read"},
            "resource": {"type": "document", "id": document, "properties": {
                "patient": patient, "type_code": "11502-2", "author": "899700100011",
                "author_structure": "STR-CAB-MOREL", "confidentiality": ["N"]}},
            "context": context,
        }
        return post(f"{self.issuer}/access/v1/evaluation", json.dumps(question).encode(), self.headers)["context"]


def reviews(demo, *options):
    code, out, error = run_socle("review", "list", "--data", demo.data, "--json", *options)
    if code != 0:
        raise RuntimeError(error)
    return json.loads(out)["reviews"]


class Messaging:
    """The region's messaging: an HTTPS server with an authority of its own; it takes a token, or says it cannot."""

    def __init__(self, folder):
        self.certificate, key = folder / "messaging.pem", folder / "messaging.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out",
             str(self.certificate)], check=True, capture_output=True)
        self.tokens, self.status = [], 503
        messaging = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                token = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if messaging.status == 202 and self.headers["Content-Type"] == "application/secevent+jwt":
                    messaging.tokens.append(token)
                self.send_response(messaging.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.endpoint = f"https://localhost:{self.server.server_port}/notices"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def notices(demo, *options):
    code, out, error = run_socle("notices", "list", "--data", demo.data, "--json", *options)
    if code != 0:
        raise RuntimeError(error)
    return json.loads(out)["notices"]


def until(seconds, holds):
    limit = time.monotonic() + seconds
    while not (result := holds()) and time.monotonic() < limit:
        time.sleep(0.25)
    return result


def told(journey, demo, episode):
    """The notices of the emergency wait; then the region's messaging is registered, is down, and is there."""
    waiting = notices(demo)
    of_episode = [n for n in waiting if n["about"] == episode]
    journey.check("the patient is to be told, once, though nobody can tell them yet",
                  [n["recipient"] for n in of_episode] == ["patient"]
                  and all(n["state"] == "pending" and "notifier" not in n for n in waiting), waiting)
    code, out, _ = run_socle("notices", "list", "--data", demo.data, "--waiting")
    journey.check("the operator is told that nobody delivers them",
                  code == 0 and "no application delivers break_glass: such notices wait" in out, out)
    for wrong in (["--endpoint", "http://localhost/"], ["--endpoint", "https://a.test", "--subject", "party"]):
        code, _, error = run_socle("notices", "register", "--client", "m", "--data", demo.data, *wrong)
        journey.check(f"a notifier with {wrong[-1]} is refused", code == 2, (code, error))

    # The same store, served in the production form: outgoing calls trust the region's own authority.
    messaging = Messaging(journey.folder)
    port = free_port()
    configuration = journey.folder / "serve.yaml"
    configuration.write_text(
        f"issuer: http://localhost:{port}\nlisten: {{ port: {port} }}\ndatabase: {{ sqlite: {demo.data}/socle.db }}\n"
        f"keys: {{ directory: {demo.data}/keys, master_key_file: {demo.data}/master.key }}\n"
        f"outbound: {{ allow: [127.0.0.0/8, '::1'], authorities: {messaging.certificate} }}\n")
    register = ("notices", "register", "--client", "messaging", "--endpoint", messaging.endpoint, "--data", demo.data)
    code, _, error = run_socle(*register)
    journey.check("only a client in use is registered", code == 1 and "is not a client in use" in error, (code, error))
    code, _, error = run_socle("client", "create", "--id", "messaging", "--name", "Messagerie", "--grant",
                               "client_credentials", "--data", demo.data)
    journey.equal("the messaging becomes a client", (code, error), (0, ""))
    code, _, error = run_socle(*register)
    journey.equal("the messaging is registered", (code, error), (0, ""))
    journey.equal("the demonstration ends", demo.stop(), 0)
    with open(journey.folder / "serve.log", "ab") as log:
        server = spawn([socle_binary(), "serve", "--config", str(configuration)], stdout=log, stderr=log, cwd="/")
    journey.cleanup.callback(stop, server)
    wait_for_port(port, server, patience=60)
    failing = until(20, lambda: [n for n in notices(demo, "--waiting") if n["state"] == "failing"])
    journey.check("while it is down, its notices are failing, and the list says why",
                  failing and all(n["failure"] == "answered 503" for n in failing), failing)
    messaging.status = 202
    left = until(60, lambda: not notices(demo, "--waiting"))
    journey.check("once it answers, every notice is delivered", left, notices(demo, "--waiting"))

    keys = KeySet.import_key_set(json.load(urllib.request.urlopen(f"http://localhost:{port}/oauth2/jwks", timeout=30)))
    claims = []
    for token in messaging.tokens:
        verified = jws.deserialize_compact(token, keys, algorithms=["ES256"])
        journey.check("a token is signed by a published key, and says its type",
                      verified.headers()["typ"] == "secevent+jwt", verified.headers())
        claims.append(json.loads(verified.payload))
    journey.equal("each was sent once", len({c["jti"] for c in claims}), len(waiting))
    mine = [c["events"]["urn:sesan:socle:event:notice"] for c in claims]
    patient = [e for e in mine if e["about"] == episode and e["recipient"]["type"] == "patient"]
    journey.check("the patient's text says who and what may be done, in French and in English, not the reason given",
                  len(patient) == 1 and "a consulté votre dossier en urgence" in patient[0]["text"]["fr"]
                  and "accessed your record in an emergency" in patient[0]["text"]["en"]
                  and "coma" not in json.dumps(claims, ensure_ascii=False), patient)
    of_adele = notices(demo, "--patient", "PAT-ADELE")
    journey.check("what a patient was told is listed, with when and by whom",
                  of_adele and all(n["state"] == "delivered" and n["delivered_to"] == "messaging" and n["delivered"]
                                   and n["patient"] == "PAT-ADELE" for n in of_adele), of_adele)
    journey.check("no log names a patient", "PAT-" not in (journey.folder / "serve.log").read_text())
    journey.equal("the server ends with 0", stop(server), 0)


def journey_body(journey):
    demo = journey.demo()
    portal = Portal(demo)
    first = portal.ask("PAT-ADELE", "DOC-1")
    journey.equal("a question in an emergency is answered", first["reason"], "break_glass")
    second = portal.ask("PAT-ADELE", "DOC-2")
    journey.check("the next one cites the same episode", second["episode"] == first["episode"], (first, second))
    refused = portal.ask("PAT-ADELE", "DOC-3", justification=" ")
    journey.check("without a reason it is refused, the episode open or not",
                  refused["reason"] == "justification_required" and "episode" not in refused, refused)

    listed = reviews(demo)
    journey.check("the review list holds it once, with its accesses",
                  [(r["episode"], r["accesses"], r["unresolved"]) for r in listed] == [(first["episode"]["id"], 2, 2)],
                  listed)
    code, out, error = run_socle("journal", "list", "--patient", "PAT-ADELE", "--data", demo.data)
    journey.check("and that it was read is in the patient's journal", code == 0 and "reviews_listed" in out, (out, error))
    # The referral reached the region after the access.
    now = datetime.datetime.now(datetime.timezone.utc)
    refer = ("patient", "refer", "PAT-ADELE", "--to", LEMAIRE[0], "--since",
             (now - datetime.timedelta(hours=1)).isoformat(timespec="seconds"), "--until",
             now.isoformat(timespec="milliseconds"), "--data", demo.data, "--from")
    code, _, error = run_socle(*refer, "no body")
    journey.check("a referral by nobody is refused", code == 2 and "--from" in error, (code, error))
    code, _, error = run_socle(*refer, "899700199999")
    journey.check("nor is one by somebody who is not on record", code == 1 and "not on record" in error, (code, error))
    code, out, error = run_socle(*refer, "899700100011")
    journey.equal("a referral is recorded", (code, error), (0, ""))
    journey.check("and explains the accesses made before it was known",
                  reviews(demo) == [] and [r["unresolved"] for r in reviews(demo, "--all")] == [0],
                  reviews(demo, "--all"))
    code, out, error = run_socle("review", "close", first["episode"]["id"], "--by", "dpo", "--conclusion",
                                 "justifié", "--data", demo.data)
    journey.equal("it is closed with a conclusion", (code, error), (0, ""))
    journey.equal("and is listed no longer", reviews(demo, "--all"), [])
    code, _, error = run_socle("review", "close", first["episode"]["id"], "--by", "dpo", "--conclusion", "x", "--data",
                               demo.data)
    journey.check("nor closed twice", code == 1 and "not an episode" in error, (code, error))

    # Henri is opposed to access in emergencies: once his record and Adèle's are one, so is she.
    code, _, error = run_socle("patient", "merge", "PAT-ADELE", "PAT-HENRI", "--data", demo.data)
    journey.equal("two records are merged while the server runs", (code, error), (0, ""))
    for patient in ("PAT-ADELE", "PAT-HENRI"):
        journey.equal(f"the next answer about {patient} follows the stricter record",
                      portal.ask(patient, "DOC-1")["reason"], "emergency_opposition")
    code, _, error = run_socle("patient", "merge", "PAT-HENRI", "PAT-ADELE", "--data", demo.data)
    journey.check("they are not merged again the other way round", code == 1 and "one already" in error, (code, error))
    code, _, error = run_socle("patient", "split", "PAT-HENRI", "--data", demo.data)
    journey.equal("a merge made by mistake is undone", (code, error), (0, ""))
    again = portal.ask("PAT-ADELE", "DOC-1")
    journey.check("and each record says again what it said, in the episode still open",
                  again["reason"] == "break_glass" and again["episode"] == first["episode"], again)
    journey.check("an access after the review opens it again",
                  [r["accesses"] for r in reviews(demo)] == [3], reviews(demo))
    journey.equal("for the other too", portal.ask("PAT-HENRI", "DOC-1")["reason"], "emergency_opposition")

    told(journey, demo, first["episode"]["id"])
    code, out, error = run_socle("journal", "verify", "--data", demo.data)
    journey.check("the journal verifies", code == 0, out + error)


if __name__ == "__main__":
    run_journey("emergencies", journey_body)
