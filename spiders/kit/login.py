"""The reader's own account at an outlet: where the form is and how a live session shows."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "form": ("USER", "PASSWORD"),
    "cookie": ("COOKIE",),
    "header": ("HEADER",),
}
"""How an account is shown to a newspaper, and the ends of the variables that hold what it takes."""

# Whole segments of a path only: an article may tell how to log out of something
_SIGN_OUT = re.compile(
    r"(?:log|sign)[-_]?(?:out|off)|(?:se[-_])?d[eé]connexion|(?:se[-_])?deconnecter|abmelden|cerrar[-_]?sesi[oó]n|cikis"
    r"|تسجيل[-_]الخروج",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:php|html?|aspx?|jsp|do)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in with the user's own account. Names no secret: those come from the environment only.

    `page`: the address of the page with the form; its action and hidden fields are read at run time. None where the
    account is shown by a cookie or a header field.
    `kind`: form, cookie or header; None: whichever the environment has the values for.
    `form`: CSS selector of the form; None: the only form with a password field.
    `user_field`: names of the field for the user, the first that the form has is taken; where it has none of them, its
    only field for a text.
    `password_field`: name of the field for the password; where the form has none of that name, its only one.
    `check`: CSS selector of something that a page shows while the session lives; None: nothing is known to
    show it.
    """

    page: str | None = None
    form: str | None = None
    user_field: tuple[str, ...] = ("username", "email", "name")
    password_field: str = "password"  # noqa: S105  # the name of a form field
    check: str | None = None
    kind: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are possible here, in the order in which the environment is asked for them."""
        if self.kind is not None:
            return (self.kind,)
        return tuple(kind for kind in KINDS if kind != "form" or self.page is not None)


def variable(outlet: str, end: str) -> str:
    """The environment's name for a part of an outlet's login: HEMEROTECA_LOGIN_AL_MONITOR_USER for al-monitor's."""
    return f"HEMEROTECA_LOGIN_{re.sub('[^A-Z0-9]', '_', outlet.upper())}_{end}"


def variables(outlet: str, kind: str) -> tuple[str, ...]:
    """The names of the variables that a login of this kind takes."""
    return tuple(variable(outlet, end) for end in KINDS[kind])


def signs_out(url: str) -> bool:
    """Whether an address ends a session: a segment of its path, or a word of its query, says so."""
    parts = urlsplit(url)
    said = [_EXTENSION.sub("", segment) for segment in unquote(parts.path).split("/")]
    said += [word for piece in unquote(parts.query).split("&") for word in piece.split("=")]
    return any(_SIGN_OUT.fullmatch(word) for word in said if word)
