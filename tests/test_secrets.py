"""What is said holds no secret: texts, logs, and files that a person wrote."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.corpus import Corpus
from archive.errors import BadCorpusFile, UsageError
from archive.withhold import MARKER, REQUEST_FIELDS, RESPONSE_FIELDS, names_user, withhold, without_user
from crawler.process import check_proxies
from crawler.redaction import clean, secret_values, told, untraced
from crawler.verbs.init import make
from spiders.kit.addresses import resolve, shown, web_link
from spiders.kit.outlet import Feed, Outlet
from spiders.kit.toml_outlet import load_outlet

WORD = "Gargoyle-77"


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """The variables for a while; for property tests, which may not use a fixture per example."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@pytest.mark.parametrize(
    "text",
    [
        f"no answer from http://reader:{WORD}@gazette.example/a",
        f"//reader:{WORD}@gazette.example/a",
        f"https:\\\\reader:{WORD}@gazette.example/a",
        f"http://{WORD}@gazette.example",
        f"b'http://reader:a@{WORD}@gazette.example/a'",
        f"http://reader:with/{WORD}@gazette.example/a",
        f"u=http%3A%2F%2Freader%3A{WORD}%40gazette.example%2Fa",
        f"u=http%253a%252f%252freader%253a{WORD}%2540gazette.example",
        f"http://reader%3A{WORD}%40gazette.example/",
        f'{{"u": "http:\\/\\/reader:{WORD}@gazette.example\\/"}}',
        f"Authorization: Bearer {WORD}",
        f"proxy-authorization: Basic {WORD}",
        f"GET / HTTP/1.1\r\nCookie: a=b;\r\n id={WORD}\r\nHost: x",
        f"GET /\\r\\nCookie: id={WORD}\\r\\n",
        f"{{b'Set-Cookie': [b'a=]b', b'id={WORD}; Path=/'], b'Host': [b'x']}}",
        f'{{"cookie": "a=\\"b\\"; id={WORD}"}}',
        f"[('Authorization', 'Basic {WORD}')]",
    ],
)
def test_addresses_and_credential_fields_are_cleaned(text: str) -> None:
    shown = clean(text)
    assert WORD not in shown
    assert MARKER.decode() in shown


@pytest.mark.parametrize(
    "text",
    [
        "https://gazette.example:8443/@author/a?b=c@d",
        "http://[2001:db8::1]:80/a@b",
        "user agent hemeroteca/0.1.0 (+desk@gazette.example)",
        "the cookie wall stands in place of the text",
        "http://gazette.example/;a=1,b=2 took 3:20 // and so on",
    ],
)
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


SPELLINGS = (
    str,
    lambda value: quote(value, safe=""),
    lambda value: quote(value).lower() if value.isascii() and value.islower() else quote(value),
    quote_plus,
    lambda value: quote(quote(value, safe=""), safe=""),
    json.dumps,
    lambda value: json.dumps(value, ensure_ascii=False),
    repr,
    lambda value: repr(value.encode()),
    lambda value: b64encode(f"reader:{value}".encode()).decode(),
    lambda value: b64encode(f"somebody else:{value}".encode()).decode(),
)


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=8, max_size=20), st.sampled_from(SPELLINGS)
)
def test_a_password_is_found_in_every_spelling(password: str, spell: object) -> None:
    said = spell(password)  # type: ignore[operator]
    assume("answer" not in said and len(said.strip("\"'b")) > 4)
    with environment(HEMEROTECA_LOGIN_GAZETTE_USER="reader", HEMEROTECA_LOGIN_GAZETTE_PASSWORD=password):
        shown = clean(f"the answer was <{said}>, no answer")
    assert password not in shown
    assert said.strip("\"'b") not in shown
    assert MARKER.decode() in shown


def test_every_variable_of_a_login_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_COOKIE", "consent=1; MPSESSID=0a1b2c3d4e")
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_USER", "anna")
    monkeypatch.setenv("https_proxy", "http://desk:pass%40word@127.0.0.1:3128")
    assert clean("session 0a1b2c3d4e of anna") == "session [withheld] of [withheld]"
    assert clean("annals of anna") == "annals of [withheld]"
    assert "pass@word" not in clean("proxy says pass@word")
    assert b64encode(b"desk:pass@word").decode() not in clean(f"sent Basic {b64encode(b'desk:pass@word').decode()}")
    assert b"0a1b2c3d4e" in secret_values()
    assert b"pass@word" not in secret_values()


