"""Marks planted in every text of every row, so that any answer shows whose rows it was made from."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, models, transaction

from practice.models import Client, Member, User
from practice.reach import Reach
from tests.doors import drawers

MARK = re.compile(r"zq[0-9]{5}qz", re.IGNORECASE)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# Sums of money planted as such: 5 digits and cents, however a page groups them.
MONEY = re.compile(r"(?<![0-9])7[0-9][.,]?[0-9]{3}[.,][0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class Origin:
    """Where a value belongs: the places of its row, its model and field."""

    places: frozenset[str]
    model: str
    field: str


@dataclass
class Canaries:
    marks: dict[str, Origin] = field(default_factory=dict)
    money: dict[str, Origin] = field(default_factory=dict)
    ids: dict[str, Origin] = field(default_factory=dict)

    def text(self, origin: Origin, *, email: bool = False) -> str:
        mark = f"zq{len(self.marks):05}qz"
        self.marks[mark] = origin
        return f"{mark}@canary.test" if email else mark

    def sum(self, origin: Origin) -> Decimal:
        digits = str(70_000_00 + len(self.money) * 137 + 11)
        self.money[digits] = origin
        return Decimal(digits) / 100

    def found(self, text: str) -> Iterator[tuple[str, Origin]]:
        """Every planted value in an answer, with its origin. Ids come with the field name `id`."""
        for mark in set(MARK.findall(text)):
            if origin := self.marks.get(mark.lower()):
                yield mark.lower(), origin
        for found in set(MONEY.findall(text)):
            if origin := self.money.get(re.sub(r"[.,]", "", found)):
                yield found, origin
        for id in set(ID.findall(text)):
            if origin := self.ids.get(id.lower()):
                yield id.lower(), origin

    def values(self, model: str, column: str, place: str) -> list[str]:
        """The marks planted in one column of one place's rows."""
        wanted = (frozenset({place}), model, column)
        return [
            mark
            for mark, origin in self.marks.items()
            if (origin.places, origin.model, origin.field) == wanted
        ]


@dataclass
class Places:
    """Which client (or which practice, for rows of no client) a row speaks of, by following its foreign keys.

    On purpose not by its `reach`: what a model declares is what is being tested.
    """

    clients: dict[UUID, str]
    houses: dict[UUID, str]
    people: dict[str, str] = field(default_factory=dict)
    """Names by id; of others the id is the name."""

    def of(self, row: models.Model) -> frozenset[str]:
        if isinstance(row, User):
            return self._of_user(row)
        if isinstance(row, Client):
            return frozenset({self.clients[row.pk]})
        found = self._clients_of(row) or {self.houses[_practice_of(row)]}
        drawer, person = drawers.of(row), drawers.whose(row)
        if person:
            drawer = f"of {self.people.get(person, person)}"
        return frozenset(f"{place}, {drawer}" if drawer else place for place in found)

    def _clients_of(self, row: models.Model) -> set[str]:
        found = set()
        for key in row._meta.concrete_fields:
            target = getattr(key, "related_model", None)
            if target is Client and getattr(row, key.attname):
                found.add(self.clients[getattr(row, key.attname)])
        return found

    def _of_user(self, user: User) -> frozenset[str]:
        contact = user.contacts.first()
        if contact is not None:
            return frozenset({self.clients[contact.client_id]})
        return frozenset({self.houses[Member.objects.get(user=user).practice_id]})


def _practice_of(row: models.Model) -> UUID:
    return row.pk if row._meta.label == "practice.Practice" else row.practice_id


def plant(canaries: Canaries, places: Places, owned: Iterable[type[models.Model]]) -> None:
    """Overwrite every free text of every row, straight in the tables: no verb, no trimming, no rule in between."""
    for model in owned:
        for row in drawers.rows(model):
            origin_places = places.of(row)
            canaries.ids[str(row.pk)] = Origin(origin_places, model._meta.model_name, "id")
            if not getattr(model, "append_only", False) and not drawers.is_frozen(row):
                _overwrite(row, _values(canaries, row, origin_places))


