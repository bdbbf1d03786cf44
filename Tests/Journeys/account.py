# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey: a person's own account, in a real browser.

A professional signs in from two browsers, sees both sessions and ends one from the other, withdraws what they agreed to
with an application that is not the region's, and the pages hold on a phone's width in both languages. They change
their password, then an administrator resets it: another is chosen before anything else. The second factor is replaced, then taken away by an administrator and enrolled
anew.
"""


import json

import requests
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from apache import shot, wait_until
from harness import Authenticator, run_journey, run_socle

PARTS = ["", "/password", "/second-factor", "/second-factor/replace", "/sessions", "/applications"]
REDIRECT = "https://agenda.example/cb"      # nobody answers there: the address the browser is sent to is what counts


class Browser:
    """One browser with a profile of its own."""

    def __init__(self, journey, name, agent=None):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--window-size=1000,900", "--lang=fr", f"--user-data-dir={journey.folder / name}"]:
            options.add_argument(flag)
        if agent:
            options.add_argument(f"--user-agent={agent}")
        options.add_experimental_option("prefs", {"intl.accept_languages": "fr,en"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        journey.cleanup.callback(self.driver.quit)
        self.driver.set_page_load_timeout(30)

    def get(self, address):
        try:
            self.driver.get(address)
        except WebDriverException:
            pass    # the application's address answers nothing

    def one(self, selector):
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return found[0] if found else None

    def wait(self, selector, patience=15):
        return wait_until(lambda: self.one(selector), patience)

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "main").text

    def fill(self, selector, value):
        field = self.wait(selector)
        field.clear()
        field.send_keys(value)

    def press(self, selector):
        """Presses, and waits for the page that follows."""
        before = self.one("html")
        try:
            self.wait(selector).click()
        except WebDriverException:
            pass
        wait_until(lambda: self.is_gone(before))

    @staticmethod
    def is_gone(element):
        try:
            element.is_enabled()
            return False
        except WebDriverException:
            return True

    def sign_in(self, account, authenticator, password=None):
        """From the page that asks the password to whatever follows the exercise situation."""
        self.fill("input[autocomplete=username]", account["login"])
        self.fill("input[autocomplete=current-password]", password or account["password"])
        self.press("form[action='/login/password'] button")
        self.fill("input[autocomplete=one-time-code]", authenticator.code())
        self.press("form[action='/login/code'] button")
        if self.one("form[action='/login/situation']"):
            self.driver.execute_script("document.querySelector('input[name=situation]').click()")
            self.press("form[action='/login/situation'] button")


def widths(journey, browser, issuer):
    """No page is wider than the phone that shows it."""
    for language in ("fr", "en"):
        wide = []
        for part in PARTS:
            for width in (320, 1280):
                browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
                browser.get(f"{issuer}/account{part}?lang={language}")
                if browser.driver.execute_script("return document.documentElement.scrollWidth") > width:
                    wide.append((part, width))
                shot(browser.driver, f"account{part.replace('/', '-')}-{language}-{width}")
                if len(browser.driver.find_elements(By.TAG_NAME, "h1")) != 1:
                    wide.append((part, "h1"))
        journey.check(f"every page holds from 320 to 1280 pixels, with one heading ({language})", not wide, wide)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def sessions(journey, first, second, issuer):
    first.get(f"{issuer}/account/sessions")
    text = first.text()
    journey.check("both sessions are seen, with what each browser says it is",
                  "Chrome, Linux" in text and "Firefox, Windows" in text, text)
    shot(first.driver, "sessions")
    first.press("form[action='/account/sessions'] button")
    journey.check("the other is ended, and the page says so", first.one(".notice") and "Firefox" not in first.text(),
                  first.text())
    second.get(f"{issuer}/account")
    journey.check("there, both factors are asked again", second.wait("input[type=password]"), second.driver.current_url)


def applications(journey, browser, demo):
    code, out, error = run_socle("client", "invite", "--data", demo.data, "--label", "the journey", "--json")
    if not journey.check("an editor is invited", code == 0, error or out):
        return
    token = json.loads(out)["initial_access_token"]
    registered = requests.post(
        f"{demo.issuer}/oauth2/register", headers={"Authorization": f"Bearer {token}"}, timeout=30,
        json={"client_name": "Agenda <du soir>", "redirect_uris": [REDIRECT], "scope": "openid email"})
    if not journey.equal("and registers an application, which is not the region's", registered.status_code, 201):
        return
    ask = (f"{demo.issuer}/oauth2/authorize?client_id={registered.json()['client_id']}&redirect_uri={REDIRECT}"
           "&response_type=code&scope=openid%20email&state=s")
    browser.get(ask)
    journey.check("it is asked about", browser.wait("form[action='/login/consent']"), browser.driver.current_url)
    browser.press("button[value=allow]")
    wait_until(lambda: "code=" in browser.driver.current_url)
    browser.get(f"{demo.issuer}/account/applications")
    text = browser.text()
    journey.check("and then shown with what it knows", "Agenda <du soir>" in text and "adresse électronique" in text, text)
    shot(browser.driver, "applications")
    browser.press("form[action='/account/applications'] button")
    journey.check("withdrawn, it is gone from the page",
                  browser.one(".notice") and "Agenda" not in browser.text(), browser.text())
    browser.get(ask)
    journey.check("and is asked about anew", browser.wait("form[action='/login/consent']"), browser.driver.current_url)


def password(journey, first, second, demo, account, authenticator):
    """In the second browser the account is open too: the change ends it there."""
    second.get(f"{demo.issuer}/account")
    second.sign_in(account, authenticator)
    first.get(f"{demo.issuer}/account/password")
    new = "une phrase que personne n'a"
    for current, chosen, again, refused in [
            ("not the password", new, new, True), (account["password"], "court", "court", True),
            (account["password"], new, new + "!", True), (account["password"], new, new, False)]:
        first.fill("#current", current)
        first.fill("#new", chosen)
        first.fill("#again", again)
        first.press("form[action='/account/password'] button")
        found = first.one("[role=alert]") if refused else first.one(".notice")
        journey.check(f"a change of password is {'refused, with why' if refused else 'made, and told'}", found, first.text())
        shot(first.driver, f"password-{'refused' if refused else 'changed'}")
    second.get(f"{demo.issuer}/account")
    journey.check("elsewhere the account is closed", second.wait("input[type=password]"), second.driver.current_url)
    account["password"] = new
    second.sign_in(account, authenticator)
    journey.check("and opens with the new password", wait_until(lambda: second.driver.current_url.endswith("/account")),
                  second.driver.current_url)


def reset(journey, first, demo, account, authenticator):
    code, out, error = run_socle("user", "reset-password", account["login"], "--data", demo.data, "--json")
    if not journey.check("an administrator resets the password of a running server's account", code == 0, error or out):
        return
    temporary = json.loads(out)["password"]
    first.get(f"{demo.issuer}/account")
    journey.check("the account is closed at once", first.wait("input[type=password]"), first.driver.current_url)
    first.sign_in(account, authenticator, temporary)
    journey.check("with the temporary password, another is asked for", first.wait("#again"), first.text())
    shot(first.driver, "new-password")
    forced = first.driver.current_url
    first.get(f"{demo.issuer}/account")
    journey.check("and nothing else is open", first.wait("input[type=password]"), first.driver.current_url)
    first.get(forced)
    account["password"] = "une autre que personne n'a"
    first.fill("#new", account["password"])
    first.fill("#again", account["password"])
    first.press("form[action='/login/new-password'] button")
    if first.one("form[action='/login/situation']"):
        first.driver.execute_script("document.querySelector('input[name=situation]').click()")
        first.press("form[action='/login/situation'] button")
    journey.check("chosen, the account opens", wait_until(lambda: first.driver.current_url.endswith("/account")),
                  first.driver.current_url)


def second_factor(journey, first, demo, account, authenticator):
    """Returns the authenticator that counts afterwards."""
    first.get(f"{demo.issuer}/account/second-factor")
    first.driver.find_element(By.CSS_SELECTOR, "a[href$='/replace']").click()
    new = Authenticator(first.wait(".key").text.replace(" ", ""))
    first.fill("#code", new.code())
    first.fill("#present", "000000")
    first.press("form[action='/account/second-factor/replace'] button")
    journey.check("a wrong code of the present application replaces nothing", first.one("[role=alert]"), first.text())
    shot(first.driver, "second-factor-refused")
    # Waits for the next code of the present application, and takes one of the new at that moment.
    present = authenticator.code()
    first.fill("#present", present)
    first.fill("#code", new.code_of(authenticator.last))
    new.last = authenticator.last
    first.press("form[action='/account/second-factor/replace'] button")
    journey.check("both codes right, it is replaced", first.one(".notice"), first.text())

    code, out, error = run_socle("user", "reset-second-factor", account["login"], "--data", demo.data, "--json")
    if not journey.check("an administrator takes it away", code == 0, error or out):
        return
    given = json.loads(out)["enrolment_code"]
    first.get(f"{demo.issuer}/account")
    first.fill("input[autocomplete=username]", account["login"])
    first.fill("input[autocomplete=current-password]", account["password"])
    first.press("form[action='/login/password'] button")
    if not journey.check("at the next sign-in another is enrolled", first.wait(".key"), first.text()):
        return
    shot(first.driver, "enrol")
    last = Authenticator(first.one(".key").text.replace(" ", ""))
    first.fill("#given", "aaaa-aaaa-aaaa-aaaa")
    first.fill("#code", last.code())
    first.press("form[action='/login/enrol'] button")
    journey.check("not without the administrator's code", first.one("[role=alert]"), first.text())
    first.fill("#given", given)
    first.fill("#code", last.code())
    first.press("form[action='/login/enrol'] button")
    if first.one("form[action='/login/situation']"):
        first.driver.execute_script("document.querySelector('input[name=situation]').click()")
        first.press("form[action='/login/situation'] button")
    journey.check("with it, the account opens", wait_until(lambda: first.driver.current_url.endswith("/account")),
                  first.driver.current_url)


def journey_body(journey):
    demo = journey.demo()
    account = demo.account("several")
    authenticator = Authenticator(account["totp_secret"])
    first = Browser(journey, "first")
    second = Browser(journey, "second", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0")
    for browser in (first, second):
        browser.get(f"{demo.issuer}/account")
        browser.sign_in(account, authenticator)
        wait_until(lambda: browser.driver.current_url == f"{demo.issuer}/account")
        journey.equal("signed in, the browser comes back to the account", browser.driver.current_url,
                      f"{demo.issuer}/account")
    journey.check("the account says who it is", account["login"] in first.text(), first.text())
    shot(first.driver, "account")
    widths(journey, first, demo.issuer)
    sessions(journey, first, second, demo.issuer)
    applications(journey, first, demo)
    password(journey, first, second, demo, account, authenticator)
    reset(journey, first, demo, account, authenticator)
    second_factor(journey, first, demo, account, authenticator)


if __name__ == "__main__":
    run_journey("account", journey_body)
