"""What a login form sends is what a browser would send; what no reader would fill in is refused."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.kit.document import Document
from spiders.kit.login import Login, signs_out, variable
from spiders.kit.login_form import Form, NoForm, asks_for_password, login_form, tokens

PAGE = "https://gazette.example/users/login?next=/"
FIELDS = '<input name="email" type="email"><input name="password" type="password">'
LOGIN = Login(PAGE)


def found(body: str, login: Login = LOGIN, charset: str = "utf-8") -> Form | NoForm:
    page = f"<!doctype html><html><head>{{}}</head><body>{body}</body></html>".replace("{}", "")
    return login_form(Document(page.encode(charset), url=PAGE, content_type=f"text/html; charset={charset}"), login)


def form_of(body: str, login: Login = LOGIN, charset: str = "utf-8") -> Form:
    form = found(body, login, charset)
    assert isinstance(form, Form), form
    return form


def test_hidden_fields_and_the_default_button_are_sent_in_the_order_of_the_page() -> None:
    form = form_of(
        '<form method="POST" action="../check"><input type="hidden" name="csrf" value="a&amp;b">'
        f'<input name="off" disabled>{FIELDS}<input type="checkbox" name="stay" checked>'
        '<input type="checkbox" name="no"><select name="lang"><option value="fr">F<option value="en" selected>E'
        '</select><button type="button" name="x"></button><button name="op" value="in">In</button>'
        '<input type="submit" name="other" value="o"></form>'
    )
    assert form.action == "https://gazette.example/check"
    assert parse_qsl(form.filled("a@b.c", "p&ü=").decode(), keep_blank_values=True) == [
        ("csrf", "a&b"), ("email", "a@b.c"), ("password", "p&ü="), ("stay", "on"), ("lang", "en"), ("op", "in"),
    ]  # fmt: skip
    assert tokens(form) == ("a&b",)


@pytest.mark.parametrize(
    ("attributes", "action"),
    [
        ("", PAGE),
        ('action=""', PAGE),
        ('action="#"', PAGE),
        ('action="?a=1"', "https://gazette.example/users/login?a=1"),
        ('action="//other.example/x"', "https://other.example/x"),
    ],
)
def test_the_action_is_resolved_as_a_link_of_the_page(attributes: str, action: str) -> None:
    assert form_of(f'<form method="post" {attributes}>{FIELDS}</form>').action == action


def test_a_base_and_a_button_may_lead_elsewhere() -> None:
    base = '<base href="https://other.example/a/">'
    assert form_of(f'{base}<form method="post" action="b">{FIELDS}</form>').action == "https://other.example/a/b"
    button = '<button formaction="https://evil.example/">In</button>'
    assert form_of(f'<form method="post" action="/b">{FIELDS}{button}</form>').action == "https://evil.example/"


@pytest.mark.parametrize("name", ["username", "email", "name", "identifiant"])
def test_the_field_for_the_user_may_be_renamed(name: str) -> None:
    form = form_of(f'<form method="post"><input name="{name}"><input type="password" name="secret"></form>')
    assert (form.user_field, form.password_field) == (name, "secret")


def test_controls_outside_that_name_the_form_belong_to_it() -> None:
    form = form_of(f'<form id="f" method="post">{FIELDS}</form><input type="hidden" name="late" value="1" form="f">')
    assert form.hidden == (("late", "1"),)


def test_the_body_is_in_the_encoding_of_the_page() -> None:
    form = form_of(f'<p>Zürich</p><form method="post">{FIELDS}</form>', charset="iso-8859-1")
    assert form.filled("ü", "€").endswith(b"email=%FC&password=%80")
    form = form_of(f'<form method="post" accept-charset="UTF-8">{FIELDS}</form>', charset="iso-8859-1")
    assert form.filled("ü", "x") == b"email=%C3%BC&password=x"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<p>Please use our app.</p>", "no form with a password field"),
        (f'<form action="/a">{FIELDS}</form>', "put the password into the address"),
        (f'<form method="get">{FIELDS}</form>', "put the password into the address"),
        (f'<form method="post">{FIELDS}</form>' * 2, "2 such forms"),
        (f'<form method="post">{FIELDS}<input type="password" name="again"></form>', None),
        ('<form method="post"><input name="a"><input type="password" name="p"><input type="password" name="q"></form>',
         "has 2 password fields"),
        ('<form method="post"><input name="a"><input name="b"><input type="password" name="p"></form>',
         "no field for the user"),
        ('<form method="post"><input name="a"><input type="password"></form>', "no password field with a name"),
        (f'<form method="post">{FIELDS}<div class="h-captcha"></div></form>', "captcha"),
        (f'<form method="post">{FIELDS}<input name="captcha_code"></form>', "captcha"),
        (f'<form method="post" enctype="multipart/form-data">{FIELDS}</form>', "multipart/form-data"),
        (f'<form method="post" action="javascript:go()">{FIELDS}</form>', "no web address"),
    ],
)  # fmt: skip
def test_what_is_no_plain_login_form_is_refused(body: str, why: str | None) -> None:
    form = found(body)
    assert isinstance(form, NoForm) == (why is not None)
    assert why is None or why in getattr(form, "why", "")


def test_a_selector_chooses_among_forms() -> None:
    body = (
        f'<form method="post" id="a" action="/a">{FIELDS}</form><form method="post" id="b" action="/b">{FIELDS}</form>'
    )
    assert form_of(body, Login(PAGE, form="#b")).action == "https://gazette.example/b"
    assert isinstance(found(body, Login(PAGE, form="#c")), NoForm)


def test_a_password_field_is_seen() -> None:
    assert asks_for_password(Document(f"<form>{FIELDS}</form>", url=PAGE))
    assert not asks_for_password(Document("<form><input name='q'></form>", url=PAGE))


@given(st.text(max_size=400), st.text("<>/\"'= formpasswdtyneihculb\n", max_size=400))
def test_no_page_breaks_it(some: str, more: str) -> None:
    page = Document(f"<form method=post>{FIELDS}{some}{more}</form>", url=PAGE)
    assert isinstance(login_form(page, LOGIN), Form | NoForm)


@pytest.mark.parametrize(
    ("url", "out"),
    [
        ("https://g.example/logout", True),
        ("https://g.example/user/log-out/", True),
        ("https://g.example/compte/se-deconnecter", True),
        ("https://g.example/d%C3%A9connexion", True),
        ("https://g.example/signout.php?next=/", True),
        ("https://g.example/?action=logout", True),
        ("https://g.example/?logout", True),
        ("https://g.example/how-to-log-out-of-everything", False),
        ("https://g.example/2023/08/logoff-or-not", False),
        ("https://g.example/a?title=why+logout+matters", False),
        ("https://g.example/a", False),
    ],
)
def test_addresses_that_end_a_session_are_known(url: str, out: bool) -> None:
    assert signs_out(url) is out


@pytest.mark.parametrize(
    ("outlet", "name"),
    [
        ("mediapart", "HEMEROTECA_LOGIN_MEDIAPART_USER"),
        ("al-monitor", "HEMEROTECA_LOGIN_AL_MONITOR_USER"),
        ("le.monde_fr", "HEMEROTECA_LOGIN_LE_MONDE_FR_USER"),
        ("20minutes", "HEMEROTECA_LOGIN_20MINUTES_USER"),
    ],
)
def test_the_environment_s_names(outlet: str, name: str) -> None:
    assert variable(outlet, "USER") == name
