"""The contract register: the contract and its amendments, one at a time, offered and accepted. The newest one counts."""

import datetime
from typing import Any, Unpack

from django.db import transaction

from engagements import acceptance, asking
from engagements.acceptance import Elsewhere
from engagements.models import ContractVersion, Engagement, Stage
from practice import access, rows
from practice.access import Actor
from practice.models import StoredFile
from practice.refusals import Conflict, Invalid, Taken

Status = ContractVersion.Status


class ContractOpen(Taken):
    code = "contract_open"


OPEN = "A version is being drafted or offered already; settle it first."


class ContractNotDraft(Conflict):
    code, sentence = "contract_not_draft", "Only a draft can be changed or offered."


class ContractNotOffered(Conflict):
    code, sentence = "contract_not_offered", "Only a version that is on offer can be answered."


class ContractSettled(Conflict):
    code, sentence = "contract_settled", "This version was answered or taken back already."


def draft(
    engagement: Engagement,
    *,
    title: str,
    summary: str = "",
    file: StoredFile | None = None,
    by: Actor,
    at: datetime.datetime,
) -> ContractVersion:
    """The contract, or the next amendment of it. There is one at a time."""
    access.require(by, "contract", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        _check_file(engagement, file)
        so_far = ContractVersion.objects.filter(engagement=engagement).order_by("number").last()
        row = ContractVersion(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            number=so_far.number + 1 if so_far else 1,
            title=title,
            summary=summary,
            file=file,
        )
        return rows.add(row, by=by, at=at, kind="contract.drafted", taken=ContractOpen(OPEN))


def change(
    version: ContractVersion,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> ContractVersion:
    """Title, summary and file, while it is a draft."""
    with transaction.atomic():
        version = _held(version, "change", by)
        if version.status != Status.DRAFT:
            raise ContractNotDraft
        _check_file(version.engagement, changes.get("file"))
        return rows.change(
            version, changes, by=by, at=at, kind="contract.changed", expected=expected
        )


def offer(
    version: ContractVersion, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> ContractVersion:
    """Put it before the sponsor. From now on it stays as it is."""
    with transaction.atomic():
        version = _held(version, "change", by)
        if version.status != Status.DRAFT:
            raise ContractNotDraft
        changes = {"status": Status.OFFERED, "offered_at": at}
        version = rows.change(
            version, changes, by=by, at=at, kind="contract.offered", expected=expected
        )
        asking.ask("contract", version, at=at)
        return version


def accept(
    version: ContractVersion, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> ContractVersion:
    """The sponsor's yes."""
    with transaction.atomic():
        version = _held(version, "accept", by)
        return _accept(version, acceptance.given(by=by, at=at), by, at, expected)


def accept_on_behalf(
    version: ContractVersion,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **said: Unpack[Elsewhere],
) -> ContractVersion:
    """The sponsor said yes elsewhere: on paper, in a meeting. The note says how, the file shows it."""
    with transaction.atomic():
        version = _held(version, "change", by)
        columns = acceptance.on_behalf(client_id=version.client_id, by=by, at=at, **said)
        return _accept(version, columns, by, at, expected)


def decline(
    version: ContractVersion,
    *,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> ContractVersion:
    """The sponsor's no."""
    with transaction.atomic():
        version = _held(version, "accept", by)
        if version.status != Status.OFFERED:
            raise ContractNotOffered
        changes = {"status": Status.DECLINED, "answered_reason": reason.strip()}
        version = rows.change(
            version, changes, by=by, at=at, kind="contract.declined", expected=expected
        )
        asking.tell_no("contract", version, at=at)
        return version


def withdraw(
    version: ContractVersion,
    *,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> ContractVersion:
    """Take back a draft or an offer that was not answered."""
    with transaction.atomic():
        version = _held(version, "change", by)
        if version.status not in (Status.DRAFT, Status.OFFERED):
            raise ContractSettled
        changes = {"status": Status.WITHDRAWN, "answered_reason": reason.strip()}
        return rows.change(
            version, changes, by=by, at=at, kind="contract.withdrawn", expected=expected
        )


def in_force(engagement: Engagement) -> ContractVersion | None:
    return ContractVersion.objects.filter(
        practice_id=engagement.practice_id, engagement=engagement, status=Status.ACCEPTED
    ).first()


def _held(version: ContractVersion, action: str, by: Actor) -> ContractVersion:
    """The version, with its engagement held: all verbs of one engagement queue up there."""
    access.require(by, "contract", action)
    access.get(by, Engagement, version.engagement_id, lock=True)
    return access.get(by, ContractVersion, version.pk, lock=True)


def _accept(
    version: ContractVersion,
    columns: dict[str, Any],
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> ContractVersion:
    if version.status != Status.OFFERED:
        raise ContractNotOffered
    by_us = access.on_own_authority(by)
    former = in_force(version.engagement)
    if former is not None:
        superseded = {"status": Status.SUPERSEDED}
        rows.change(former, superseded, by=by_us, at=at, kind="contract.superseded")
    changes = {"status": Status.ACCEPTED, **columns}
    version = rows.change(
        version, changes, by=by, at=at, kind="contract.accepted", expected=expected
    )
    # The stage that goes on is under this version from now on; the closed ones keep theirs.
    for stage in Stage.objects.filter(engagement_id=version.engagement_id, until_on=None):
        rows.change(stage, {"contract": version}, by=by_us, at=at, kind="stage.contract_named")
    return version


def _check_file(engagement: Engagement, file: StoredFile | None) -> None:
    if file is not None and file.client_id != engagement.client_id:
        raise Invalid({"file": ["A file of this client is needed."]})
