"""Crawls on a disk of 6 MiB until it is full, makes room, and crawls again. Needs a mount namespace of its own:
`unshare --mount python -m tests.torture.small_disk CORPUS KEPT`.

The corpus is moved to a small tmpfs. Its state after each crawl is copied to KEPT/1 and KEPT/2; standard output tells
how each crawl ended.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

SMALL, LARGE = "size=6m", "size=300m"


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def crawl(folder: Path, kept: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "hemeroteca", "crawl", "--corpus", str(folder), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.copytree(folder, kept)
    return {"code": done.returncode, "said": done.stderr}


if __name__ == "__main__":
    source, kept = map(Path, sys.argv[1:])
    disk = kept / "disk"
    disk.mkdir(parents=True)
    mount("-t", "tmpfs", "-o", SMALL, "tmpfs", str(disk))
    folder = Path(shutil.copytree(source, disk / "corpus"))
    first = crawl(folder, kept / "1" / "corpus")
    mount("-o", f"remount,{LARGE}", str(disk))
    second = crawl(folder, kept / "2" / "corpus")
    sys.stdout.write(json.dumps([first, second]))
