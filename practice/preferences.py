"""When a person wants to hear of things: digest, quiet hours, time zone. The moments are pure; `choose` is the verb."""

import copy
import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from practice import access, events
from practice.access import Actor
from practice.models import Contact, Member, Notice, Preference, User
from practice.models.base import known_zone
from practice.quarters import local_moment
from practice.refusals import Invalid, NotAllowed

Digest = Preference.Digest
FIELDS = ("digest", "digest_hour", "digest_day", "quiet_from", "quiet_until")
# The practice's own people want to know at once; a client's executives are not to be bothered more than daily.
DEFAULT = {"member": Digest.IMMEDIATE, "contact": Digest.DAILY}


@dataclass(frozen=True)
class Choice:
    """One person's choices, with the zone that their hours are meant in."""

    digest: str
    digest_hour: int
    digest_day: int
    quiet_from: datetime.time | None
    quiet_until: datetime.time | None
    zone: str

    def next_digest(self, at: datetime.datetime) -> datetime.datetime:
        """The first moment after `at` at which their digest goes out."""
        today = at.astimezone(zoneinfo.ZoneInfo(self.zone)).date()
        for day in (today + datetime.timedelta(days=days) for days in range(16)):
            moment = local_moment(day, datetime.time(self.digest_hour), self.zone)
            wanted = self.digest != Digest.WEEKLY or day.weekday() == self.digest_day
            if wanted and moment > at:
                return moment
        raise AssertionError("no weekday in sixteen days")

    def after_quiet(self, at: datetime.datetime) -> datetime.datetime:
        """`at`, or the end of the quiet hours it falls into."""
        if self.quiet_from is None or self.quiet_until is None:
            return at
        local = at.astimezone(zoneinfo.ZoneInfo(self.zone))
        now, overnight = local.time(), self.quiet_from > self.quiet_until
        late = overnight and now >= self.quiet_from
        early = now < self.quiet_until and (overnight or now >= self.quiet_from)
        if not late and not early:
            return at
        day = local.date() + datetime.timedelta(days=int(late))
        # In the hour that an autumn night has twice, the end can lie behind us already.
        return max(at, local_moment(day, self.quiet_until, self.zone))


def of_recipients(keys: Iterable[str]) -> dict[str, Choice]:
    """What the people among these recipients chose; whoever is no member or contact of ours has no choices."""
    people: dict[str, set[UUID]] = {"member": set(), "contact": set()}
    for key in set(keys):
        kind, _, id = key.partition(":")
        if kind in people:
            people[kind].add(UUID(id))
    found = {}
    for kind, model, home in (("member", Member, "practice"), ("contact", Contact, "client")):
        columns = [f"preference__{name}" for name in FIELDS]
        zones = ["user__time_zone", f"{home}__time_zone"]
        rows: Any = model.objects.filter(id__in=people[kind]) if people[kind] else []
        for id, *chosen, own, local in rows and rows.values_list("id", *columns, *zones):
            found[f"{kind}:{id}"] = _choice(kind, chosen, own or local)
    return found


def of(place: Member | Contact) -> Choice:
    kind = "member" if isinstance(place, Member) else "contact"
    return of_recipients([f"{kind}:{place.pk}"])[f"{kind}:{place.pk}"]


def _choice(kind: str, chosen: list[Any], zone: str) -> Choice:
    if chosen[0] is None:
        return Choice(DEFAULT[kind], 8, 0, None, None, zone)
    facts: dict[str, Any] = dict(zip(FIELDS, chosen, strict=True))
    return Choice(**facts, zone=zone)


def choose(
    *, by: Actor, at: datetime.datetime, time_zone: str | None = None, **changes: Any
) -> Preference:
    """Change one's own choices. Lines that wait for a digest follow to its new moment."""
    access.require(by, "preference", "change")
    if by.kind not in DEFAULT or by.id is None:
        raise NotAllowed("Only people have preferences.")
    with transaction.atomic():
        row = _own(by, at)
        before = copy.copy(row)
        for name, value in changes.items():
            setattr(row, name, value)
        _check(row, time_zone)
        touched = {name for name in FIELDS if getattr(before, name) != getattr(row, name)}
        moved = _set_zone(by, time_zone)
        if not touched and not moved:
            return row
        row.version += row.created_at != at
        row.save()
        zone = {"time_zone": events.PERSONAL} if moved else {}
        events.record(
            "preference.changed",
            by=by,
            at=at,
            subject=row,
            before=events.state(before, touched) | zone,
            after=events.state(row, touched) | zone,
        )
        _follow(by, at)
    return row


def _own(by: Actor, at: datetime.datetime) -> Preference:
    """The person's row; or one with the defaults that is not written yet."""
    # Locked through the person's own row, so that two first choices at once queue up.
    model: Any = Member if by.kind == "member" else Contact
    person = model.objects.select_for_update().get(practice_id=access.practice_of(by), pk=by.id)
    whose = {by.kind: person}
    chosen = Preference.objects.filter(practice_id=person.practice_id, **whose).first()
    return chosen or Preference(
        practice_id=person.practice_id, created_at=at, digest=DEFAULT[by.kind], **whose
    )


def _check(row: Preference, time_zone: str | None) -> None:
    errors: dict[str, list[str]] = {}
    try:
        row.clean_fields(exclude=["practice", "member", "contact"])
    except ValidationError as wrong:
        errors |= wrong.message_dict
    if time_zone:
        try:
            known_zone(time_zone)
        except ValidationError as wrong:
            errors["time_zone"] = wrong.messages
    if (row.quiet_from is None) != (row.quiet_until is None):
        errors["quiet_until"] = ["Quiet hours need a beginning and an end."]
    elif row.quiet_from is not None and row.quiet_from == row.quiet_until:
        errors["quiet_until"] = ["Quiet hours end at another time than they begin."]
    if errors:
        raise Invalid(errors)
    choice = Choice(**{name: getattr(row, name) for name in FIELDS}, zone="UTC")
    hour = datetime.datetime(2001, 1, 1, row.digest_hour, tzinfo=datetime.UTC)
    if choice.after_quiet(hour) != hour:
        raise Invalid({"digest_hour": ["The digest would come within the quiet hours."]})


def _set_zone(by: Actor, zone: str | None) -> bool:
    """The login's, because a person is in one place whatever they do there."""
    if zone is None or by.user_id is None:
        return False
    others = User.objects.filter(pk=by.user_id).exclude(time_zone=zone)
    return bool(others.update(time_zone=zone))


def _follow(by: Actor, at: datetime.datetime) -> None:
    key = by.credential
    choice = of_recipients([key])[key]
    lines = Notice.objects.filter(
        practice_id=access.practice_of(by),
        recipient=key,
        channel=Notice.Channel.DIGEST,
        status=Notice.Status.WAITING,
        digest=None,
    )
    if choice.digest == Digest.NONE:
        lines.update(channel=Notice.Channel.INBOX, due_at=at)
    else:
        immediate = choice.digest == Digest.IMMEDIATE
        lines.update(due_at=choice.after_quiet(at) if immediate else choice.next_digest(at))