def _overwrite(row: models.Model, values: dict[str, object]) -> None:
    """All at once; else column by column: a constraint that refuses one text (the holder of an empty seat) leaves the
    others."""
    if not _written(row, values):
        for name, value in values.items():
            _written(row, {name: value})


def _written(row: models.Model, values: dict[str, object]) -> bool:
    with contextlib.suppress(IntegrityError), transaction.atomic():
        if values:
            type(row)._default_manager.filter(pk=row.pk).update(**values)
        return True
    return False


def _values(canaries: Canaries, row: models.Model, where: frozenset[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for column in row._meta.concrete_fields:
        origin = Origin(where, row._meta.model_name, drawers.called(row, column.name))
        if isinstance(column, models.DecimalField):
            if column.max_digits - column.decimal_places >= DIGITS:
                values[column.name] = canaries.sum(origin)
        elif is_free_text(column):
            values[column.name] = canaries.text(origin, email=isinstance(column, models.EmailField))
    return values


# Before the point, of a planted sum.
DIGITS = 5
# Words with a meaning of their own: a mark in them would break the row, not show a leak.
MEANINGFUL = {"password", "secret_hash", "prefix", "kind", "credential", "nonce", "recipient"}
# Names that a data file gives the meaning.
WORDS = {
    # What names the moment, the event, the scope.
    "practice.Notice.occurrence",
    # Of a paper: its kind, the hash of its content, the class of what went wrong.
    "practice.Rendering.kind",
    "practice.Rendering.sha256",
    "practice.Rendering.fault",
    "practice.ReminderTimes.before",
    "practice.Feed.scope",
    "assessments.ClientFact.name",
    "assessments.Classification.lens_sha256",
    "assessments.VendorEvidence.item",
    "engagements.Right.code",
    "engagements.HandoverItem.key",
    "engagements.BillingLine.key",
    # What stands under it is what was read, offered, exported.
    "engagements.Charter.sha256",
    "engagements.BillingBatch.sha256",
    "engagements.BillingBatch.content",
    "deliverables.Decision.code",
    "deliverables.OwnKind.code",
    "deliverables.Deliverable.code",
    "deliverables.Deliverable.planned_as",
    "deliverables.Release.code",
    "deliverables.Release.sha256",
    "deliverables.Release.signature",
    "deliverables.DeliverableVersion.sha256",
    "deliverables.DeliverableVersion.media_type",
    "deliverables.Pack.key",
    "deliverables.BoardReport.quarter",
    "deliverables.BoardReport.sha256",
    "deliverables.BoardReport.log_head",
    "deliverables.BoardSection.key",
    "deliverables.BoardAsk.code",
    "deliverables.BoardAsk.hat",
    "deliverables.BoardAnswer.state",
    # Why an answer is in no log: a sentence of ours.
    "deliverables.BoardAnswer.not_logged",
    # What it ends in, and what is signed under it; a key is public.
    "deliverables.Chain.head",
    "deliverables.SigningKey.public_key",
    "deliverables.SigningKey.introduction",
    "deliverables.SigningKey.introduction_signature",
    # Names the other row together with its id.
    "engagements.TimeEntry.link_kind",
}


def is_free_text(column: models.Field) -> bool:
    if not isinstance(column, models.CharField | models.TextField) or column.choices:
        return False
    special = type(column) not in {models.CharField, models.TextField, models.EmailField}
    too_short = column.max_length is not None and column.max_length < 12
    return not (special or too_short or column.name in MEANINGFUL or str(column) in WORDS)


def owned_models(extra: Iterable[type[models.Model]] = ()) -> list[type[models.Model]]:
    """Every table of ours that belongs to a practice, and the people who sign in."""
    from practice.guards import tenant_models

    return [m for m in [*tenant_models(), User, *extra] if m is User or isinstance(m.reach, Reach)]