def test_secrets_in_a_request_are_withheld_wherever_they_stand() -> None:
    asked = b"POST /a?k=sesame-1 HTTP/1.1\r\nHost: h\r\nX-Api-Key: sesame-1\r\nCookie: a\r\n\tb\r\n\r\nuser=u"
    kept = withhold(asked, REQUEST_FIELDS, body=True, values=[b"sesame-1"])
    assert kept == (
        b"POST /a?k=[withheld] HTTP/1.1\r\nHost: h\r\nX-Api-Key: [withheld]\r\nCookie: [withheld]\r\n\r\n[withheld]"
    )


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("line", [b"Set-Cookie: id=1", b"SET-COOKIE : id=1", b"A: b\r\r\n\r\r\nSet-Cookie2: id=1"])
def test_set_cookie_is_withheld_however_it_is_written(before: bytes, line: bytes) -> None:
    block = before + b"HTTP/1.1 200 OK\r\n" + line + b"\r\nServer: s\r\n\r\nSet-Cookie: id=1"
    kept = withhold(block, RESPONSE_FIELDS)
    assert kept.partition(b"\r\n\r\n")[0].count(b"id=1") == 0
    assert kept.endswith(b"\r\nServer: s\r\n\r\nSet-Cookie: id=1")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_what_names_no_credentials_is_kept_byte_for_byte(data: bytes) -> None:
    assert withhold(data, frozenset()) == data


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("http://u:p@h.example/a@b", "http://h.example/a@b"),
        ("HTTPS://u:p@x@h.example", "HTTPS://h.example"),
        ("//u:p@h.example/a", "//h.example/a"),
        ("http:\\\\u:p@h.example", "http:\\\\h.example"),
        ("http:u:p@h.example", "http:h.example"),
        ("ftp://u:p@h.example/", "ftp://h.example/"),
        ("https://h.example/a@b?c=http://d@e", "https://h.example/a@b?c=http://d@e"),
        ("mailto:a@h.example", "mailto:a@h.example"),
        ("a@b", "a@b"),
    ],
)
def test_addresses_without_their_user(url: str, bare: str) -> None:
    assert without_user(url) == bare
    assert without_user(bare) == bare


@pytest.mark.parametrize(
    "link",
    [
        f"ftp://u:{WORD}@h.example/a", f"http://u:{WORD}/x@h.example/", f"u:{WORD}@h.example/a", f"http://u:{WORD}@[x/",
        f"//u:{WORD}@h.example:port/", f"http:\\\\u:{WORD}@a b/",
    ],
)  # fmt: skip
def test_a_refused_link_is_kept_without_what_may_be_a_password(link: str) -> None:
    assert resolve(link) is None
    assert WORD not in shown(link)


@pytest.mark.parametrize(
    "link", ["mailto:a@h.example", "javascript:write('a@b')", "data:text/plain,a@b", "tel:1", "/a/@b", "a@b"]
)
def test_other_links_are_kept_whole(link: str) -> None:
    assert shown(link) == link


@settings(deadline=None)
@given(st.text("aA0:@/\\?#%.-[] \n\té", max_size=30), st.sampled_from(["http://", "https:", "//", "/", "", "HTTP:\\"]))
def test_no_address_of_ours_names_a_user(rest: str, begin: str) -> None:
    for found in (resolve(begin + rest, "https://g.example/"), web_link(begin + rest, "https://g.example/")):
        assert found is None or "@" not in found.split("?")[0].split("#")[0].split("/")[2]


def test_tracebacks_become_one_line() -> None:
    try:
        try:
            {}["inner"]
        except KeyError as error:
            raise ValueError("a sentence\nof two lines") from error
    except ValueError as error:
        line = told(error)
    assert line.startswith("ValueError: a sentence of two lines (tests/test_secrets.py:")
    assert "; from KeyError: 'inner' (tests/test_secrets.py:" in line
    trace = "Traceback (most recent call last):\n  File x\n    y\n--- <exception caught here> ---\n  z\n"
    whole = f"Unhandled Error\n{trace}builtins.E: m\n"
    assert untraced(whole) == "Unhandled Error\nbuiltins.E: m"
    assert "Traceback" not in untraced("said 'Traceback (most recent call last):\\n  File'")


LOGGING = """
import asyncio, logging, sys, threading, warnings
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from twisted.internet.defer import Deferred
from twisted.python import log as old
from twisted.python.failure import Failure
from crawler import redaction

redaction.install()
configure_logging(Settings({"LOG_FILE": sys.argv[1] or None, "LOG_LEVEL": "DEBUG"}))
URL = "http://reader:Gargoyle-77@gazette.example/"
def fail():
    raise ValueError(f"cannot read {URL} with Gargoyle-77")
log = logging.getLogger("scrapy.core")
log.error("one %s", URL)
log.error("two %(u)s", {"u": URL}, stack_info=True)
log.error("three %s %s", URL)
try:
    fail()
except ValueError as error:
    log.exception("four")
    old.err(Failure(error), "five")
    log.error("six", exc_info=(type(error), error, error.__traceback__))
warnings.warn(f"seven {URL}")
thread = threading.Thread(target=fail, name="eight")
thread.start(); thread.join()
class Nine:
    def __del__(self):
        fail()
Nine()
deferred = Deferred(); deferred.addCallback(lambda _: fail()); deferred.callback(None); del deferred
async def ten():
    asyncio.get_running_loop().call_exception_handler({"message": f"ten {URL}", "exception": ValueError(URL)})
asyncio.run(ten())
logging.getLogger("eleven").handlers.append(logging.StreamHandler())
logging.getLogger("eleven").error(URL)
"""


