"""Credentials have no place in what a person wrote for a corpus, and a proxy's address is read as it was meant."""

from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.errors import BadCorpusFile, UsageError
from archive.withhold import names_user
from crawler.process import check_proxies
from crawler.verbs.init import make
from spiders.kit.outlet import Feed, Outlet
from spiders.kit.toml_outlet import load_outlet

WORD = "Gargoyle-77"

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
