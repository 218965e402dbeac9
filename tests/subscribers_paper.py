"""A newspaper on loopback with accounts: it knows its readers by a cookie that a form gives them."""

import base64
import gzip
import html
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from archive.corpus import Corpus
from crawler.verbs.init import make
from tests.listening_site import STORY, run
from tests.secrets_search import SECRETS

USER, PASSWORD = SECRETS["USER"], SECRETS["PASSWORD"]
MENU = '<nav class="account"><a href="/account">My account</a></nav>'
OFFER = '<section class="offer"><h2>Subscribe to read on</h2><p>Already a subscriber? Log in.</p></section>'
LOGIN = '[login]\npage = "{home}/login"\nform = "form#login"\ncheck = ".account"\n'


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def raw(self) -> bytes:
        return f"{self.method} {self.path} {self.headers}".encode() + self.body


@dataclass
class Answer:
    body: str | bytes = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    packed: bool = False


@dataclass
class Paper:
    """What the newspaper does; `pages` takes the place of a usual page."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)  # every secret that was set or shown
    pages: dict[str, Callable[[Asked], Answer]] = field(default_factory=dict)
    lives: int | None = None  # articles that a session gives before it ends
    user_field: str = "email"
    used: int = 0
    tls: bool = False

    @property
    def home(self) -> str:
        return f"https://localhost:{self.address.rpartition(':')[2]}" if self.tls else f"http://{self.address}"

    def paths(self, method: str | None = None) -> list[str]:
        return [each.path for each in self.asked if method in (None, each.method)]

    def knows(self, asked: Asked) -> bool:
        morsel = SimpleCookie(asked.headers.get("Cookie", "")).get("PAPERSESS")
        return morsel is not None and morsel.value in self.sessions

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        path = asked.path.partition("?")[0]
        if path in self.pages:
            return self.pages[path](asked)
        if path == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /private/\n", headers=(("Content-Type", "text/plain"),))
        if path == "/login":
            return self.form() if asked.method == "GET" else Answer(status=405)
        if path == "/login_check":
            return self.check(asked)
        if path in ("/", "/welcome"):
            return Answer(f"<html><body><h1>Gazette</h1>{MENU if self.knows(asked) else ''}</body></html>")
        if path == "/logout":
            self.sessions.clear()
            return Answer("bye")
        if path.startswith("/story/"):
            return self.story(asked)
        return Answer("nothing here", 404)

    def form(self, more: str = "") -> Answer:
        token = f"csrf_{secrets.token_hex(10)}"
        self.tokens.add(token)
        self.given.append(token)
        return Answer(
            f'<html><body><form action="/search"><input name="q"></form><form id="login" method="post"'
            f' action="/login_check"><input type="hidden" name="_token" value="{token}">'
            f'<input name="{self.user_field}" type="text"><input type="password" name="password">{more}'
            f'<button name="op" value="go">Log in</button></form><script>window.t="{token}"</script></body></html>'
        )

    def check(self, asked: Asked) -> Answer:
        sent = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        good = sent.get(self.user_field) == USER and sent.get("password") == PASSWORD and sent.get("op") == "go"
        if not good or sent.get("_token") not in self.tokens:
            return self.form()
        self.tokens.discard(sent["_token"])
        session = secrets.token_hex(12)
        self.sessions.add(session)
        self.given.append(session)
        self.used = 0
        return Answer(
            status=303,
            headers=(
                ("Set-Cookie", f"PAPERSESS={session}; Path=/; HttpOnly{'; Secure' * self.tls}"),
                ("Set-Cookie", "other=Zz9Yy8Xx7Ww6; Domain=elsewhere.example; Path=/"),
                ("Location", "/welcome"),
            ),
        )

    def story(self, asked: Asked) -> Answer:
        title = f"Story {asked.path.rpartition('/')[2]}"
        if self.lives is not None and self.used >= self.lives:
            self.sessions.clear()
        if not self.knows(asked):
            page = STORY.format(title=title, head="", more="").replace('ForFree":true', 'ForFree":false')
            begin = f"<p>This is how the story begins …</p>{OFFER}</article></main></body></html>"
            return Answer(page.partition("<p>")[0] + begin)
        self.used += 1
        page = STORY.format(title=title, head="", more="").replace("<main>", f"{MENU}<main>")
        return Answer(page, headers=(("Set-Cookie", f"seen={secrets.token_hex(8)}; Path=/"),))


def echoes(secret: str) -> str:
    """The secret as pages say it."""
    coded = base64.b64encode(secret.encode()).decode()
    entities = "".join(f"&#{ord(each)};" for each in secret)
    return (
        f"<p>{html.escape(secret)} {quote(secret, safe='')} {coded} {entities} {secret.upper()}</p>"
        f"<script>var a = {json.dumps(secret)}, b = {json.dumps(secret).replace('/', chr(92) + '/')}</script>"
    )


@contextmanager
def paper(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Paper]:
    ours = Paper(tls=tls is not None)

    class Conversation(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = ours.answer(Asked(self.command, self.path, dict(self.headers.items()), body))
            data = answer.body.encode() if isinstance(answer.body, str) else answer.body
            if answer.packed:
                data = gzip.compress(data)
            self.send_response(answer.status)
            if not any(name == "Content-Type" for name, _ in answer.headers):
                self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    class Listening(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust the certificate is none that a test need hear of."""

    with Listening((host, 0), Conversation) as listening:
        listening.daemon_threads = True
        if tls is not None:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        ours.address = f"{host}:{listening.server_address[1]}"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield ours
        listening.shutdown()


