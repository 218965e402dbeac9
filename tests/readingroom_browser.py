"""Pages of a reading room as Chromium makes them, scripts and all."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from lxml import html


def seen_in_browser(app: Any, paths: Iterable[str], folder: Path) -> list[html.HtmlElement]:
    """The documents at these paths after their scripts have run; `folder` is for the browser's own files."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        return [_seen(chromium, f"http://127.0.0.1:{port}{path}", folder) for path in paths]
    finally:
        server.should_exit = True
        thread.join()


def _seen(chromium: str, address: str, folder: Path) -> html.HtmlElement:
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        address,
    ]
    shown = subprocess.run(
        command, capture_output=True, timeout=60, check=True, env={**os.environ, "HOME": str(folder)}
    )
    return html.document_fromstring(shown.stdout.decode())
