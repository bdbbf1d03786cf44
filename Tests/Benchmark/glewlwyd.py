# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Glewlwyd on SQLite over loopback, set up to answer the same requests: the comparison the aims name.

Only where Debian's `glewlwyd` is installed (`apt-get install glewlwyd`): it is a tool for measuring, not a need.
"""

import base64
import gzip
import shutil
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import harness
import requests

SCHEMA = Path("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz")
CLIENT, SECRET, SCOPE = "benchmark", "a-secret-of-the-benchmark", "benchmark"


def is_installed():
    return shutil.which("glewlwyd") is not None and SCHEMA.exists()


class Glewlwyd:
    """A server with its OpenID Connect plugin, ES256 tokens, and one client that gets and introspects them."""

    def __init__(self, folder):
        folder.mkdir()
        self.port = harness.free_port()
        database = sqlite3.connect(folder / "glewlwyd.db")
        database.executescript(gzip.decompress(SCHEMA.read_bytes()).decode())
        database.close()
        modules = "/usr/lib/glewlwyd"
        (folder / "glewlwyd.conf").write_text(f"""
port={self.port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:{self.port}/"
login_url="login.html"
api_prefix="api"
log_mode="file"
log_level="ERROR"
log_file="{folder}/glewlwyd.log"
cookie_secure=0
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{modules}/user"
client_module_path="{modules}/client"
user_auth_scheme_module_path="{modules}/scheme"
plugin_module_path="{modules}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }};
""")
        self.process = harness.spawn(["glewlwyd", f"--config-file={folder}/glewlwyd.conf"], cwd=folder,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        harness.wait_for_port(self.port, self.process)
        self.base = f"http://127.0.0.1:{self.port}/api"
        self._configure(folder)

    def _configure(self, folder):
        def openssl(*arguments):
            return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True, cwd=folder).stdout

        (folder / "key.pem").write_text(openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"))
        session = requests.Session()

        def post(path, body):
            session.post(self.base + path, json=body, timeout=10).raise_for_status()

        # The account that the package's own schema makes.
        post("/auth/", {"username": "admin", "password": "password"})
        post("/mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "oidc", "parameters": {
            "iss": f"http://127.0.0.1:{self.port}", "jwt-type": "ecdsa", "jwt-key-size": "256",
            "key": (folder / "key.pem").read_text(), "cert": openssl("pkey", "-in", "key.pem", "-pubout"),
            "access-token-duration": 3600, "refresh-token-duration": 86400, "code-duration": 600,
            "allow-non-oidc": True, "auth-type-client-enabled": True, "auth-type-code-enabled": True,
            "introspection-revocation-allowed": True, "introspection-revocation-allow-target-client": True,
            "introspection-revocation-auth-scope": [], "jwks-show": True}})
        post("/scope/", {"name": SCOPE, "password_required": False, "scheme": {}})
        post("/client/", {
            "client_id": CLIENT, "name": CLIENT, "confidential": True, "enabled": True, "password": SECRET,
            "client_secret": SECRET, "authorization_type": ["client_credentials"], "scope": [SCOPE],
            "redirect_uri": ["http://127.0.0.1/"], "token_endpoint_auth_method": ["client_secret_basic"]})

    def series(self):
        """A row as `run.py` measures it. Its tokens each wait for the disk several times: too few for a round."""
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        headers = {"Authorization": basic, "Content-Type": "application/x-www-form-urlencoded"}
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        response = requests.post(f"{self.base}/oidc/token", data=form, auth=(CLIENT, SECRET), timeout=10)
        response.raise_for_status()
        yield ("Glewlwyd, introspection", self.process.pid, f"{self.base}/oidc/introspect", "POST", headers,
               urlencode({"token": response.json()["access_token"]}))

    def stop(self):
        harness.stop(self.process)
