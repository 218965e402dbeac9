"""The form of a login page: which one it is, what it sends, and where to. Pure.

Read as a browser does (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2), and
refused where it is not what a reader would fill in: two forms, a captcha, a password in the address.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from lxml.html import HtmlElement

from spiders.kit.addresses import resolve
from spiders.kit.document import Document
from spiders.kit.login import Login

URLENCODED: Final = "application/x-www-form-urlencoded"
_TEXTS = ("", "text", "email", "tel", "search", "username")
_CAPTCHA = re.compile(r"captcha|cf-turnstile|cf-chl", re.IGNORECASE)
_TOKEN = re.compile(r"csrf|xsrf|token|nonce|authenticity|verification|build_id|_key|sess", re.IGNORECASE)
_MOST = 200  # fields; no login has more


@dataclass(frozen=True, slots=True)
class Form:
    """A login form as it stands in the page. `action`: where it is sent, by POST. `fields`: what it sends beside user
    and password, in order. `encoding`: of what is sent."""

    action: str
    fields: tuple[tuple[str, str], ...]
    user_field: str
    password_field: str
    encoding: str = "utf-8"

    def filled(self, user: str, password: str) -> bytes:
        """The body of the request."""
        given = {self.user_field: user, self.password_field: password}
        pairs = [(name, given.get(name, value)) for name, value in self.fields]
        return urlencode(pairs, encoding=self.encoding, errors="xmlcharrefreplace").encode("ascii")

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """What the page fills in by itself."""
        return tuple(pair for pair in self.fields if pair[0] not in (self.user_field, self.password_field))


@dataclass(frozen=True, slots=True)
class NoForm:
    """Why a page has no form that can be filled in."""

    why: str


def asks_for_password(page: Document) -> bool:
    """Whether the page has a form with a password field."""
    return bool(_with_password(page))


def login_form(page: Document, login: Login) -> Form | NoForm:
    """The form in which the outlet asks for user and password."""
    forms = _with_password(page)
    if login.form is not None:
        forms = [each for each in page.css(login.form) if each.tag == "form"]
        if not forms:
            return NoForm(f"the page has no form {login.form!r}")
    if not forms:
        return NoForm("the page has no form with a password field")
    if len(forms) > 1:
        return NoForm(f"the page has {len(forms)} such forms: name the right one as `form`, a CSS selector")
    form = forms[0]
    if _CAPTCHA.search(" ".join(value for each in form.iter() for value in _names(each))):
        return NoForm("the form asks for a captcha, which only a person can answer")
    controls = _controls(page, form)[:_MOST]
    passwords = [name for each in controls if (name := each.get("name")) and _type(each) == "password"]
    password = login.password_field if login.password_field in passwords else None
    if password is None and len(passwords) == 1:
        password = passwords[0]
    if password is None:
        said = f"has {len(passwords)} password fields" if passwords else "has no password field with a name"
        return NoForm(f"the form {said}, and none is called {login.password_field!r}")
    texts = [name for each in controls if (name := each.get("name")) and each.tag == "input" and _type(each) in _TEXTS]
    user = next((name for name in login.user_field if name in texts), texts[0] if len(set(texts)) == 1 else None)
    if user is None:
        return NoForm(f"the form has no field for the user called {' or '.join(map(repr, login.user_field))}")
    return _sent(page, form, controls, user, password)


def _with_password(page: Document) -> list[HtmlElement]:
    found = [each for each in page.doc.iter("form") if any(_type(one) == "password" for one in each.iter("input"))]
    return found[:_MOST]


def _sent(page: Document, form: HtmlElement, controls: list[HtmlElement], user: str, password: str) -> Form | NoForm:
    button = next((each for each in controls if _type(each) in ("submit", "image")), None)
    said: dict[str, str] = {
        key: (button.get(f"form{key}") if button is not None else None) or form.get(key) or ""
        for key in ("action", "method", "enctype")
    }
    if said["method"].strip().lower() != "post":
        return NoForm("the form would put the password into the address, or is sent by a script")
    if said["enctype"].strip().lower() not in ("", URLENCODED):
        return NoForm(f"the form is sent as {said['enctype'][:60]!r}, which is not known here")
    base = next((resolve(each.get("href", ""), page.url) for each in page.doc.iter("base") if each.get("href")), None)
    action = resolve(said["action"], base or page.url) if said["action"].strip() else page.url
    if action is None:
        return NoForm("the form is sent to no web address, so a script sends it")
    encoding = _encoding(form.get("accept-charset", "")) or (page.charset if page.charset != "str" else "utf-8")
    fields = [pair for each in controls for pair in _pairs(each, button)]
    return Form(action, tuple(fields), user, password, "utf-8" if encoding.startswith("utf-16") else encoding)


def _encoding(accepted: str) -> str | None:
    for name in accepted.replace(",", " ").split():
        try:
            "".encode(name)
        except LookupError:
            continue
        return name
    return None


def _controls(page: Document, form: HtmlElement) -> list[HtmlElement]:
    """The controls of a form that count, in the order of the page: those inside, and those that name it."""
    own = form.get("id")
    found = []
    for each in page.doc.iter("input", "select", "textarea", "button"):
        owner = each.get("form")
        inside = owner == own if owner is not None else any(above is form for above in each.iterancestors("form"))
        if inside and each.get("disabled") is None and not any(
            above.get("disabled") is not None for above in each.iterancestors("fieldset")
        ):  # fmt: skip
            found.append(each)
    return found


def _pairs(control: HtmlElement, button: HtmlElement | None) -> list[tuple[str, str]]:
    """What a control sends."""
    name, kind = control.get("name"), _type(control)
    if not name or kind in ("reset", "button", "file", "image"):
        return []
    if kind == "submit" and control is not button:
        return []
    if kind in ("checkbox", "radio"):
        return [(name, control.get("value", "on"))] if control.get("checked") is not None else []
    if control.tag == "textarea":
        return [(name, control.text_content())]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [each for each in options if each.get("selected") is not None]
        if control.get("multiple") is None:
            chosen = chosen[-1:] or options[:1]
        return [(name, each.get("value", each.text_content().strip())) for each in chosen]
    return [(name, control.get("value", ""))]


def _type(control: HtmlElement) -> str:
    if control.tag == "button":
        return str(control.get("type") or "submit").strip().lower()
    return str(control.get("type") or "").strip().lower() if control.tag == "input" else ""


def _names(element: HtmlElement) -> list[str]:
    """What an element is called, and where the script in it comes from."""
    return [value for key in ("name", "id", "class", "src") if (value := element.get(key))]


def tokens(form: Form) -> tuple[str, ...]:
    """The values that the form fills in for this visit alone, by the names of their fields."""
    return tuple(value for name, value in form.hidden if value and _TOKEN.search(name))
