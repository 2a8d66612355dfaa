"""Calling a WSGI application without a server, and timing several of them in turns."""

import gc
import io
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Call:
    """One GET to one application, as often as wanted."""

    application: Application
    path: str
    key: str
    query: str = ""

    def __call__(self) -> bytes:
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_AUTHORIZATION": f"Bearer {self.key}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        answer = self.application(environ, lambda line, headers: status.append(line))
        try:
            body = b"".join(answer)
        finally:
            # As a server does: Django gives its connection back here.
            close = getattr(answer, "close", None)
            if close:
                close()
        if status != ["200 OK"]:
            raise AssertionError(f"{self.path} answered {status}: {body[:300]!r}")
        return body


@dataclass(frozen=True)
class Timed:
    cpu_ms: list[float]
    """Per call, one entry for each round."""
    wall_ms: list[float]

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpu_ms)

    @property
    def wall(self) -> float:
        return statistics.median(self.wall_ms)


def in_turns(calls: Mapping[str, Call], *, rounds: int, each: int) -> dict[str, Timed]:
    """Each round times every call, in changing order, so that a slow second hits them all alike."""
    names = list(calls)
    timed = {name: Timed([], []) for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            cpu, wall = _time(calls[name], each)
            timed[name].cpu_ms.append(cpu)
            timed[name].wall_ms.append(wall)
    return timed


def _time(call: Call, each: int) -> tuple[float, float]:
    for _ in range(3):
        call()
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(each):
        call()
    return (
        (time.process_time() - cpu) * 1000 / each,
        (time.perf_counter() - wall) * 1000 / each,
    )


@dataclass(frozen=True)
class Ratio:
    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(over: list[float], under: list[float]) -> Ratio:
    """Round by round, then the median: what slows a whole round down cancels out."""
    found = sorted(a / b for a, b in zip(over, under, strict=True))
    return Ratio(statistics.median(found), found[0], found[-1])


def statements(call: Call) -> int:
    """With BEGIN and COMMIT, which Django notes among its queries."""
    call()
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)
