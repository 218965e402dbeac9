"""What was taken down is never asked for again: announced anew, named by a person, or with the frontier lost."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from archive.corpus import Corpus
from archive.custody import verify
from archive.takedown import plan, take_down
from crawler.readers import ReaderPool
from tests.takedown_corpus import REASON, with_words
from tests.torture.newspaper import Newspaper
from tests.warm import run


class Weekly(Newspaper):
    """Says in its sitemaps that everything has changed, once `changed` is set."""

    changed: str | None = None

    def announcement(self, path: str) -> tuple[str, bytes] | None:
        found = super().announcement(path)
        if found is None or self.changed is None or not path.startswith("/sitemap"):
            return found
        return found[0], found[1].replace(b"</loc>", f"</loc><lastmod>{self.changed}</lastmod>".encode())


def crawl(folder: Path) -> None:
    done = run("crawl", "--corpus", folder, "--json", env={**os.environ, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["errors"] == 0


def test_a_further_crawl_does_not_ask_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    with Weekly(articles=5, large=0) as paper:
        (folder / "outlets").mkdir(parents=True)
        (folder / "outlets" / "reports.toml").write_text(paper.outlet())
        (folder / "corpus.toml").write_text(
            'title = "Reports"\ncontact = "https://archive.example/"\noutlets = ["reports"]\n'
            f'[network]\nallow = ["{paper.address}"]\n'
        )
        crawl(folder)
        named, listed, *others = paper.articles.values()
        corpus = Corpus(folder)
        assert set(paper.requests().values()) == {1}
        words = [named.first, named.last, listed.first, listed.last]
        assert {"corpus.db"} < set(with_words(folder, *words))
        with closing(corpus.database()) as db:
            plans = [plan(corpus, db, each.url) for each in (named, listed)]
        with corpus.lock():
            take_down(corpus, plans, REASON, datetime.now(UTC))
        assert with_words(folder, *words) == {}
        for lost in (False, True):
            paper.changed = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            if lost:
                for left in folder.glob("state.db*"):
                    left.unlink()
            crawl(folder)
            asked = paper.requests()
            assert (asked[named.url], asked[listed.url]) == (1, 1)
            assert lost or {asked[each.url] for each in others} == {2}  # the others were asked for again
        assert with_words(folder, *words) == {}
        with closing(corpus.database()) as db:
            rows = db.execute(
                "SELECT outcome, reason, title, capture_id FROM leads WHERE url IN (?, ?)", [named.url, listed.url]
            ).fetchall()
        assert rows == [("skipped", f"taken down: {REASON}", None, None)] * 2
    with ReaderPool(corpus, 1) as pool:
        assert verify(corpus, pool.entries).proven
