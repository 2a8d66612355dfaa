"""A receiver of webhooks on this machine, which answers as it is told and remembers what it got."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    port: int = 0
    got: list[Got] = field(default_factory=list)
    status: Callable[[Got], int] = lambda got: 204
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def receiver(host: str = "127.0.0.1", **how) -> Iterator[Receiver]:
    its = Receiver(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            names = {name.lower(): value for name, value in self.headers.items()}
            got = Got(self.path, names, body, time.monotonic())
            its.got.append(got)
            time.sleep(its.delay)
            self.send_response(its.status(got))
            for name, value in {"Content-Length": "0", **its.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    its.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield its
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def trap() -> Iterator[tuple[int, list[str]]]:
    """A port on both loopbacks that counts who connects: nobody should."""
    four = socket.create_server(("127.0.0.1", 0))
    port = four.getsockname()[1]
    six = socket.create_server(("::1", port), family=socket.AF_INET6)
    seen: list[str] = []
    over = threading.Event()

    def watch(listening: socket.socket) -> None:
        listening.settimeout(0.1)
        while not over.is_set():
            try:
                connection, address = listening.accept()
            except TimeoutError:
                continue
            seen.append(str(address))
            connection.close()

    threads = [threading.Thread(target=watch, args=(s,), daemon=True) for s in (four, six)]
    for thread in threads:
        thread.start()
    try:
        yield port, seen
    finally:
        time.sleep(0.2)
        over.set()
        for thread in threads:
            thread.join()
        four.close()
        six.close()
