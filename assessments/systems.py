"""The inventory of a client's AI: putting a system down, correcting it, who answers for its risk, and its life."""

import datetime
from typing import Any

from django.db import transaction

from assessments import derived, estate_book, law_calendar, terms
from assessments.models import System, SystemStatus
from assessments.models.estate import VOUCHED_FOR
from practice import access, rows
from practice.access import Actor
from practice.models import Client, Contact
from practice.models.base import Row
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, Taken

S = SystemStatus
# What may follow what. What was found can be stopped at once; what was stopped can be found running again.
STEPS: dict[str, tuple[str, ...]] = {
    S.DISCOVERED: (S.ASSESSED, S.RETIRED),
    S.ASSESSED: (S.APPROVED, S.RETIRED),
    S.APPROVED: (S.IN_USE, S.ASSESSED, S.RETIRED),
    S.IN_USE: (S.RETIRING, S.ASSESSED),
    S.RETIRING: (S.RETIRED, S.IN_USE),
    S.RETIRED: (S.DISCOVERED,),
}
# What facts of the client are counted from.
COUNTED = ("kind", "in_production", "customer_facing", "critical_path")
TAKEN = Taken("There is a system with this external id already.", "external_id")


class StepRefused(Conflict):
    code, sentence = (
        "system_step_refused",
        "A system cannot go from its present status to this one.",
    )


class RiskOwnerMissing(Conflict):
    code = "risk_owner_missing"
    sentence = "Name the one person who answers for the risk of this system first."


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> System:
    """Put down a system as it was found. What nobody answers for yet is put down all the same."""
    access.require(by, "system", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        details.setdefault("discovered_on", local_day(at, client.time_zone))
        system = System(practice_id=client.practice_id, client=client, status_at=at, **details)
        check(system, at)
        rows.add(system, by=by, at=at, kind="system.added", taken=TAKEN)
        if system.in_production:
            derived.look(client, at=at)
    return system


def change(
    system: System, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> System:
    """Correct or complete what is known of a system."""
    access.require(by, "system", "change")
    with transaction.atomic():
        system = access.get(by, System, system.pk, lock=True)
        wanted = rows.wanted(system, changes, by=by)
        check(wanted, at)
        if any(getattr(system, name) != getattr(wanted, name) for name in COUNTED):
            derived.look(system.client, at=at)
        return rows.change(
            system, changes, by=by, at=at, kind="system.changed", expected=expected, taken=TAKEN
        )


def name_risk_owner(
    system: System,
    *,
    contact: Contact | None = None,
    name: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> System:
    """Say who answers for its risk: one person, a contact or anybody else by name. Neither takes the name off."""
    access.require(by, "system", "change")
    with transaction.atomic():
        system = access.get(by, System, system.pk, lock=True)
        name = name.strip()
        if contact is not None and name:
            raise Invalid({"name": ["One person: a contact or a name, not both."]})
        of_this_client(system, contact=contact)
        if contact is not None and not contact.active:
            raise Invalid({"contact": ["They have left."]})
        if contact is None and not name and system.status in VOUCHED_FOR:
            raise RiskOwnerMissing("This system is approved: name another person instead.")
        changes = {"risk_owner": contact, "risk_owner_name": name}
        kind = "system.risk_owner_named"
        return rows.change(system, changes, by=by, at=at, kind=kind, expected=expected)


def move(
    system: System, *, to: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> System:
    """Take a system a step further in its life. To approve one somebody must answer for its risk."""
    access.require(by, "system", "approve" if to == S.APPROVED else "change")
    with transaction.atomic():
        system = access.get(by, System, system.pk, lock=True)
        if to not in STEPS[system.status]:
            raise StepRefused(present=system.status, allowed=list(STEPS[system.status]))
        if to in VOUCHED_FOR and not system.has_risk_owner:
            raise RiskOwnerMissing
        changes: dict[str, Any] = {"status": to, "status_at": at}
        if to == S.RETIRED:
            changes["in_production"] = False
            derived.look(system.client, at=at)
        kind, ends = f"system.{to}", S.RETIRED in (to, system.status)
        system = rows.change(system, changes, by=by, at=at, kind=kind, expected=expected)
        if ends:
            # What runs no longer owes the law nothing; what was found running again owes it anew.
            law_calendar.follow_life(system, at=at)
    return system


def of_this_client(row: Any, **pointed_at: Row | None) -> None:
    """What a row of one client points at is that client's, too."""
    wrong = {
        name: ["There is no such thing here."]
        for name, other in pointed_at.items()
        if other is not None and other.client_id != row.client_id  # type: ignore[attr-defined]
    }
    if wrong:
        raise Invalid(wrong)


def check(system: System, at: datetime.datetime) -> None:
    """What every system keeps, whichever door it came by."""
    wrong: dict[str, list[str]] = {}
    if not system.name.strip():
        wrong["name"] = ["Say what it is called."]
    if system.owner is not None and system.owner_name:
        wrong["owner_name"] = ["A contact or a name, not both."]
    classes = estate_book.words().data_classes
    if not isinstance(system.data_classes, list) or len(set(map(str, system.data_classes))) != len(
        system.data_classes
    ):
        wrong["data_classes"] = ["A list, each class once."]
    elif unknown := [one for one in system.data_classes if one not in classes]:
        known = ", ".join(sorted(classes))
        wrong["data_classes"] = [f"{unknown[0]!r} is no class. One of: {known}."]
    if wrong:
        raise Invalid(wrong)
    terms.check(discovered_on=system.discovered_on)
    if system.discovered_on > local_day(at, system.client.time_zone):
        raise Invalid({"discovered_on": ["Not in the future."]})
    of_this_client(system, owner=system.owner, vendor=system.vendor)
