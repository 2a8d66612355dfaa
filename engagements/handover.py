"""The handover checklist: what is passed on when a seat goes to a hire of the client's own or an engagement ends."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db import transaction

from engagements.models import Engagement, HandoverItem, Stage
from engagements.models.base import Point
from engagements.spectrum import DATA
from practice import access, book, keys, rows
from practice.access import Actor
from practice.registers import Register

FILE = DATA / "handover.toml"


@dataclass(frozen=True)
class Item:
    label: str
    points: tuple[str, ...] = ()


# Contributed: further items of one engagement, by key, as they are to be ticked off (the open decisions, say).
ITEMS: Register[Callable[[Engagement], dict[str, str]]] = Register("handover items")


@cache
def items() -> dict[str, Item]:
    return book.tables(Item, FILE)


def make(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """Make the checklist, or add what it lacks. The verbs that end an engagement or fill the seat call this."""
    there = set(HandoverItem.objects.filter(engagement=engagement).values_list("key", flat=True))
    for key, label in _wanted(engagement).items():
        if key not in there:
            item = HandoverItem(
                practice_id=engagement.practice_id,
                client_id=engagement.client_id,
                engagement=engagement,
                key=key,
                label=label,
            )
            rows.add(item, by=access.on_own_authority(by), at=at, kind="handover.item_added")


def tick(
    item: HandoverItem,
    *,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> HandoverItem:
    """This was handed over. By a key it is said in the name of who made the key."""
    access.require(by, "handover", "change")
    with transaction.atomic():
        item = access.get(by, HandoverItem, item.pk, lock=True)
        who = keys.stands_for(by, item.engagement.lead)
        done = {"done_at": at, "done_by": who, "note": note.strip()}
        # The first to say so did it.
        changes = {"note": note.strip()} if item.done_at else done
        # A key that is limited to a client sees no members; who it stands for is named all the same.
        kind, own = "handover.item_done", access.on_own_authority(by)
        return rows.change(item, changes, by=own, at=at, kind=kind, expected=expected)


def untick(
    item: HandoverItem, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> HandoverItem:
    """It was not handed over after all."""
    access.require(by, "handover", "change")
    changes = {"done_at": None, "done_by": None}
    return rows.change(
        item, changes, by=by, at=at, kind="handover.item_reopened", expected=expected
    )


def _wanted(engagement: Engagement) -> dict[str, str]:
    last = Stage.objects.filter(engagement=engagement).order_by("since_on", "id").last()
    point = last.point if last else ""
    wanted = {
        key: item.label for key, item in items().items() if point in (item.points or (point,))
    }
    for key in ITEMS:
        wanted |= ITEMS[key](engagement)
    return wanted


def unsound() -> Iterator[book.BadBook]:
    try:
        found = items()
    except book.BadBook as bad:
        yield bad
        return
    for key, item in found.items():
        for point in set(item.points) - set(Point.values):
            yield book.BadBook(FILE, f"{key}.points", f"there is no point {point}")
