"""No test reaches any host but this machine's loopback, nor does any Python process that a test starts.

Python imports a module of this name at its start; tests/conftest.py puts this folder on the path of its children.
"""

import ipaddress
import sys


class ReachedOut(AssertionError):
    """Something asked for a host that is not on this machine."""


def _only_loopback(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", errors="replace")
    if host in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(str(host).split("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise ReachedOut(f"{event} to {host!r}")


sys.addaudithook(_only_loopback)
