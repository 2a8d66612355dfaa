"""Billing batches: what is billable and not yet billed is collected, exported once and for good, and marked as settled."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from engagements import billing_files, billing_rows
from engagements.billing_lines import Draft, awaited, lines, total
from engagements.models import BillingBatch, BillingLine, Engagement, Expense, TimeEntry
from practice import access, rows
from practice.access import Actor
from practice.models import Client, Practice
from practice.refusals import Conflict, Invalid

Status = BillingBatch.Status


class NothingToBill(Conflict):
    code, sentence = "nothing_to_bill", "Nothing is billable in these months that is not billed."


class MonthsOpen(Conflict):
    code = "months_open"
    sentence = "What these months cost depends on time that can still change. Close them first."


class SeveralCurrencies(Conflict):
    code = "several_currencies"
    sentence = "This is billed in more than one currency. Make a batch for each: name one."


class AlreadyExported(Conflict):
    code, sentence = "already_exported", "This batch has been exported and stays as it is."


class NotExported(Conflict):
    code, sentence = "not_exported", "Export the batch first."


def open_batch(
    client: Client,
    *,
    from_on: datetime.date,
    until_on: datetime.date,
    currency: str = "",
    tax_code: str = "",
    by: Actor,
    at: datetime.datetime,
) -> BillingBatch:
    """Collect everything billable of a client in whole months that no batch holds yet."""
    access.require(by, "billing", "add")
    _check_months(from_on, until_on)
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        # Whoever comes second waits here, and then finds everything taken. Time is noted behind the same locks.
        engagements = list(
            Engagement.objects.select_for_update(of=("self",))
            .filter(practice_id=client.practice_id, client=client)
            .order_by("id")
        )
        drafts = _collected(engagements, client, from_on, until_on, currency)
        batch = _batch(client, drafts, from_on, until_on)
        rows.add(batch, by=by, at=at, kind="billing.batch_created")
        _write(batch, drafts, tax_code, at)
    return batch


def discard(
    batch: BillingBatch, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take an open batch apart: what it held can be billed anew."""
    access.require(by, "billing", "change")
    with transaction.atomic():
        batch = _locked(batch, by)
        if batch.status != Status.OPEN:
            raise AlreadyExported
        TimeEntry.objects.filter(line__batch=batch).update(line=None, version=F("version") + 1)
        Expense.objects.filter(line__batch=batch).update(line=None, version=F("version") + 1)
        BillingLine.objects.filter(batch=batch).delete()
        rows.remove(batch, by=by, at=at, kind="billing.discarded", expected=expected)


