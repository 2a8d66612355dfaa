"""Asking at a door as somebody, and judging the answer: marks of others in it, or a difference that tells."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db import transaction

from practice.models import AgendaEntry, Event, Notice, Replay
from tests.callers import Caller
from tests.doors.canaries import Origin
from tests.doors.who import SEES, Sees
from tests.doors.world import PLACES, World

# What differs between any two answers without telling anything.
PASSING = re.compile(
    r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|"csrfmiddlewaretoken":\s*"[^"]*"'
    r'|data-csrf="[^"]*"|csrftoken[^;]*'
)
TOLD_BY = ("Content-Type", "Location", "ETag", "Allow", "WWW-Authenticate", "Retry-After", "Link")
# Another way to look at a table holds what the table holds.
TABLES = {"inboxitem": "notice", "delivery": "notice"}
READS = {"GET", "HEAD", "OPTIONS"}
MISSING_ID = "0199aaaa-0000-7000-8000-00000000dead"
MISSING_MARK = "zq99999qz"


@dataclass(frozen=True, order=True)
class Finding:
    door: str
    actor: str
    what: str


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    told: tuple[str, ...]
    sent: tuple[str, ...]

    def alike(self) -> tuple[Any, ...]:
        """What must be the same for another's and for nobody's value. Done work differs in what was done."""
        if 200 <= self.status < 300 and self.sent[0] not in READS:
            return (self.status,)
        return (self.status, self._blanked(self.text), self._blanked("\n".join(self.told)))

    def _blanked(self, text: str) -> str:
        text = PASSING.sub("", text)
        for value in sorted(self.sent[1:], key=len, reverse=True):
            for form in (value, quote(value), quote(value, safe="")):
                text = re.sub(re.escape(form), "(sent)", text, flags=re.IGNORECASE)
        return text


@dataclass
class Asker:
    """One actor, going round."""

    world: World
    actor: str
    caller: Caller
    findings: set[Finding] = field(default_factory=set)
    share: float = 1.0
    own_name: str = ""
    """What the credential itself is called."""
    probes: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    """Columns whose values were shown to this actor rightly: a walk that sees nothing proves nothing."""

    @property
    def sees(self) -> Sees:
        return SEES[self.actor]

    def takes(self, *what: object) -> bool:
        """A fixed sample of the matrix, the same in every run."""
        ticket = zlib.crc32(repr((self.actor, *what)).encode()) % 1000
        return ticket < self.share * 1000

    def takes_turn(self, *what: object) -> bool:
        """What need not be asked by everybody: by one of all actors in turn, and by the sample."""
        turn = zlib.crc32(repr(what).encode()) % len(SEES)
        return list(SEES)[turn] == self.actor or self.takes(*what)

    def ask(
        self,
        door: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        sent: tuple[str, ...] = (),
        form: dict[str, Any] | None = None,
        **headers: str,
    ) -> Answer:
        """One probe. `sent` are the values under test: the caller knew them, so their echo tells nothing."""
        self.probes += 1
        with transaction.atomic():
            before = () if method in READS else _footprint()
            if form is not None:
                response = self.caller.browser.post(path, form)
            else:
                response = self.caller.call(method, path, body, **headers)
            changed = bool(before) and _footprint() != before
            transaction.set_rollback(True)
        if changed and response.status_code >= 400:
            self.found(door, f"changes something and answers {response.status_code}")
        text = _text(response)
        told = tuple(f"{name}: {response[name]}" for name in TOLD_BY if response.has_header(name))
        answer = Answer(response.status_code, text, told, (method, *sent))
        known = f"{path} {body} {form} {self.own_name}".lower()
        for value, origin in self.world.canaries.found(text + "\n" + "\n".join(told)):
            if self.sees.allows(origin):
                self.seen.add((origin.model, origin.field))
            elif value not in known:
                self.found(door, f"shows {origin.model}.{origin.field} of {_named(origin)}")
        # A throttled walk would see nothing and call it clean.
        if answer.status >= 500 or answer.status == 429:
            self.found(door, f"answers {answer.status}")
        return answer

    def differ(self, door: str, what: str, one: Answer, other: Answer) -> bool:
        """Is another's value answered differently from nobody's?"""
        if one.alike() == other.alike():
            return False
        self.found(door, f"{what} ({one.status} and {other.status})")
        return True

    def found(self, door: str, what: str) -> None:
        self.findings.add(Finding(door, self.actor, what))

    def hidden_rows(self, model: str) -> Iterator[tuple[str, str]]:
        """Place and id of rows of a model that do not exist for this actor."""
        for (place, kind), row in self.world.rows.items():
            origin = self.world.canaries.ids.get(str(row.pk))
            if kind == model and origin and not self.exists(origin):
                yield place, str(row.pk)

    def exists(self, origin: Origin) -> bool:
        return self.sees.allows(Origin(origin.places, origin.model, "version"))

    def hidden_marks(self, model: str, column: str) -> list[str]:
        """Values of a column that this actor must not learn of, one per place."""
        model = TABLES.get(model, model)
        found = {
            origin.places: mark
            for mark, origin in self.world.canaries.marks.items()
            if (origin.model, origin.field) == (model, column) and not self.sees.allows(origin)
        }
        # First the places that have a row of everything: a mark that no row leads to finds nothing.
        order = sorted(found, key=lambda places: (not places <= set(PLACES), sorted(places)))
        return [found[places] for places in order]

    def own_place(self) -> str:
        """Where this actor has rows, if anywhere."""
        for place in ("orchard", "quarry", "harbour"):
            if place in self.sees.places:
                return place
        return "orchard"


def _footprint() -> tuple[int, ...]:
    """Every change of ours writes an event; notices, replays and agenda entries come beside them."""
    return tuple(model.objects.count() for model in (Event, Notice, Replay, AgendaEntry))


def _named(origin: Origin) -> str:
    return " and ".join(sorted(origin.places))


def _text(response: Any) -> str:
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.content.decode("utf-8", "replace")
