"""Crawls on a disk of a few MiB until it is full, makes room, and crawls again. Needs a mount namespace of its own:
`unshare --mount python -m tests.torture.small_disk CORPUS KEPT SIZE`, as 6m.

The corpus is moved to a small tmpfs. Its state after each crawl is copied to KEPT/1 and KEPT/2; standard output tells
how each crawl ended.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

LARGE = "size=300m"


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
    source, kept, size = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    disk = kept / "disk"
    disk.mkdir(parents=True)
    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk))
    folder = Path(shutil.copytree(source, disk / "corpus"))
    first = crawl(folder, kept / "1" / "corpus")
    mount("-o", f"remount,{LARGE}", str(disk))
    second = crawl(folder, kept / "2" / "corpus")
    sys.stdout.write(json.dumps([first, second]))
