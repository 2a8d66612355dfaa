"""Charters: the decision rights of an engagement, drafted here, offered to the sponsor and in force once accepted.

What was offered never changes: an edit is a new version. Writing rights and limits is charter_rights.py's."""

import datetime
import hashlib
import json
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Max

from assessments import known
from assessments.models import FactSource
from engagements import acceptance, asking, rights
from engagements.acceptance import Elsewhere
from engagements.models import Charter, Engagement, HatShare, OfferStatus, Right, SpendingLimit
from engagements.wearing import EngagementEnded
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, Refusal

LATEST, IN_FORCE, CATALOGUE = "latest", "in_force", "catalogue"
ORIGINS = (LATEST, IN_FORCE, CATALOGUE)
SAID = (*rights.CELLS, "code", "label", "position", "each_own", "second_person", "note")
LIMITED = ("hat", "per_decision", "per_period", "period", "currency")


class CharterOpen(Conflict):
    code, sentence = (
        "charter_open",
        "A version is being drafted or is before the client; finish that one first.",
    )


class NotADraft(Conflict):
    code, sentence = (
        "charter_not_a_draft",
        "What was offered never changes. Draft a new version; it needs to be accepted anew.",
    )


class NotOffered(Conflict):
    code, sentence = "charter_not_offered", "This version is not before the client."


class CharterIncomplete(Conflict):
    code = "charter_incomplete"
    sentence = "This charter cannot be offered yet; see what is missing."


class CharterChanged(Refusal):
    status, code = 412, "charter_changed"
    sentence = "This is not the version you have read; read it again before you answer."


class NoHats(Conflict):
    code, sentence = "no_hats", "The engagement has no hats yet; say which come first."


def in_force(engagement: Engagement) -> Charter | None:
    return Charter.objects.filter(engagement=engagement, status=OfferStatus.ACCEPTED).first()


def limit_in_force(engagement: Engagement, hat: str) -> SpendingLimit | None:
    """What the hat may spend by the charter in force."""
    return SpendingLimit.objects.filter(
        charter__engagement=engagement, charter__status=OfferStatus.ACCEPTED, hat=hat
    ).first()


def hats_of(engagement: Engagement) -> list[str]:
    shares = HatShare.objects.filter(engagement=engagement)
    return list(shares.order_by("hat").values_list("hat", flat=True))


