"""What a contract with a vendor owes the agenda: its renewal or yearly look, the last day for notice, and the turn of its
term. Verbs call `replan` in their transaction; called again it changes nothing."""

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from assessments import terms, vendors
from assessments.models import Vendor, VendorContract
from practice import access, agenda, mail
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry, Client, Notice
from practice.notices import Letter
from practice.quarters import end_of_day, local_day, local_moment

LOOK, NOTICE, TURN = "vendor_contract", "vendor_notice", "vendor_contract_turn"
KINDS = (LOOK, NOTICE, TURN, vendors.REVIEW)
# Midnight is skipped on some days in some zones; this minute is not.
FIRST = datetime.time(3, 0)


def replan(contract: VendorContract, *, at: datetime.datetime, settled: bool = False) -> None:
    """Plan what it owes as it stands, and close what it owes no longer: as done where the verb settled it.

    A look whose day has come stays until somebody says that it was done, or the contract is over.
    """
    today, over = local_day(at, contract.client.time_zone), contract.ended_on is not None
    wanted = {} if over else _wanted(contract, today)
    open_still = AgendaEntry.objects.filter(
        practice_id=contract.practice_id,
        subject_id=contract.pk,
        kind__in=(LOOK, NOTICE, TURN),
        status=AgendaEntry.Status.OPEN,
    )
    for kind, period in list(open_still.values_list("kind", "period")):
        kept = kind in wanted and wanted[kind].isoformat() == period
        waits = kind == LOOK and period <= today.isoformat() and not (settled or over)
        if not kept and not waits:
            _close(contract, kind, period, done=settled or kind == TURN, at=at)
    for kind, day in wanted.items():
        _plan(contract, kind, day, at)


def _wanted(contract: VendorContract, today: datetime.date) -> dict[str, datetime.date]:
    """Day by kind. What has passed is not asked for afresh; only the turn of the term catches up."""
    renews_on = contract.renews_on
    if renews_on is not None and renews_on <= today:
        return {TURN: renews_on}
    look = terms.next_look(contract.starts_on, renews_on, today)
    found = {LOOK: look, TURN: look if look == renews_on else look + terms.ONE}
    if contract.notice_on is not None and contract.notice_given_on is None:
        found[NOTICE] = contract.notice_on
    return found


def _plan(contract: VendorContract, kind: str, day: datetime.date, at: datetime.datetime) -> None:
    zone, turns = contract.client.time_zone, kind == TURN
    agenda.plan(
        kind,
        subject_id=contract.pk,
        period=day.isoformat(),
        practice_id=contract.practice_id,
        client_id=contract.client_id,
        owner_id=contract.client.responsible_id,
        # The term has turned when its day begins; what people owe is owed until the end of theirs.
        due_at=local_moment(day, FIRST, zone) if turns else end_of_day(day, zone),
        at=at,
        title=_title(contract, kind, day),
        time_zone=zone,
        all_day=not turns,
    )


def _title(contract: VendorContract, kind: str, day: datetime.date) -> str:
    if kind == NOTICE:
        said = "Last day for notice"
    elif day != contract.renews_on:
        said = "Another year of the contract"
    elif contract.auto_renew and contract.notice_given_on is None:
        said = "Contract renews"
    else:
        said = "Contract ends"
    return f"{said}: {contract.name}, {contract.vendor.name}"[:200]


def _close(
    contract: VendorContract, kind: str, period: str, *, done: bool, at: datetime.datetime
) -> None:
    agenda.close(
        kind,
        subject_id=contract.pk,
        practice_id=contract.practice_id,
        period=period,
        done=done,
        at=at,
    )


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client is in another zone now: the same days there."""
    for contract in access.visible_to(by, VendorContract).filter(
        client_id=client_id, ended_on=None
    ):
        replan(contract, at=at)
    vendors.follow_client(client_id, by, at)


def responsible(entries: list[Any]) -> dict[UUID, list[Recipient]]:
    """Who answers for the client now, whoever did when the entry was planned."""
    clients = Client.objects.filter(
        id__in={entry.client_id for entry in entries}, responsible__active=True
    )
    found = {
        id: Recipient(f"member:{member}", address)
        for id, member, address in clients.values_list(
            "id", "responsible_id", "responsible__user__email"
        )
    }
    return {e.id: [found[e.client_id]] for e in entries if e.client_id in found}


def contract_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = VendorContract.objects.select_related("practice", "client", "vendor")
    contract = joined.defer("practice__logo").get(pk=notice.subject_id)
    lines = [f"{contract.name} with {contract.vendor}, at {contract.client}."]
    if contract.renews_on is not None:
        renews = contract.auto_renew and contract.notice_given_on is None
        lines.append(
            f"It {'renews by itself' if renews else 'ends'} on {_day(contract.renews_on)}."
        )
    if contract.notice_on is not None and contract.notice_given_on is None:
        lines.append(f"The last day on which notice can be given is {_day(contract.notice_on)}.")
    lines.append("See whether it is still wanted, at this price and under these terms.")
    link = f"{settings.REMIT_URL}/desk/assessments/vendorcontract/{contract.pk}/change/"
    return _letter(notice, contract, contract.ended_on is not None, lines, link)


def review_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = Vendor.objects.select_related("practice", "client")
    vendor = joined.defer("practice__logo").get(pk=notice.subject_id)
    lines = [
        f"What {vendor} offers {vendor.client} was to be looked at anew by {_day(vendor.review_on)}.",
        "Prices, models and terms of this market change within a quarter.",
    ]
    link = f"{settings.REMIT_URL}/desk/assessments/vendor/{vendor.pk}/change/"
    return _letter(notice, vendor, False, lines, link)


def _letter(
    notice: Notice, row: Vendor | VendorContract, over: bool, lines: list[str], link: str
) -> Letter | None:
    entry = notice.entry
    if entry is None or entry.status != AgendaEntry.Status.OPEN or over:
        return None
    if row.client.status == Client.Status.FORMER:
        return None
    return mail.plain(entry.title, row.practice, lines=lines, action="Open it", link=link)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
