"""A crawl that is asked to stop: what waits is not asked for, what hangs is cut and kept as far as it came."""

import signal
import socket
import time
from pathlib import Path

import pytest

from tests.wire_crawl import OK, TEXT, Crawled, ended, records_in, requests, sized, started
from tests.wire_server import Script, WireServer, certificate

HELD = {
    "silence": Script(b"", "hold"),
    "head": Script(OK + b"Content-Type: ", "hold"),
    "sized": Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "hold"),
    "until-close": Script(OK + b"\r\n" + TEXT, "hold"),
}
QUICK = {"first": Script(sized(TEXT)), "waiting": Script(sized(TEXT)), "waiting-too": Script(sized(TEXT))}


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_stop_cuts_what_hangs_and_drops_what_waits(tls: bool, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, "localhost")
    server = WireServer({f"/{name}": script for name, script in {**HELD, **QUICK}.items()}, context if tls else None)
    base = f"{'https' if tls else 'http'}://localhost:{server.port}"
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections and says nothing, not even in TLS
        other = f"https://localhost:{deaf.getsockname()[1]}"
        # Each that hangs has a slot of its own; those that wait stand behind one of them
        held = {name.replace("-", "_"): {"meta": {"download_slot": name}} for name in HELD}
        asked = requests(base, ["silence"], **held)
        asked += requests(base, ["waiting", "waiting-too"], {"download_slot": "silence", "dont_retry": False})
        asked += requests(other, ["deaf"], {"download_slot": "deaf"})
        asked += requests(base, ["first", *list(HELD)[1:]], **held)
        slots = {"silence": {"concurrency": 1, "delay": 60, "jitter": 0}}
        process = started(tmp_path, asked, grace=0.5, DOWNLOAD_TIMEOUT=600, DOWNLOAD_SLOTS=slots)
        while not all(server.asked[f"/{name}"] for name in ("first", *HELD)):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        lines, logged = ended(process, "shutdown")
    assert "Traceback" not in logged
    assert not server.asked["/waiting"] + server.asked["/waiting-too"]
    assert [line["dropped"] for line in lines if "dropped" in line] == [2]
    assert [line["cut"] for line in lines if "cut" in line] == [len(HELD) + 1]
    found = Crawled(base, server, lines, records_in(tmp_path), [])
    assert found.blocks("response", "first") == [QUICK["first"].sent]
    for name, script in HELD.items():
        (end,) = found.ends(name)
        assert end["kind"] == "CrawlStopped"
        assert found.blocks("response", name) == ([script.sent] if script.sent else [])
        assert [each["truncated"] for each in found.exchanges(name)] == ["unspecified"] * bool(script.sent)
    for name in ("waiting", "waiting-too"):
        (end,) = found.ends(name)
        assert (end["kind"], end["of"]) == ("CrawlStopped", None)
    assert [line["kind"] for line in lines if line.get("error") == f"{other}/deaf"] == ["CrawlStopped"]
    assert {r.truncated for r in found.records if r.type == "response"} == {None, "unspecified"}
    assert not list(tmp_path.rglob("*.open"))
    server.close()
