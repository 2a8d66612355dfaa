"""The database is the only schedule: nothing asks the broker to wait, and nothing but the nudge sends it a message."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from practice.celery import app
from tests.ops.serving import REPO

APPS = ("practice", "assessments", "engagements", "deliverables")
# A message that waits is lost with the broker, and may be run many times before it is due (docs/decisions/0004-agenda-and-outbox.md).
WAITING = {"eta", "countdown", "crontab", "solar"}
SENDING = {"delay", "apply_async", "send_task", "signature"}


def calls(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def words(source: str) -> Iterator[str]:
    """Of what is called, and of what is handed over by name."""
    yield from calls(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from (word.arg for word in node.keywords if word.arg)


def code() -> list[Path]:
    found = [path for name in APPS for path in (REPO / name).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def using(looked_for: set[str], look: Callable[[str], Iterator[str]]) -> set[str]:
    return {
        str(path.relative_to(REPO)) for path in code() if looked_for & set(look(path.read_text()))
    }


def test_nothing_asks_the_broker_to_wait() -> None:
    assert using(WAITING, words) == set()


def test_only_the_nudge_sends_messages() -> None:
    # A head carries a signature of its own, so only what is called counts.
    assert using(SENDING, calls) == {"practice/nudges.py"}


def test_the_words_would_be_found() -> None:
    """So that the two above cannot pass because they look at nothing."""
    sample = "tick.apply_async(eta=soon)\ntick.delay()\ncrontab(hour=3)"
    assert {"apply_async", "eta", "delay", "crontab"} <= set(words(sample))
    assert {"apply_async", "delay"} <= set(calls(sample))
    assert len(code()) > 50


def test_the_clock_sends_ticks_and_nothing_else() -> None:
    (entry,) = app.conf.beat_schedule.values()
    assert entry["task"] == "practice.tasks.tick"
    assert isinstance(entry["schedule"], float)
    assert (app.conf.timezone, app.conf.enable_utc) == ("UTC", True)
