"""The user's own account at a newspaper, as the environment gives it, and where it may be shown."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.errors import UsageError
from spiders.kit.login import Login, variable, variables
from spiders.kit.outlet import Outlet

Origin = tuple[str, str, int]  # scheme, host, port

_FIELD = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(\S[^\r\n]*)")  # RFC 9110 §5.1
_OURS = ("host", "content-length", "transfer-encoding", "connection", "cookie", "user-agent", "accept-encoding")


@dataclass(frozen=True, slots=True)
class Account:
    """What an account is shown with. `kind`: form, cookie or header. `header`: name and value of a field."""

    kind: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    cookie: str = field(default="", repr=False)
    header: tuple[str, str] | None = field(default=None, repr=False)


def account_of(outlet: Outlet, environment: Mapping[str, str]) -> Account | None:
    """The account whose values the environment has; None where the outlet has no login, or a value is missing.

    Raises UsageError for a cookie or a header field that cannot be sent.
    """
    if outlet.login is None:
        return None
    for kind in outlet.login.kinds:
        values = [environment.get(name, "") for name in variables(outlet.name, kind)]
        if all(value.strip() for value in values):
            return _account(outlet.name, kind, values)
    return None


def _account(outlet: str, kind: str, values: list[str]) -> Account:
    if kind == "form":
        return Account(kind, user=values[0], password=values[1])
    value = values[0].strip()
    if kind == "cookie":
        value = re.sub(r"^cookie:\s*", "", value, flags=re.IGNORECASE)
        if "=" not in value or not value.isprintable():
            raise UsageError(
                f"the environment's {variable(outlet, 'COOKIE')} is no cookie: write it as a browser sends it,"
                " name=value; name=value"
            )
        return Account(kind, cookie=value)
    found = _FIELD.fullmatch(value)
    if found is None or found[1].lower() in _OURS or not value.isprintable():
        raise UsageError(
            f"the environment's {variable(outlet, 'HEADER')} is no header field that can be added: write it as"
            " Name: value, such as Authorization: Bearer …"
        )
    return Account(kind, header=(found[1], found[2].rstrip()))


def missing(outlet: Outlet, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that a login begun in the environment lacks, or, where none of its variables is there, those of its
    first kind; () where it is complete, and without a login."""
    if outlet.login is None or account_of(outlet, environment) is not None:
        return ()
    lacking = {
        kind: tuple(name for name in variables(outlet.name, kind) if not environment.get(name, "").strip())
        for kind in outlet.login.kinds
    }
    begun = [names for kind, names in lacking.items() if len(names) < len(variables(outlet.name, kind))]
    return begun[0] if begun else next(iter(lacking.values()))


def is_begun(outlet: Outlet, environment: Mapping[str, str]) -> bool:
    """Whether the environment has any value for the outlet's login."""
    kinds = outlet.login.kinds if outlet.login else ()
    return any(environment.get(name, "").strip() for kind in kinds for name in variables(outlet.name, kind))


def origin_of(url: str) -> Origin | None:
    """Scheme, host and port of a web address (RFC 6454 §4); None for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port


def is_safe(origin: Origin, allow: Sequence[str]) -> bool:
    """Whether credentials may go there: over TLS, or on this machine where corpus.toml allows the address."""
    scheme, host, port = origin
    if scheme == "https":
        return True
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" and bool({f"127.0.0.1:{port}", f"[::1]:{port}"} & set(allow))
    return loopback and (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") in allow


def origins_of(outlet: Outlet, login: Login, allow: Sequence[str]) -> frozenset[Origin]:
    """Where the account may be shown: the outlet's home and its login page, as far as that is safe."""
    found = {origin_of(url) for url in (outlet.home, login.page) if url is not None}
    return frozenset(each for each in found if each is not None and is_safe(each, allow))