def export(
    batch: BillingBatch, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BillingBatch:
    """Freeze the batch: from now on every export of it is the same to the byte, and nothing in it changes."""
    access.require(by, "billing", "change")
    with transaction.atomic():
        batch = _locked(batch, by)
        if batch.status != Status.OPEN:
            raise AlreadyExported
        held = BillingLine.objects.filter(batch=batch).select_related("engagement")
        content = billing_files.freeze(batch, list(held.order_by("position", "id")))
        changes = {
            "status": Status.EXPORTED,
            "exported_at": at,
            "content": content,
            "sha256": billing_files.fingerprint(content),
        }
        kind = "billing.exported"
        return rows.change(batch, changes, by=by, at=at, kind=kind, expected=expected)


def settle(
    batch: BillingBatch,
    *,
    external_number: str,
    external_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> BillingBatch:
    """Write back which invoice the batch became. Said again, it corrects number and day."""
    access.require(by, "billing", "change")
    if not external_number.strip():
        raise Invalid({"external_number": ["Which invoice is it?"]})
    with transaction.atomic():
        batch = _locked(batch, by)
        if batch.status == Status.OPEN:
            raise NotExported
        kind = "billing.corrected" if batch.status == Status.SETTLED else "billing.settled"
        changes: dict[str, Any] = {
            "status": Status.SETTLED,
            "external_number": external_number.strip(),
            "external_on": external_on,
        }
        return rows.change(batch, changes, by=by, at=at, kind=kind, expected=expected)


def content_of(batch: BillingBatch, *, by: Actor) -> str:
    """What was exported. Fees stand in it, so it is for those who may see fees."""
    access.require(by, "billing", "see_fees")
    if batch.status == Status.OPEN:
        raise NotExported
    return batch.content


def _check_months(from_on: datetime.date, until_on: datetime.date) -> None:
    """A month is billed once, so no batch holds a part of one."""
    wrong = {
        name: ["The first of a month."]
        for name, day in (("from_on", from_on), ("until_on", until_on))
        if day.day != 1
    }
    if not wrong and until_on <= from_on:
        wrong = {"until_on": ["After the first month."]}
    if not wrong and (until_on - from_on).days > billing_rows.LONGEST_DAYS:
        wrong = {"until_on": ["At most two years at once."]}
    if wrong:
        raise Invalid(wrong)


def _collected(
    engagements: list[Engagement],
    client: Client,
    from_on: datetime.date,
    until_on: datetime.date,
    currency: str,
) -> list[Draft]:
    courses = billing_rows.courses(engagements, client, from_on, until_on)
    closed = billing_rows.closed_months(engagements, from_on, until_on)
    still_open = [
        {"engagement": str(course.id), "name": course.name, "month": f"{month:%Y-%m}"}
        for course in courses
        for month in awaited(
            course, from_on=from_on, until_on=until_on, closed=closed.get(course.id, frozenset())
        )
    ]
    if still_open:
        raise MonthsOpen(missing=still_open)
    billed = billing_rows.billed_keys(engagements)
    drafts = [
        line
        for course in courses
        for line in lines(course, from_on=from_on, until_on=until_on, billed=billed)
    ]
    currencies = sorted({line.currency for line in drafts})
    if len(currencies) > 1 and not currency:
        raise SeveralCurrencies(currencies=currencies)
    drafts = [line for line in drafts if currency in ("", line.currency)]
    if not drafts:
        raise NothingToBill
    return drafts


def _batch(
    client: Client, drafts: list[Draft], from_on: datetime.date, until_on: datetime.date
) -> BillingBatch:
    # Numbers are the practice's: its row is held for the moment, in the way that lets others point at it.
    Practice.objects.select_for_update(no_key=True).get(pk=client.practice_id)
    last = BillingBatch.objects.filter(practice_id=client.practice_id).aggregate(Max("number"))
    orders = {line.po_number for line in drafts}
    return BillingBatch(
        practice_id=client.practice_id,
        client=client,
        number=(last["number__max"] or 0) + 1,
        from_on=from_on,
        until_on=until_on,
        currency=drafts[0].currency,
        total=total(drafts),
        po_number=orders.pop() if len(orders) == 1 else "",
    )


def _write(batch: BillingBatch, drafts: list[Draft], tax_code: str, at: datetime.datetime) -> None:
    """The lines, and what they hold. They are the batch's content: the event of the batch speaks for them."""
    made = BillingLine.objects.bulk_create(
        _line(batch, draft, number, tax_code, at) for number, draft in enumerate(drafts, 1)
    )
    for line, draft in zip(made, drafts, strict=True):
        if draft.entries:
            held = TimeEntry.objects.filter(pk__in=draft.entries, line=None)
            held.update(line=line, version=F("version") + 1)
    spent: dict[UUID, BillingLine] = {
        draft.expense: line for line, draft in zip(made, drafts, strict=True) if draft.expense
    }
    expenses = list(Expense.objects.filter(pk__in=spent, line=None))
    for expense in expenses:
        expense.line, expense.version = spent[expense.pk], expense.version + 1
    Expense.objects.bulk_update(expenses, ["line", "version"])


def _line(
    batch: BillingBatch, draft: Draft, position: int, tax_code: str, at: datetime.datetime
) -> BillingLine:
    return BillingLine(
        practice_id=batch.practice_id,
        client_id=batch.client_id,
        engagement_id=draft.engagement_id,
        batch=batch,
        key=draft.key,
        kind=draft.kind,
        what=draft.what[:240],
        hat=draft.hat,
        from_on=draft.from_on,
        until_on=draft.until_on,
        quantity=draft.quantity,
        unit=draft.unit,
        unit_price=draft.unit_price,
        amount=draft.amount,
        currency=draft.currency,
        tax_code=tax_code,
        po_number=draft.po_number,
        position=position,
        created_at=at,
    )


def _locked(batch: BillingBatch, by: Actor) -> BillingBatch:
    """Behind the locks of its engagements, like everything that touches their time."""
    batch = access.get(by, BillingBatch, batch.pk)
    list(
        Engagement.objects.select_for_update(of=("self",))
        .filter(practice_id=batch.practice_id, client_id=batch.client_id)
        .order_by("id")
        .values_list("pk")
    )
    return access.get(by, BillingBatch, batch.pk, lock=True)