@dataclass(frozen=True)
class Subscription:
    """An outlet with a login. `values`: by the end of a variable's name, what the environment has for it."""

    paper: Paper
    paths: tuple[str, ...]
    login: str = LOGIN
    values: dict[str, str] = field(default_factory=lambda: {"USER": USER, "PASSWORD": PASSWORD})


def corpus_with(folder: Path, allow: Iterable[Paper] = (), **outlets: Subscription) -> Corpus:
    """A corpus that asks for these pages of each newspaper, with its login. `allow`: others that may be reached."""
    names = tuple(outlets)
    make(folder, contact="https://archive.example/", title="A test", outlets=names, topic=False, delay=0.02)
    for name, each in outlets.items():
        home = each.paper.home
        urls = [f"{home}{path}" for path in each.paths]
        (folder / "outlets" / f"{name}.toml").write_text(
            f'name = "{name}"\ntitle = "{name}"\nhome = "{home}/"\nlanguages = ["en"]\ndelay = 0.02\narticles = "/"\n'
            f'[[sources]]\nkind = "urls"\nurls = {json.dumps(urls)}\n{each.login.format(home=home)}',
            encoding="utf-8",
        )
    file = folder / "corpus.toml"
    addresses = [each.address for each in (*(one.paper for one in outlets.values()), *allow)]
    text = file.read_text(encoding="utf-8").replace(
        '# allow = ["127.0.0.1:8800"]', f"allow = {json.dumps(addresses)} #"
    )
    file.write_text(text, encoding="utf-8")
    return Corpus(folder)


def environment(**outlets: Subscription) -> dict[str, str]:
    return {
        f"HEMEROTECA_LOGIN_{name.upper()}_{end}": value
        for name, each in outlets.items()
        for end, value in each.values.items()
    }


def crawled(corpus: Corpus, *words: str, code: int | None = 0, **values: str) -> dict[str, Any]:
    """What `crawl --json` says."""
    said = run("hemeroteca", "crawl", *words, "--corpus", corpus.folder, "--json", code=code, **values)
    result: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return result


def outcomes(corpus: Corpus, outlet: str) -> dict[str, str]:
    """By path, of the articles of an outlet."""
    rows = corpus.database().query("SELECT url, outcome FROM leads WHERE kind = 'article' AND outlet = ?", [outlet])
    return {"/" + row["url"].split("/", 3)[3]: row["outcome"] for row in rows}
