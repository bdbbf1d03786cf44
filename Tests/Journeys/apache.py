# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (a): a page protected by Apache and mod_auth_openidc, a certified relying party, and a real browser.

A professional with several exercise situations signs in through Socle's pages, reaches the page, sees the claims,
signs out through the relying party and is refused afterwards. Signed in again, with the answer sent as a form, they
sign out of Socle itself: the relying party is told in the back, and asks them to sign in.
"""

import json
import os
import pwd
import secrets
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from harness import Authenticator, free_port, run_journey, run_socle, spawn, stop, wait_for_port

MODULES = "/usr/lib/apache2/modules"
CLAIMS = ["iss", "sub", "acr", "amr", "name", "given_name", "family_name", "socle_situation", "sid", "auth_time"]


def apache_configuration(folder, port, issuer, client_id, client_secret):
    loaded = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in [
        "mpm_event", "authn_core", "authz_core", "authz_user", "mime", "dir", "include", "filter", "auth_openidc"])
    account = ""
    if os.getuid() == 0:
        account = "User www-data\nGroup www-data"
    return f"""
ServerRoot {folder}
ServerName localhost
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
Mutex file:{folder} default
Listen 127.0.0.1:{port}
{loaded}
{account}
ErrorLog {folder}/error.log
LogLevel warn auth_openidc:info
TypesConfig /etc/mime.types
AddType text/html .shtml
DocumentRoot {folder}/pages

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {client_secret}
OIDCRedirectURI http://localhost:{port}/protected/callback
OIDCDefaultLoggedOutURL http://localhost:{port}/bye.shtml
OIDCCryptoPassphrase {secrets.token_hex(16)}
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCResponseType code
OIDCResponseMode form_post
OIDCPassClaimsAs environment
OIDCPassIDTokenAs claims
OIDCRemoteUserClaim sub

<Directory {folder}/pages>
    Options +Includes
    AddOutputFilter INCLUDES .shtml
    Require all granted
</Directory>
<Location /protected>
    AuthType openid-connect
    Require valid-user
