"""No line of a log holds a secret or a traceback, whoever writes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.redaction import told, untraced


def test_tracebacks_become_one_line() -> None:
    try:
        try:
            {}["inner"]
        except KeyError as error:
            raise ValueError("a sentence\nof two lines") from error
    except ValueError as error:
        line = told(error)
    assert line.startswith("ValueError: a sentence of two lines (tests/test_secrets_log.py:")
    assert "; from KeyError: 'inner' (tests/test_secrets_log.py:" in line
    trace = "Traceback (most recent call last):\n  File x\n    y\n--- <exception caught here> ---\n  z\n"
    whole = f"Unhandled Error\n{trace}builtins.E: m\n"
    assert untraced(whole) == "Unhandled Error\nbuiltins.E: m"
    assert "Traceback" not in untraced("said 'Traceback (most recent call last):\\n  File'")


LOGGING = """
import asyncio, logging, sys, threading, warnings
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging
from twisted.internet.defer import Deferred
from twisted.python import log as old
from twisted.python.failure import Failure
from crawler import redaction

redaction.install()
configure_logging(Settings({"LOG_FILE": sys.argv[1] or None, "LOG_LEVEL": "DEBUG"}))
URL = "http://reader:Gargoyle-77@gazette.example/"
def fail():
    raise ValueError(f"cannot read {URL} with Gargoyle-77")
log = logging.getLogger("scrapy.core")
log.error("one %s", URL)
log.error("two %(u)s", {"u": URL}, stack_info=True)
log.error("three %s %s", URL)
try:
    fail()
except ValueError as error:
    log.exception("four")
    old.err(Failure(error), "five")
    log.error("six", exc_info=(type(error), error, error.__traceback__))
warnings.warn(f"seven {URL}")
thread = threading.Thread(target=fail, name="eight")
thread.start(); thread.join()
class Nine:
    def __del__(self):
        fail()
Nine()
deferred = Deferred(); deferred.addCallback(lambda _: fail()); deferred.callback(None); del deferred
async def ten():
    asyncio.get_running_loop().call_exception_handler({"message": f"ten {URL}", "exception": ValueError(URL)})
asyncio.run(ten())
logging.getLogger("eleven").handlers.append(logging.StreamHandler())
logging.getLogger("eleven").error(URL)
"""


@pytest.mark.parametrize("to_file", [True, False])
def test_no_logger_says_a_secret_or_shows_a_traceback(tmp_path: Path, to_file: bool) -> None:
    file = tmp_path / "crawl.log"
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, str(file) if to_file else ""],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HEMEROTECA_LOGIN_GAZETTE_PASSWORD": "Gargoyle-77", "PYTHONWARNINGS": "default"},
    )
    said = done.stdout + done.stderr + (file.read_text(encoding="utf-8") if to_file else "")
    assert "Gargoyle-77" not in said
    assert "Traceback" not in said
    assert said.count("ValueError: cannot read http://[withheld]@gazette.example/ with [withheld]") >= 5
    for word in ("one", "two", "three", "four", "five", "six", "seven", "ten http://[withheld]@gazette.example/"):
        assert word in said


def test_a_log_that_cannot_be_written_is_no_traceback(tmp_path: Path) -> None:
    """The file is longer than this process may write: each write fails as on a full disk."""
    file = tmp_path / "crawl.log"
    with file.open("wb") as stream:
        stream.truncate(4_000_000)
    program = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n" + LOGGING
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stderr
