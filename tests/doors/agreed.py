"""What is put before a client of an engagement: charters with their rights and limits, and the contract register."""

from decimal import Decimal
from typing import Any

from engagements import charter_rights, charters, contracts
from engagements.models import Charter, ContractVersion, Engagement, Right, SpendingLimit
from tests import make

SHA = "a" * 64


def rows_at(site: Any, main: Engagement) -> None:
    ready = site.spare["engagement ready"]
    _in_force(site, main, 1)
    offered = _charter(site, main, 2, "offered")
    site.keep(offered)
    site.keep(Right.objects.get(charter=offered), SpendingLimit.objects.get(charter=offered))
    _in_force(site, ready, 1)
    _draft(site, ready)
    _contracts(site, main, ready)


def _charter(site: Any, engagement: Engagement, number: int, status: str) -> Charter:
    """Written as it is: what is in it has its marks before it is frozen."""
    row = site.add(Charter, engagement, "charter.drafted", number=number)
    for code in ("DR-01", "DR-02", "DR-03", "DR-05"):
        right = {"charter": row, "code": code, "label": "L", "cto": "D"}
        if status == "offered":
            right |= {name: site.mark("right", name) for name in ("label", "note")}
        site.add(Right, engagement, "charter.right_added", **right)
        if status == "offered":
            break
    site.add(
        SpendingLimit,
        engagement,
        "charter.limit_set",
        charter=row,
        hat="CTO",
        per_decision=site.sum("spendinglimit", "per_decision"),
        per_period=site.sum("spendinglimit", "per_period"),
    )
    Charter.objects.filter(pk=row.pk).update(status="offered", offered_at=make.NOW, sha256=SHA)
    row.refresh_from_db()
    return row


def _in_force(site: Any, engagement: Engagement, number: int) -> None:
    row = _charter(site, engagement, number, "accepted")
    taken = {"status": "accepted", "accepted_at": make.NOW, "accepted_by": site.sponsor}
    Charter.objects.filter(pk=row.pk).update(**taken)


def _draft(site: Any, engagement: Engagement) -> None:
    """One that could be offered: the catalogue's rights, a limit for each hat, and a right of our own."""
    by, at = make.actor(site.lead), make.NOW
    row = charters.draft(engagement, origin="catalogue", by=by, at=at)
    limit = {"per_decision": Decimal(5000), "per_period": Decimal(20000), "currency": "EUR"}
    for hat in ("CAIO", "CTO"):
        made = charter_rights.set_limit(row, hat=hat, period="quarter", by=by, at=at, **limit)
        site.spare["limit draft"] = made
    site.spare["right draft"] = charter_rights.add_own_right(row, label="L", by=by, at=at)
    site.spare["charter draft"] = row


def _contracts(site: Any, main: Engagement, ready: Engagement) -> None:
    by, at = make.actor(site.lead), make.NOW
    file = site.spare["file of fees"]
    first = contracts.draft(main, title="T", summary="S", file=file, by=by, at=at)
    first = contracts.offer(first, by=by, at=at)
    contracts.accept(first, by=make.actor(site.sponsor), at=at)
    second = contracts.draft(main, title="T", by=by, at=at)
    site.keep(contracts.offer(second, by=by, at=at))
    site.spare["contract draft"] = contracts.draft(ready, title="T", by=by, at=at)
    assert ContractVersion.objects.filter(engagement=main).count() == 2