@pytest.mark.parametrize("to_file", [True, False])
def test_no_logger_says_a_secret_or_shows_a_traceback(tmp_path: Path, to_file: bool) -> None:
    file = tmp_path / "crawl.log"
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, str(file) if to_file else ""],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HEMEROTECA_LOGIN_GAZETTE_PASSWORD": "Gargoyle-77", "PYTHONWARNINGS": "default"},
    )
    said = done.stdout + done.stderr + (file.read_text(encoding="utf-8") if to_file else "")
    assert "Gargoyle-77" not in said
    assert "Traceback" not in said
    assert said.count("ValueError: cannot read http://[withheld]@gazette.example/ with [withheld]") >= 5
    for word in ("one", "two", "three", "four", "five", "six", "seven", "ten http://[withheld]@gazette.example/"):
        assert word in said


def test_a_log_that_cannot_be_written_is_no_traceback(tmp_path: Path) -> None:
    """The file is longer than this process may write: each write fails as on a full disk."""
    file = tmp_path / "crawl.log"
    with file.open("wb") as stream:
        stream.truncate(4_000_000)
    program = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n" + LOGGING
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stderr


OUTLET = """name = "g"
title = "G"
home = "https://g.example/"
languages = ["en"]
"""


@pytest.mark.parametrize(
    ("more", "key"),
    [
        (f'[login]\npage = "https://g.example/login"\npassword = "{WORD}"', "login.password"),
        (f'[login]\npage = "https://g.example/login"\nuser = "{WORD}"', "login.user"),
        (f'[login]\npage = "https://reader:{WORD}@g.example/login"', "login.page"),
        (f'password = "{WORD}"', "password"),
        (f'api_key = "{WORD}"', "api_key"),
        (f'[[sources]]\nkind = "feed"\nurl = "https://reader:{WORD}@g.example/feed"', "sources.url"),
        (f'[[sources]]\nkind = "feed"\nurl = "https://reader:{WORD}/x@g.example/feed"', "sources.url"),
        (f'[[sources]]\nkind = "urls"\nurls = ["https://g.example/", "//{WORD}@g.example/b"]', "sources.urls"),
        (f'[[sources]]\nkind = "listing"\nurl = "https://reader:{WORD}@g.example/?p={{page}}"', "sources.url"),
        (f'[[sources]]\nkind = "feed"\nurl = "https://g.example/feed"\ncookie = "{WORD}"', "sources.cookie"),
    ],
)
def test_an_outlet_file_holds_no_credentials(tmp_path: Path, more: str, key: str) -> None:
    file = tmp_path / "g.toml"
    file.write_text(OUTLET + more, encoding="utf-8")
    with pytest.raises(BadCorpusFile) as error:
        load_outlet(file)
    said = str(error.value)
    assert repr(key) in said
    assert WORD not in said
    assert "HEMEROTECA_LOGIN_" in said or "no http or https address" in said
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if WORD in text)
    assert f"g.toml:{line}:" in said


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{WORD}"',
        f'[network]\nproxy_password = "{WORD}"',
        f'operator = "https://reader:{WORD}@g.example/"',
    ],
)
def test_corpus_toml_holds_no_credentials(tmp_path: Path, line: str) -> None:
    make(tmp_path / "c", contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    file = tmp_path / "c" / "corpus.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("[network]", line) if line.startswith("[") else f"{line}\n{text}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadCorpusFile, match="HEMEROTECA_LOGIN_") as error:
        _ = Corpus(tmp_path / "c").settings
    assert WORD not in str(error.value)


def test_an_outlet_in_python_holds_no_credentials() -> None:
    with pytest.raises(BadCorpusFile, match="HEMEROTECA_LOGIN_") as error:
        Outlet("g", "G", "https://g.example/", ("en",), (Feed(f"https://reader:{WORD}@g.example/feed"),))
    assert WORD not in str(error.value)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy"])
@pytest.mark.parametrize("value", [f"http://desk:{WORD}/x@127.0.0.1:3128", f"desk:{WORD}:x", f"http://desk:{WORD}"])
def test_the_address_of_a_proxy_that_would_be_misread_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is no address of a proxy") as error:
        check_proxies({name: value})
    assert WORD not in str(error.value)


@pytest.mark.parametrize("value", ["http://desk:a%40b@127.0.0.1:3128", "127.0.0.1:3128", "http://proxy.example", ""])
def test_a_proxy_may_need_a_password(value: str) -> None:
    check_proxies({"HTTP_PROXY": value, "NO_PROXY": "a@b/c"})
    assert names_user(value) == ("@" in value)
