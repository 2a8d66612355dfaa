"""What each kind of agenda entry causes and when, read from data/agenda.toml. Data; nothing here acts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from practice import book
from practice.registers import Register

if TYPE_CHECKING:
    from practice.access import Actor

FILE = Path(__file__).parent / "data" / "agenda.toml"


@dataclass(frozen=True)
class Reminder:
    before: timedelta
    to: str
    notice: str


@dataclass(frozen=True)
class Escalation:
    """Who hears of it besides when it stays open that long after its due moment."""

    after: timedelta
    to: str
    notice: str


@dataclass(frozen=True)
class DatedEffect:
    before: timedelta
    effect: str


@dataclass(frozen=True)
class Rule:
    label: str
    source: str = ""
    """The cadence it keeps, such as CAD-10; several with a comma."""
    client_label: str = ""
    """What the client's people read of it; empty: they do not see it."""
    client_reads_title: bool = False
    """Whether its titles are written for the client's people, too: then they read them in place of the label."""
    digest: bool = False
    """Whether its letters may wait for a person's digest."""
    by_hand: bool = False
    """Whether a person may say that it is done; otherwise only the work itself does."""
    clock: bool = False
    """Nobody owes anything: it only lets something happen. People read of it on the motion page alone."""
    obligation: bool = False
    """Whether the client itself must keep to it or renew it: its board report tells of it ahead."""
    latest: bool = False
    """Of what would be said of it to the same people after an outage, only the last is."""
    wired: bool = True
    """False: declared ahead of the rows it will be about. Nothing can be planned of it yet."""
    reminders: tuple[Reminder, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    effects: tuple[DatedEffect, ...] = ()

    @cached_property
    def said(self) -> tuple[Reminder, ...]:
        """Everything somebody is told: after the due moment is a negative length of time before it."""
        return (*self.reminders, *(Reminder(-e.after, e.to, e.notice) for e in self.escalate))

    @cached_property
    def offsets(self) -> tuple[timedelta, ...]:
        """All lengths of time before the due moment at which something happens, the earliest moment first."""
        found = {r.before for r in self.said} | {e.before for e in self.effects}
        return tuple(sorted(found, reverse=True))

    @cached_property
    def not_snoozed(self) -> tuple[timedelta, ...]:
        """The offsets that no snooze puts off: effects, and that others hear of what stays undone."""
        found = {e.before for e in self.effects} | {-e.after for e in self.escalate}
        return tuple(sorted(found, reverse=True))

    @cached_property
    def movable(self) -> tuple[tuple[str, str], ...]:
        """Who is told what ahead of time; what is only told at the due moment is no reminder but its news."""
        ahead = (r for r in self.reminders if r.before > timedelta(0))
        return tuple(dict.fromkeys((r.to, r.notice) for r in ahead))

    def moments(self, due_at: datetime) -> list[datetime]:
        """Every moment at which an entry due then causes something, in order."""
        return [due_at - before for before in self.offsets]

    def first_moment(self, due_at: datetime, at: datetime) -> datetime | None:
        """Reminders whose moment has passed are not sent late; what happens at the due moment always happens."""
        if due_at <= at and timedelta(0) in self.offsets:
            return due_at
        return next((moment for moment in self.moments(due_at) if moment > at), None)

    def told_at(self, offsets: Iterable[timedelta]) -> "Rule":
        """The same with a practice's own offsets."""
        own = [Reminder(before, *whom) for whom in self.movable for before in offsets]
        kept = [r for r in self.reminders if (r.to, r.notice) not in self.movable]
        return replace(self, reminders=(*own, *kept))


def client_title(kind: str, title: str) -> str:
    """What the client's people read of an entry: their label of its kind; the title is written for the practice."""
    rule = rules().get(kind)
    if rule is None or rule.client_reads_title:
        return title
    return rule.client_label or title


# Contributed, by kind: ids of the subjects whose entries this contact reads, where not everybody at the client does.
ADDRESSED: Register[Callable[["Actor"], Any]] = Register("whom entries are addressed to")


def addressed_to(actor: "Actor") -> Q:
    """Entries that a contact may read, of kinds that are not for everybody at the client."""
    found = Q()
    for kind in ADDRESSED:
        found &= ~Q(kind=kind) | Q(subject_id__in=ADDRESSED[kind](actor))
    return found


@cache
def of_the_clock() -> frozenset[str]:
    """Kinds that no list of what is due shows to people."""
    return frozenset(kind for kind, rule in rules().items() if rule.clock)


@cache
def obligations() -> frozenset[str]:
    """Kinds of what clients themselves must keep to."""
    return frozenset(kind for kind, rule in rules().items() if rule.obligation)


# Files of the same form that upper apps add in their apps.py, each with its own kinds.
CONTRIBUTED: list[Path] = []


@cache
def rules() -> dict[str, Rule]:
    """A kind belongs to one file; what was declared ahead gives way to the file that brings its rows."""
    ours, brought = book.tables(Rule, FILE), book.tables(Rule, *CONTRIBUTED)
    for kind in brought:
        if kind in ours and ours[kind].wired:
            raise book.BadBook(FILE, kind, "is declared in another file already")
    for kind, rule in (ours | brought).items():
        if rule.clock and (rule.said or rule.client_label or rule.by_hand or not rule.effects):
            raise book.BadBook(
                FILE, f"{kind}.clock", "is for kinds that have effects and nothing else"
            )
    return ours | brought
