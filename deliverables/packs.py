"""Packs of an engagement: opening one of the catalogue, putting one together by hand, changing and removing it.

What is in one and what is missing is read in pack_pieces.py; the archive is made in pack_files.py.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from deliverables import catalogue
from deliverables.models import Deliverable, OwnKind, Pack, PackShare
from deliverables.models.packs import OWN
from engagements.models import Engagement
from practice import access, rows
from practice.access import Actor
from practice.refusals import Conflict, Invalid, Taken

MOST_PIECES = 60
LONGEST_TITLE = 120


class PackOfTheCatalogue(Conflict):
    code = "pack_of_the_catalogue"
    sentence = "The catalogue says what is in this pack. Make one of your own to choose."


class PackWasShared(Conflict):
    code = "pack_was_shared"
    sentence = "A link to this pack was given out. Revoke the link; the pack stays on record."


def open_of_catalogue(
    engagement: Engagement, *, key: str, by: Actor, at: datetime.datetime
) -> Pack:
    """Fill a pack of the catalogue for this engagement. There is one of each."""
    access.require(by, "pack", "add")
    found = catalogue.catalogue().packs.get(key)
    if found is None:
        raise Invalid({"key": [f"One of: {', '.join(catalogue.catalogue().packs)}."]})
    taken = Taken("This pack is open for this engagement already.", "key")
    says = {"key": key, "title": found.label, "pieces": list(found.kinds)}
    return _add(engagement, says, "pack.opened", by=by, at=at, taken=taken)


def make(
    engagement: Engagement,
    *,
    title: str,
    pieces: Iterable[str],
    by: Actor,
    at: datetime.datetime,
) -> Pack:
    """A pack of one's own choice: kinds of deliverables by their codes, in the order in which they are read."""
    access.require(by, "pack", "add")
    says = {"key": OWN, "title": _title(title), "pieces": _pieces(engagement, pieces)}
    return _add(engagement, says, "pack.made", by=by, at=at)


def begin(
    engagement: Engagement,
    *,
    key: str = OWN,
    title: str = "",
    pieces: Iterable[str] = (),
    by: Actor,
    at: datetime.datetime,
) -> Pack:
    """Open a pack of the catalogue by its key, or without one make a pack of one's own."""
    if key == OWN:
        return make(engagement, title=title, pieces=pieces, by=by, at=at)
    if title or list(pieces):
        raise Invalid({"key": ["A pack of the catalogue brings its own title and pieces."]})
    return open_of_catalogue(engagement, key=key, by=by, at=at)


def change(
    pack: Pack,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Pack:
    """Another title or other pieces, of a pack of one's own."""
    access.require(by, "pack", "change")
    with transaction.atomic():
        pack = access.get(by, Pack, pack.pk, lock=True)
        if pack.key != OWN:
            raise PackOfTheCatalogue
        if "title" in changes:
            changes["title"] = _title(changes["title"])
        if "pieces" in changes:
            changes["pieces"] = _pieces(pack.engagement, changes["pieces"])
        return rows.change(pack, changes, by=by, at=at, kind="pack.changed", expected=expected)


def remove(pack: Pack, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> None:
    """Take a pack away that nobody outside was ever given. The deliverables in it stay."""
    access.require(by, "pack", "change")
    with transaction.atomic():
        # The same row that a link is added under, so that none comes in between.
        pack = access.get(by, Pack, pack.pk, lock=True)
        if PackShare.objects.filter(pack=pack).exists():
            raise PackWasShared
        rows.remove(pack, by=by, at=at, kind="pack.removed", expected=expected)


def unopened(engagement: Engagement) -> dict[str, str]:
    """The catalogue's packs that this engagement has not opened: label by key."""
    there = set(Pack.objects.filter(engagement=engagement).values_list("key", flat=True))
    known = catalogue.catalogue().packs
    return {key: pack.label for key, pack in known.items() if key not in there}


def choices(engagement: Engagement) -> dict[str, str]:
    """Kinds that a pack of one's own may hold: title by code. A retired one, where it is owed here."""
    known = {code: kind.title for code, kind in catalogue.kinds().items()}
    owed = Deliverable.objects.filter(engagement=engagement).exclude(own_kind=None)
    used = set(owed.values_list("own_kind_id", flat=True))
    own = OwnKind.objects.filter(practice_id=engagement.practice_id).order_by("code")
    return known | {
        kind.code: kind.title for kind in own if kind.retired_at is None or kind.pk in used
    }


def _add(
    engagement: Engagement,
    says: dict[str, Any],
    kind: str,
    *,
    by: Actor,
    at: datetime.datetime,
    taken: Taken | None = None,
) -> Pack:
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk)
        row = Pack(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            **says,
        )
        return rows.add(row, by=by, at=at, kind=kind, taken=taken)


def _title(given: str) -> str:
    title = " ".join(given.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"From 1 to {LONGEST_TITLE} characters."]})
    return title


def _pieces(engagement: Engagement, given: Iterable[str]) -> list[str]:
    codes = list(given)
    if not 1 <= len(codes) <= MOST_PIECES:
        raise Invalid({"pieces": [f"From 1 to {MOST_PIECES} kinds of deliverables."]})
    if len(set(codes)) < len(codes):
        raise Invalid({"pieces": ["Each of them once."]})
    unknown = [code for code in codes if code not in choices(engagement)]
    if unknown:
        raise Invalid({"pieces": [f"There is no such kind here: {code}" for code in unknown[:5]]})
    return codes
