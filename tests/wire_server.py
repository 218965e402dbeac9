"""A server that knows nothing of HTTP: it sends the bytes it was given and ends the connection as it was
told.
"""

import socket
import ssl
import struct
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Script:
    """What is sent for a path, and then: keep, close (in order), cut (TLS without close_notify), reset, hold,
    flood (the last byte again and again), once (the next request on the connection gets no answer)."""

    sent: bytes
    ending: str = "keep"
    piece: int = 1 << 20


class WireServer:
    """`asked` holds the request bytes of every path in their order, `over` the number of the connection that each came
    over; `connections` counts the accepted ones, `secured` holds TLS version and cipher of each.
    """

    def __init__(self, scripts: dict[str, Script], context: ssl.SSLContext | None = None) -> None:
        self.scripts = scripts
        self.asked: dict[str, list[bytes]] = defaultdict(list)
        self.over: dict[str, list[int]] = defaultdict(list)
        self.unanswered: list[bytes] = []
        self.connections = 0
        self.secured: list[tuple[str | None, str]] = []
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def plain(self, path: str, host: str, method: str = "GET") -> bytes:
        """What a plain socket gets for a request of `path`."""
        request = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Plain: 1\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            if self._context is None:
                return _everything(connection, request)
            anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
            with anyone.wrap_socket(connection) as secure:
                return _everything(secure, request)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, accepted: socket.socket, number: int) -> None:
        with suppress(OSError), accepted:
            accepted.settimeout(10)
            if self._context is None:
                self._answer(accepted, number)
            else:
                with self._context.wrap_socket(accepted, server_side=True) as connection:
                    cipher = connection.cipher()
                    self.secured.append((connection.version(), cipher[0] if cipher else ""))
                    self._answer(connection, number)

    def _answer(self, connection: socket.socket, number: int) -> None:
        while request := _request(connection):
            path = request.split(b" ")[1].decode()
            plain = b"X-Plain" in request
            if not plain:
                self.asked[path].append(request)
                self.over[path].append(number)
            script = self.scripts[path]
            for at in range(0, len(script.sent), script.piece):
                connection.sendall(script.sent[at : at + script.piece])
                if len(script.sent) > script.piece:
                    time.sleep(0.001)
            if self._end(connection, "close" if plain else script.ending, script.sent[-1:]):
                return

    def _end(self, connection: socket.socket, ending: str, last: bytes) -> bool:
        if ending == "keep":
            return False
        if ending == "flood":
            while not self._stopping.is_set():
                connection.sendall(last * 65536)
        if ending == "hold":
            connection.recv(1)
        if ending == "once":
            self.unanswered.append(_request(connection))
        if ending == "reset":
            time.sleep(0.1)  # what was sent before is to arrive
            raw = socket.socket(fileno=connection.detach())
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
        if ending == "close" and isinstance(connection, ssl.SSLSocket):
            connection.settimeout(0.2)
            with suppress(OSError):
                connection.unwrap()
        return True


def _everything(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    got = b""
    with suppress(OSError):
        while piece := connection.recv(65536):
            got += piece
    return got


def _request(connection: socket.socket) -> bytes:
    """One request with its body; empty where the client has none."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(1) if got.endswith(b"\r") else connection.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", 0)):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class TunnelServer:
    """An HTTP proxy that knows CONNECT only, and leads every name to one port of this machine."""

    def __init__(self, port: int) -> None:
        self.asked: list[bytes] = []
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(connection,), daemon=True).start()

    def _tunnel(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, socket.create_connection(("127.0.0.1", self._to)) as server:
            self.asked.append(_request(connection))
            connection.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(server, connection), daemon=True)
            back.start()
            _pass_on(connection, server)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `names`, none for a certificate that says no name, and the file of the authority that
    vouches for it.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    building = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    if names:
        also = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        building = building.add_extension(also, critical=False)
    made = building.sign(key, hashes.SHA256())
    public, private = folder / "press.pem", folder / "press.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
