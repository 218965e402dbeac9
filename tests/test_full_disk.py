"""A disk that is full stops a crawl cleanly; after room is made the same command completes (G4)."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.torture import witness
from tests.torture.newspaper import Newspaper, corpus_of
from tests.torture.proof import prove
from tests.warm import CHECKOUT

UNDER_WAY = 9  # requests that may be with the newspaper, or wait for their turn, when the disk is found full


def stopped(folder: Path, code: int, said: str) -> None:
    """What a full disk leaves: the code, one message, whole records, sound databases, no traceback anywhere."""
    log = (folder / "crawl.log").read_text() if (folder / "crawl.log").exists() else ""
    assert code == 4, said + log
    assert said.startswith("hemeroteca: no room left")
    assert said.count("\n") == 1, said
    assert "Traceback" not in log
    assert "Error" not in log
    files = [path for path in folder.rglob("*.warc.gz*") if not path.name.endswith(".cdxj")]
    assert files, "the disk was full before anything was recorded"
    for path in files:
        assert list(witness.records(path))
    for name in ("corpus.db", "state.db"):
        with sqlite3.connect(folder / name) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.close()


def can_mount() -> bool:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.parametrize(
    ("articles", "large", "size"),
    [(36, 12, "4m"), (130, 0, "3m")],
    ids=["large answers fill it", "the databases fill it"],
)
def test_a_small_disk(tmp_path: Path, articles: int, large: int, size: str) -> None:
    if not can_mount():
        pytest.skip("a small disk is a tmpfs in a mount namespace, and that needs root")
    kept = tmp_path / "kept"
    with Newspaper(articles, large, size=500_000) as newspaper:
        source = corpus_of(newspaper, tmp_path / "source")
        done = subprocess.run(
            ["unshare", "--mount", sys.executable, "-m", "tests.torture.small_disk", str(source), str(kept), size],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        first, second = json.loads(done.stdout)
        stopped(kept / "1" / "corpus", first["code"], first["said"])
        assert second["code"] == 0, second
        assert prove(newspaper, kept / "2" / "corpus", UNDER_WAY) == []


@pytest.mark.parametrize(
    ("articles", "large", "limit"),
    [(24, 8, 1_800_000), (100, 0, 600_000)],
    ids=["the WARC file reaches it", "the database reaches it"],
)
def test_a_limit_on_the_size_of_files(tmp_path: Path, articles: int, large: int, limit: int) -> None:
    """RLIMIT_FSIZE needs no root. SQLite tells of it as an error of the disk."""
    if large and can_mount():
        pytest.skip("large answers fill a small disk here, which is the same and more like it")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with Newspaper(articles, large, size=500_000) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")

        def crawl(**more: Any) -> tuple[int, str]:
            command = [sys.executable, "-m", "hemeroteca", "crawl", "--corpus", str(folder), "--json"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
            return done.returncode, done.stderr

        code, said = crawl(preexec_fn=limited)
        stopped(folder, code, said)
        assert crawl()[0] == 0
        assert prove(newspaper, folder, UNDER_WAY) == []