</Location>
"""


def pages(folder):
    (folder / "pages/protected").mkdir(parents=True)
    lines = "\n".join(f'<dt>{c}</dt><dd id="{c}"><!--#echo var="OIDC_CLAIM_{c}" --></dd>' for c in CLAIMS)
    (folder / "pages/protected/index.shtml").write_text(
        "<!doctype html><meta charset=utf-8><title>Page protégée</title>"
        f'<h1 id="reached">Page protégée</h1><dl>{lines}<dt>user</dt><dd id="user"><!--#echo var="REMOTE_USER" --></dd></dl>')
    (folder / "pages/bye.shtml").write_text(
        "<!doctype html><meta charset=utf-8><title>Au revoir</title><h1 id='bye'>Au revoir</h1>")


def start_apache(journey, port, issuer, client_id, client_secret):
    folder = journey.folder / "apache"
    folder.mkdir()
    pages(folder)
    (folder / "apache.conf").write_text(apache_configuration(folder, port, issuer, client_id, client_secret))
    journey.folder.chmod(0o711)
    if os.getuid() == 0:
        # Its workers give up root and must still reach their pages and their locks.
        account = pwd.getpwnam("www-data")
        os.chown(folder, account.pw_uid, account.pw_gid)
    log = open(journey.folder / "apache.log", "wb")
    process = spawn(["/usr/sbin/apache2", "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"],
                    stdout=log, stderr=log)
    journey.cleanup.callback(stop, process)
    wait_for_port(port, process)
    return folder


def start_browser(journey):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--window-size=1000,900", "--lang=fr", f"--user-data-dir={journey.folder / 'profile'}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": "fr,en"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    journey.cleanup.callback(driver.quit)
    driver.set_page_load_timeout(30)
    return driver


def journey_body(journey):
    demo = journey.demo()
    port = free_port()
    redirect, bye = f"http://localhost:{port}/protected/callback", f"http://localhost:{port}/bye.shtml"
    code, out, error = run_socle(
        "client", "create", "--data", demo.data, "--id", "apache", "--name", "Page protégée",
        "--redirect-uri", redirect, "--post-logout-uri", bye,
        "--backchannel-logout-uri", f"{redirect}?logout=backchannel", "--grant", "authorization_code",
        "--scope", "openid", "--scope", "profile", "--auth", "basic", "--json")
    if not journey.check("`socle client create` registers Apache with the running server", code == 0, error or out):
        return
    client = json.loads(out)
    folder = start_apache(journey, port, demo.issuer, client["client_id"], client["client_secret"])
    account = demo.account("several")
    situation = account["situations"][-1]
    authenticator = Authenticator(account["totp_secret"])
    driver = start_browser(journey)
    try:
        walk(journey, driver, demo, port, account, situation, authenticator)
    except WebDriverException as error:
        journey.check("the browser did what it was asked", False, str(error))
    if journey.failed:
        shots = Path(tempfile.mkdtemp(prefix="socle-screenshots-"))
        driver.save_screenshot(str(shots / "last.png"))
        print(f"  at {driver.current_url}, titled {driver.title!r}; screenshot: {shots}/last.png")
        for entry in driver.get_log("browser")[-10:]:
            print(f"  browser: {entry['message'][:400]}")
        error_log = folder / "error.log"
        if error_log.exists():
            print("  Apache: " + error_log.read_text(errors="replace")[-2500:])


def wait_until(condition, patience=15):
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        try:
            found = condition()
            if found:
                return found
        except WebDriverException:
            pass        # the page changed under the question
        time.sleep(0.1)
    return None


def walk(journey, driver, demo, port, account, situation, authenticator):
    protected = f"http://localhost:{port}/protected/"

    def one(selector):
        found = driver.find_elements(By.CSS_SELECTOR, selector)
        return found[0] if found else None

    def press(element):
        form = element.find_element(By.XPATH, "ancestor::form")
        buttons = form.find_elements(By.CSS_SELECTOR, "button[type=submit], button:not([type]), input[type=submit]")
        buttons[0].click()

    driver.get(protected + "index.shtml")
    password = wait_until(lambda: one("input[type=password]"))
    if not journey.check("Apache sends the browser to Socle, which asks a password", password, driver.current_url):
        return
    journey.check("on Socle's own address", driver.current_url.startswith(demo.issuer + "/"), driver.current_url)
    journey.equal("in French", driver.find_element(By.CSS_SELECTOR, "html").get_attribute("lang")[:2], "fr")
    shot(driver, "password")

    one("input[autocomplete=username]").send_keys(account["login"])
    password.send_keys("not the password")
    press(password)
    password = wait_until(lambda: one("input[type=password]") if one("[role=alert], .error, .alert") else None)
    journey.check("a wrong password is refused with a message", password, driver.current_url)
    password = password or wait_until(lambda: one("input[type=password]"))
    user = one("input[autocomplete=username]")
    if user and not user.get_attribute("value"):
        user.send_keys(account["login"])
    password.send_keys(account["password"])
    press(password)
    code = wait_until(lambda: one("input[autocomplete=one-time-code]"))
    if not journey.check("then the code of the second factor", code, driver.current_url):
        return
    shot(driver, "code")
    code.send_keys(authenticator.code())
    press(code)
    chosen = wait_until(lambda: one(f"[value='{situation['id']}']"))
    if not journey.check("then the exercise situation, there being several", chosen, driver.current_url):
        return
    shot(driver, "situation")
    body = driver.find_element(By.TAG_NAME, "body").text
    journey.check("each situation is shown by its label",
                  all(s["label"].split(" ")[0] in body for s in account["situations"]), body)
    choose(driver, chosen, press)

    reached = wait_until(lambda: one("#reached"))
    if not journey.check("the protected page is reached", reached, driver.current_url):
        return
    shot(driver, "reached")
    seen = {claim: driver.find_element(By.ID, claim).text for claim in [*CLAIMS, "user"]}
    journey.equal("the claims name the issuer", seen["iss"], demo.issuer)
    journey.check("and an opaque subject, which is the remote user",
                  seen["sub"] not in ("", "(none)", account["login"]) and seen["user"].startswith(seen["sub"]), seen)
    journey.equal("and the level of authentication", seen["acr"], "eidas1")
    journey.check("and the person's name", seen["name"] not in ("", "(none)") or
                  seen["family_name"] not in ("", "(none)"), seen)
    journey.check("and the exercise situation chosen", situation["id"] in seen["socle_situation"], seen)

    driver.get(protected + "index.shtml")
    journey.check("a second visit asks nothing", wait_until(lambda: one("#reached")), driver.current_url)

    driver.get(demo.issuer + "/")
    links = {link.text: link.get_attribute("href") for link in driver.find_elements(By.CSS_SELECTOR, ".services a")}
    journey.check("Socle's own page lists the services, the relying party among them",
                  links.get("Page protégée") == f"http://localhost:{port}/" and len(links) > 12, links)
    shot(driver, "home")

    # RP-initiated logout, begun at the relying party.
    driver.get(protected + f"callback?logout=http%3A%2F%2Flocalhost%3A{port}%2Fbye.shtml")
    wait_until(lambda: one("#bye") or one("form button, form input[type=submit]"))
    if not one("#bye"):
        # Socle may ask before it ends the session.
        journey.check("Socle asks before it signs out", driver.current_url.startswith(demo.issuer), driver.current_url)
        shot(driver, "logout")
        press(one("form button, form input[type=submit]"))
    journey.check("signed out, the browser comes back to the relying party", wait_until(lambda: one("#bye")),
                  driver.current_url)

    driver.get(protected + "index.shtml")
    asked = wait_until(lambda: one("input[type=password]"))
    journey.check("the protected page is refused now: Socle asks the password again", asked and not one("#reached"),
                  driver.current_url)
    # Signed out of Socle itself: the relying party learns it without the browser.
    one("input[autocomplete=username]").send_keys(account["login"])
    asked.send_keys(account["password"])
    press(asked)
    code = wait_until(lambda: one("input[autocomplete=one-time-code]"))
    code.send_keys(authenticator.code())
    press(code)
    chosen = wait_until(lambda: one(f"[value='{situation['id']}']"))
    choose(driver, chosen, press)
    journey.check("signed in again, the protected page is reached", wait_until(lambda: one("#reached")),
                  driver.current_url)
    driver.get(demo.issuer + "/")
    press(wait_until(lambda: one("form[action='/account/sign-out'] button")))
    wait_until(lambda: not one("form[action='/account/sign-out']"))

    def refused():
        driver.get(protected + "index.shtml")
        return wait_until(lambda: one("input[type=password]"), 2)

    journey.check("signed out of Socle, the relying party was told in the back and asks to sign in",
                  wait_until(refused, 20), driver.current_url)
    journey.check("the server is still well", demo.process.poll() is None)


def choose(driver, element, press):
    """The situation as a radio button, a list's option or a button of its own."""
    kind = (element.get_attribute("type") or "").lower()
    if element.tag_name == "button" or kind == "submit":
        element.click()
        return
    driver.execute_script("arguments[0].click()", element)
    if element.tag_name == "option":
        driver.execute_script("arguments[0].selected = true", element)
    press(element)


def shot(driver, name):
    folder = os.environ.get("SOCLE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(str(Path(folder) / f"{name}.png"))


if __name__ == "__main__":
    run_journey("apache", journey_body)
