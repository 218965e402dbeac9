"""Names of a hostile web, for a crawl in a process of its own: HOSTILE_WEB names a file that says where they lead.

The file is JSON. `names`: the addresses of each name, once per resolution, the last ones for good. `leads`: the
loopback address that stands for a public one. Beside it a file .log gets a line for each connection that was tried.
Connections elsewhere than to this machine fail, as in every test.
"""

import json
import os
import runpy
import socket
from collections import Counter
from pathlib import Path

runpy.run_path(str(Path(__file__).resolve().parents[2] / "loopback_only" / "sitecustomize.py"))

_FILE = Path(os.environ["HOSTILE_WEB"])
_SAID = json.loads(_FILE.read_text(encoding="utf-8"))
_ASKED: Counter = Counter()
_usual, _connect = socket.getaddrinfo, socket.socket.connect_ex


def _resolve(host, port, *more, **named):  # type: ignore[no-untyped-def]
    name = host.decode("ascii") if isinstance(host, bytes) else host.encode("idna").decode("ascii")
    answers = _SAID["names"].get(name.rstrip(".").lower())
    if answers is None:
        return _usual(host, port, *more, **named)
    addresses = answers[min(_ASKED[name], len(answers) - 1)]
    _ASKED[name] += 1
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (each, port, 0, 0))
        if ":" in each
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
        for each in addresses
    ]


def _lead(self, address):  # type: ignore[no-untyped-def]
    with _FILE.with_suffix(".log").open("a", encoding="utf-8") as log:
        log.write(f"{address[0]}\n")
    return _connect(self, (_SAID["leads"].get(address[0], address[0]), *address[1:]))


socket.getaddrinfo = _resolve
socket.socket.connect_ex = _lead  # type: ignore[method-assign]
