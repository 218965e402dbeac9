"""The guard of conftest.py itself."""

import socket
import subprocess
import sys

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_out(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(AssertionError, match=r"socket\.connect"):
        client.connect((host, 80))


def test_names_are_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="getaddrinfo"):
        socket.getaddrinfo("www.example.org", 443)


def test_nor_does_a_process_that_a_test_starts() -> None:
    program = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ReachedOut" in done.stderr
