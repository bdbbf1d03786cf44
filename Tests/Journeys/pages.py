# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""A browser without JavaScript: cookies, redirects, and HTML forms filled by what their fields mean.

Fields are found by what the HTML standard says of them (`type=password`, `autocomplete=one-time-code`), never by the
names Socle gives them: this is what a password manager or a screen reader relies on too.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

REDIRECTS = (301, 302, 303, 307, 308)


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").lower()
        self.fields = []      # [{name, type, value, autocomplete, checked}], buttons included

    def field(self, **wanted):
        for field in self.fields:
            if all(field.get(key) == value for key, value in wanted.items()):
                return field
        return None

    def choices(self):
        """What can be chosen: radio buttons, the options of a list, or named submit buttons that share a name."""
        radios = [f for f in self.fields if f["type"] in ("radio", "option")]
        if radios:
            return radios
        return [f for f in self.fields if f["type"] == "submit" and f["name"]]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.current, self.select, self.title, self.text = [], None, None, "", []
        self._in_title = self._silent = False

    def handle_starttag(self, tag, attributes):
        attributes = {key: value if value is not None else "" for key, value in attributes}
        if tag == "form":
            self.current = Form(attributes)
            self.forms.append(self.current)
        elif tag == "title":
            self._in_title = True
        elif tag in ("script", "style"):
            self._silent = True
        elif self.current is not None and tag in ("input", "button", "textarea"):
            default = "submit" if tag == "button" else "text"
            self.current.fields.append({
                "name": attributes.get("name", ""), "type": attributes.get("type", default).lower(),
                "value": attributes.get("value", ""), "autocomplete": attributes.get("autocomplete", ""),
                "checked": "checked" in attributes})
        elif self.current is not None and tag == "select":
            self.select = attributes.get("name", "")
        elif self.current is not None and tag == "option" and self.select is not None:
            self.current.fields.append({
                "name": self.select, "type": "option", "value": attributes.get("value", ""), "autocomplete": "",
                "checked": "selected" in attributes})

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = None
        elif tag == "title":
            self._in_title = False
        elif tag in ("script", "style"):
            self._silent = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data
        elif not self._silent and data.strip():
            self.text.append(data.strip())


class Page:
    def __init__(self, response):
        self.response, self.url, self.status = response, response.url, response.status_code
        self.html = response.text
        reader = _Reader()
        reader.feed(self.html)
        self.forms, self.title, self.text = reader.forms, reader.title.strip(), " ".join(reader.text)

    def form(self, **wanted):
        """The first form with a field like that."""
        for form in self.forms:
            if form.field(**wanted):
                return form
        return None

    @property
    def asks_password(self):
        return self.form(type="password") is not None

    @property
    def asks_code(self):
        return self.form(autocomplete="one-time-code") is not None

    def situation_form(self, identifiers):
        for form in self.forms:
            if any(choice["value"] in identifiers for choice in form.choices()):
                return form
        return None

    def __repr__(self):
        return f"{self.status} {self.url} “{self.title}” {self.text[:300]}"


class Arrived(Exception):
    """The browser was sent to an address of the client: the end of a flow."""

    def __init__(self, url):
        super().__init__(url)
        self.url = url


class Browser:
    """Follows redirects until a page, or until an address that starts with one of `until`."""

    def __init__(self, until=()):
        self.session = requests.Session()
        self.session.headers["Accept"] = "text/html,application/xhtml+xml"
        self.session.headers["Accept-Language"] = "fr"
        self.until = tuple(until)
        self.seen = []

    def open(self, url, method="get", **options):
        for _ in range(20):
            self.seen.append(url)
            response = self.session.request(method, url, allow_redirects=False, timeout=30, **options)
            if response.status_code not in REDIRECTS:
                return Page(response)
            url = urljoin(response.url, response.headers["Location"])
            if self.until and url.startswith(self.until):
                raise Arrived(url)
            if response.status_code not in (307, 308):
                method, options = "get", {}
        raise RuntimeError(f"too many redirects, the last to {url}")

    def submit(self, page, form, values=None, choice=None):
        """Sends a form as a browser would: hidden and text fields, the chosen one, and the button pressed."""
        body, button = [], None
        for field in form.fields:
            kind, name = field["type"], field["name"]
            if not name or kind in ("radio", "option", "checkbox", "image", "reset", "button") or kind == "submit":
                if kind == "submit" and name and button is None and choice is None:
                    button = (name, field["value"])
                continue
            body.append((name, (values or {}).get(name, field["value"])))
        if choice is not None:
            body.append((choice["name"], choice["value"]))
        if button:
            body.append(button)
        target = urljoin(page.url, form.action) if form.action else page.url
        headers = {"Origin": "{0.scheme}://{0.netloc}".format(urlsplit(page.url)), "Referer": page.url}
        if form.method == "post":
            return self.open(target, "post", data=body, headers=headers)
        return self.open(target, "get", params=body, headers=headers)

    # The steps of a sign-in, each from its page to the next.

    def give_password(self, page, login, password):
        form = page.form(type="password")
        secret = form.field(type="password")["name"]
        user = form.field(autocomplete="username") or form.field(type="text") or form.field(type="email")
        values = {secret: password}
        if user:
            values[user["name"]] = login
        return self.submit(page, form, values)

    def give_code(self, page, code):
        form = page.form(autocomplete="one-time-code")
        return self.submit(page, form, {form.field(autocomplete="one-time-code")["name"]: code})

    def choose_situation(self, page, identifier):
        form = page.situation_form([identifier])
        choice = next(c for c in form.choices() if c["value"] == identifier)
        return self.submit(page, form, choice=choice)

    def sign_in(self, url, account, authenticator):
        """From an authorization request through whatever is asked, with the person agreeing to all of it.

        Returns what was asked, in order, and the client's address the browser ended at.
        """
        asked = []
        situations = [s["id"] for s in account["situations"]]
        try:
            page = self.open(url)
            while len(asked) < 6:
                if page.asks_password:
                    asked.append("password")
                    page = self.give_password(page, account["login"], account["password"])
                elif page.asks_code:
                    asked.append("code")
                    page = self.give_code(page, authenticator.code())
                elif page.situation_form(situations):
                    asked.append("situation")
                    page = self.choose_situation(page, situations[0])
                elif form := next((f for f in page.forms if len(f.choices()) == 2), None):
                    # The first of two buttons is the one that return presses: to allow.
                    asked.append("consent")
                    page = self.submit(page, form)
                else:
                    break
        except Arrived as arrived:
            return asked, arrived.url
        raise RuntimeError(f"the sign-in ended elsewhere, after {asked}: {page}")