def draft(
    engagement: Engagement,
    *,
    origin: str = LATEST,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Charter:
    """A new version to work on: from the latest one, the one in force, or the catalogue anew."""
    access.require(by, "charter", "add")
    if origin not in ORIGINS:
        raise Invalid({"origin": [f"One of: {', '.join(ORIGINS)}."]})
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        if engagement.status == Engagement.Status.ENDED:
            raise EngagementEnded
        hats = hats_of(engagement)
        if not hats:
            raise NoHats
        versions = Charter.objects.filter(engagement=engagement)
        if versions.filter(status__in=[OfferStatus.DRAFT, OfferStatus.OFFERED]).exists():
            raise CharterOpen
        last: int = versions.aggregate(last=Max("number"))["last"] or 0
        model = _model(engagement, origin)
        charter = Charter(**_own(engagement), number=last + 1, note=note.strip())
        rows.add(charter, by=by, at=at, kind="charter.drafted")
        _fill(charter, model, hats, at)
    return charter


def offer(
    charter: Charter, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Charter:
    """Put the draft before the sponsor. From now on it stands as it is, under its checksum."""
    access.require(by, "charter", "change")
    with transaction.atomic():
        charter = lock_draft(charter, by)
        lacking = missing(charter)
        if lacking:
            raise CharterIncomplete(missing=lacking)
        changes = {
            "status": OfferStatus.OFFERED,
            "offered_at": at,
            "sha256": digest(content(charter)),
        }
        charter = rows.change(
            charter, changes, by=by, at=at, kind="charter.offered", expected=expected
        )
        asking.ask("charter", charter, at=at)
        return charter


def withdraw_offer(
    charter: Charter, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Charter:
    """Take back a version that was offered, or drop a draft. The next one begins from it."""
    access.require(by, "charter", "change")
    with transaction.atomic():
        charter = _locked(charter, by)
        if charter.status not in (OfferStatus.DRAFT, OfferStatus.OFFERED):
            raise NotOffered
        changes = {"status": OfferStatus.WITHDRAWN}
        return rows.change(
            charter, changes, by=by, at=at, kind="charter.withdrawn", expected=expected
        )


def accept(charter: Charter, *, sha256: str, by: Actor, at: datetime.datetime) -> Charter:
    """The sponsor accepts exactly the content they read, named by its checksum."""
    access.require(by, "charter", "accept")
    with transaction.atomic():
        charter = _before_client(charter, sha256, by)
        return _take_effect(charter, acceptance.given(by=by, at=at), by, at)


def accept_on_behalf(
    charter: Charter,
    *,
    sha256: str,
    by: Actor,
    at: datetime.datetime,
    **said: Unpack[Elsewhere],
) -> Charter:
    """Put down that the sponsor accepted this content elsewhere, and what shows it."""
    access.require(by, "charter", "change")
    with transaction.atomic():
        charter = _before_client(charter, sha256, by)
        given = acceptance.on_behalf(client_id=charter.client_id, by=by, at=at, **said)
        return _take_effect(charter, given, by, at)


def decline(
    charter: Charter, *, sha256: str, reason: str, by: Actor, at: datetime.datetime
) -> Charter:
    """The sponsor says no, and why. What was in force stays in force."""
    access.require(by, "charter", "accept")
    if not reason.strip():
        raise Invalid({"reason": ["Say what should be different."]})
    with transaction.atomic():
        charter = _before_client(charter, sha256, by)
        changes = {"status": OfferStatus.DECLINED, "answered_reason": reason.strip()}
        charter = rows.change(charter, changes, by=by, at=at, kind="charter.declined")
        asking.tell_no("charter", charter, at=at)
        return charter


def said(charter: Charter) -> list[dict[str, Any]]:
    """What each right says, in the order of the matrix."""
    return list(Right.objects.filter(charter=charter).order_by("position", "code").values(*SAID))


def content(charter: Charter) -> dict[str, Any]:
    """What somebody accepts: rights, limits and note, in one form."""
    limits = SpendingLimit.objects.filter(charter=charter).order_by("hat").values(*LIMITED)
    return {
        "engagement": str(charter.engagement_id),
        "number": charter.number,
        "note": charter.note,
        "rights": said(charter),
        "limits": [
            {
                **one,
                "per_decision": _money(one["per_decision"]),
                "per_period": _money(one["per_period"]),
            }
            for one in limits
        ],
    }


def digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def missing(charter: Charter) -> list[dict[str, str]]:
    """What a version still lacks before it can be offered."""
    hats = hats_of(charter.engagement)
    there = {right.code: right for right in Right.objects.filter(charter=charter)}
    limited = set(SpendingLimit.objects.filter(charter=charter).values_list("hat", flat=True))
    found = [
        {"key": code, "what": f"{code} {rights.catalogue()[code].label}: nobody decides."}
        for code in unfilled(there)
    ]
    present = rights.columns_of(hats)
    for right in there.values():
        idle = [c for c in rights.NAMES if c != rights.CLIENT and c not in present]
        found += [
            {
                "key": right.code,
                "what": f"{right.code}: nobody wears the {rights.NAMES[c]} hat here.",
            }
            for c in idle
            if getattr(right, c)
        ]
    for hat in hats:
        spends = [r for r in there.values() if r.each_own and _decides(r, rights.COLUMNS[hat])]
        if spends and hat not in limited:
            found.append({"key": hat, "what": f"The {hat} hat has no spending limit."})
    return found


def unfilled(said: dict[str, Right]) -> list[str]:
    """The rights that must be settled and are not (S2-D7)."""
    return [
        code
        for code in rights.needed()
        if code not in said or not _decides(said[code], rights.CELLS)
    ]


def lock_draft(charter: Charter, by: Actor) -> Charter:
    charter = _locked(charter, by)
    if charter.status != OfferStatus.DRAFT:
        raise NotADraft
    return charter


def _locked(charter: Charter, by: Actor) -> Charter:
    access.get(by, Engagement, charter.engagement_id, lock=True)
    return access.get(by, Charter, charter.pk, lock=True)


def _before_client(charter: Charter, sha256: str, by: Actor) -> Charter:
    charter = _locked(charter, by)
    if charter.status != OfferStatus.OFFERED:
        raise NotOffered
    if charter.sha256 != sha256.strip().lower():
        raise CharterChanged(sha256=charter.sha256, number=charter.number)
    return charter


def _take_effect(
    charter: Charter, given: dict[str, Any], by: Actor, at: datetime.datetime
) -> Charter:
    former = in_force(charter.engagement)
    if former is not None:
        gone = {"status": OfferStatus.SUPERSEDED}
        rows.change(former, gone, by=by, at=at, kind="charter.superseded")
    changes = {"status": OfferStatus.ACCEPTED, **given}
    charter = rows.change(charter, changes, by=by, at=at, kind="charter.accepted")
    behalf = access.on_own_authority(by)
    client = access.get(behalf, Client, charter.client_id)
    known.learn(
        client,
        facts={"decision_rights_written": "yes"},
        said_by=given["accepted_by"].name,
        said_on=local_day(given["accepted_at"], client.time_zone),
        source=FactSource.DOCUMENT,
        by=behalf,
        at=at,
    )
    return charter


def _model(engagement: Engagement, origin: str) -> Charter | None:
    """The version to begin from; None for the catalogue."""
    versions = Charter.objects.filter(engagement=engagement).order_by("number")
    if origin == IN_FORCE:
        return in_force(engagement)
    return versions.last() if origin == LATEST else None


def _fill(charter: Charter, model: Charter | None, hats: list[str], at: datetime.datetime) -> None:
    own = {**_own(charter.engagement), "charter": charter, "created_at": at}
    if model is None:
        said = [
            {
                **one.cells,
                "code": one.code,
                "label": one.label,
                "position": one.position,
                "each_own": one.each_own,
                "note": one.note,
            }
            for one in rights.drafted(hats)
        ]
        limits: list[dict[str, Any]] = []
    else:
        said = list(Right.objects.filter(charter=model).values(*SAID))
        limits = list(SpendingLimit.objects.filter(charter=model).values(*LIMITED))
    # One entry of the log says that they came with the draft; changes to them are told one by one.
    Right.objects.bulk_create(Right(**own, **one) for one in said)
    SpendingLimit.objects.bulk_create(SpendingLimit(**own, **one) for one in limits)


def _own(engagement: Engagement) -> dict[str, Any]:
    return {
        "practice_id": engagement.practice_id,
        "client_id": engagement.client_id,
        "engagement": engagement,
    }


def _decides(right: Right, columns: tuple[str, ...]) -> bool:
    return any(getattr(right, column) == rights.DECIDES for column in columns)


def _money(amount: Any) -> str:
    return f"{amount:.2f}"
