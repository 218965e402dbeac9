"""The wheel: built, installed into an empty environment, and used from another directory."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

PAGE = """<!doctype html><html lang="en"><head><title>An invented story | Replica</title>
<meta property="og:type" content="article"><meta property="article:published_time" content="2023-08-04T07:32:00Z">
</head><body><main><article><h1>An invented story</h1>
<p>All of this text is invented for a test of the wheel, and it is long enough to be taken for an article by a reader
that knows nothing about the newspaper from which it does not come.</p>
<p>A second paragraph says a little more, so that there is a body with two blocks and nobody has to guess.</p>
</article></main></body></html>"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment that sees the dependencies and not the checkout."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
    )
    library = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    # A path in a .pth file is searched, and the .pth files in it are not followed: the checkout stays unseen.
    (Path(library) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin" / "hemeroteca"


def test_nothing_but_hemeroteca_at_the_top(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"hemeroteca", next(top for top in tops if top.endswith(".dist-info"))}
    for needed in (
        "hemeroteca/crawler/cli.py",
        "hemeroteca/spiders/mediapart.py",
        "hemeroteca/archive/example/niger-coup-2023.toml",
        "hemeroteca/crawler/press/fleuve.toml",
        "hemeroteca/crawler/press/texts/mediapart-2023-07.toml",
    ):
        assert needed in names
    assert any(name.startswith("hemeroteca/archive/readingroom/templates/") for name in names)
    assert any(name.startswith("hemeroteca/archive/readingroom/static/") for name in names)


def test_the_command_of_the_wheel(command: Path, tmp_path: Path) -> None:
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    version = subprocess.run(
        [command, "--version"], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True
    )
    assert version.stdout.startswith("hemeroteca 0.")
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    read = subprocess.run(
        [command, "read", page, "--url", "https://replica.example/story"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    row = json.loads(read.stdout)
    assert row["title"] == "An invented story"
    assert len(row["paragraphs"]) == 2
    where = subprocess.run(
        [command.parent / "python", "-c", "import hemeroteca; print(hemeroteca.__file__)"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not Path(where.stdout.strip()).is_relative_to(CHECKOUT)
