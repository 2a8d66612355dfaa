"""One call of a webhook's address. Resolves once, checks every answer, connects to the IP it checked; never follows."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from practice.hooks.addresses import Ip, Network, NotReachable, Target, allowed

TIMEOUT = 20.0
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the class of what went wrong; never a text of the receiver's."""

    status: int | None
    fault: str = ""
    retry_after: str = ""
    took_ms: int = 0


def resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def call(
    target: Target,
    headers: dict[str, str],
    body: bytes,
    *,
    networks: tuple[Network, ...] = (),
    timeout: float = TIMEOUT,
    lookup: Resolve = resolve,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """POST the body. A fault of any kind is an answer too."""
    began = time.monotonic()
    try:
        ip = _checked(target, networks, lookup)
        connection = _Checked(target, ip, began + timeout, context)
        status, retry_after = _post(connection, headers, body)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        late = time.monotonic() - began >= timeout
        return Answer(None, "TimeoutError" if late else type(fault).__name__, "", _since(began))
    return Answer(status, "", retry_after, _since(began))


def _checked(target: Target, networks: tuple[Network, ...], lookup: Resolve) -> Ip:
    """One look-up for check and connection: a name that answers differently a moment later gains nothing."""
    # The zone of a scoped address ("fe80::1%eth0") is no part of it.
    ips = [
        ipaddress.ip_address(text.partition("%")[0]) for text in lookup(target.host, target.port)
    ]
    # One bad answer spoils the name: an honest receiver has none.
    if not ips or not all(allowed(ip, networks) for ip in ips):
        raise NotReachable
    return ips[0]


def _post(connection: "_Checked", headers: dict[str, str], body: bytes) -> tuple[int, str]:
    target = connection.target
    # A receiver that sends a byte now and then would outlive every timeout of a single read.
    watch = threading.Timer(max(connection.until - time.monotonic(), 0), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.request("POST", target.path, body, {**headers, "Host": target.named})
        answer = connection.getresponse()
        # The status is all that is wanted: the body is not read.
        return answer.status, answer.headers.get("Retry-After", "")[:40]
    finally:
        watch.cancel()
        connection.close()


class _Checked(http.client.HTTPConnection):
    """Goes to the IP that was checked, while Host and certificate are those of the name. Knows no proxy."""

    def __init__(
        self, target: Target, ip: Ip, until: float, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(target.host, target.port)
        self.target, self.ip, self.until = target, ip, until
        self.context = context

    def connect(self) -> None:
        left = max(self.until - time.monotonic(), 0.01)
        self.sock = socket.create_connection((str(self.ip), self.port), timeout=left)
        if self.target.scheme == "https":
            secure = (self.context or _trusting()).wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            # Where `cut` finds it, before the receiver can make us wait.
            self.sock = secure
            secure.do_handshake()

    def cut(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):
                # The plain socket's own, also under TLS: a polite goodbye would wait for the receiver.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@cache
def _trusting() -> ssl.SSLContext:
    """Reading the machine's certificates takes longer than most calls."""
    return ssl.create_default_context()


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
