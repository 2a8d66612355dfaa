"""What the engagements app keeps of a client: an engagement under way with a row of everything, and beside it one of
each other state, so that every verb has something to work on."""

import datetime
from typing import Any

from django.utils import timezone

from deliverables import planning
from engagements import moves
from engagements.models import (
    Burst,
    Deputy,
    Engagement,
    ExitStatement,
    Expense,
    Finding,
    HandoverItem,
    HatShare,
    Pause,
    Period,
    ReportingLine,
    Stage,
    TimeEntry,
    Wearing,
)
from practice import access, agenda, files, rows
from practice.models import Client, Contact, Member, Rendering, StoredFile
from tests import make
from tests.doors import agreed, billed, boarded, chained, decided, delivered, packed
from tests.doors.canaries import Canaries, Origin
from tests.engagements import build

START = datetime.date(2026, 1, 1)
JANUARY, WORKED = START, datetime.date(2026, 2, 10)
FAR, END = datetime.date(2098, 1, 1), datetime.date(2098, 2, 1)
Rows = dict[str, Any]
DRAWERS = {
    "withheld": (
        "engagement draft",
        "move suggested",
        "charter draft",
        "right draft",
        "limit draft",
        "contract draft",
        "decision proposed",
        "decision to score",
        "decision decided",
        "entry withheld",
        "opening withheld",
        *delivered.DRAWN,
        *boarded.DRAWN,
    ),
    "fees": ("file of fees", "period of money"),
}


class Site:
    """One client, and who works for it there."""

    def __init__(
        self,
        client: Client,
        place: str,
        canaries: Canaries,
        *,
        lead: Member,
        sponsor: Contact,
        other: Member,
    ) -> None:
        self.client, self.place, self.canaries = client, place, canaries
        self.lead, self.sponsor, self.other = lead, sponsor, other
        self.by = access.system(client.practice_id)
        self.found: Rows = {}
        self.spare: Rows = {}

    def mark(self, model: str, field: str, drawer: str = "") -> str:
        return self.canaries.text(Origin(self.where(drawer), model, field))

    def sum(self, model: str, field: str) -> Any:
        return self.canaries.sum(Origin(self.where(""), model, field))

    def where(self, drawer: str) -> frozenset[str]:
        return frozenset({f"{self.place}, {drawer}" if drawer else self.place})

    def open(self, status: str, **details: Any) -> Engagement:
        shape: dict[str, Any] = {"client": self.client, "lead": self.lead, "name": status}
        hats = {"CTO": 60, "CAIO": 40}
        return build.engagement(None, status=status, hats=hats, **shape | details)  # type: ignore[arg-type]

    def add(self, model: Any, engagement: Engagement, event: str, /, **values: Any) -> Any:
        row = model(
            practice_id=self.client.practice_id,
            client=self.client,
            engagement=engagement,
            **values,
        )
        return rows.add(row, by=self.by, at=make.NOW, kind=event)

    def keep(self, *rows_: Any) -> None:
        self.found |= {row._meta.model_name: row for row in rows_}


def rows_at(site: Site) -> None:
    main = site.open("active", terms=_terms(site), starts_on=START)
    stage = Stage.objects.get(engagement=main)
    site.keep(main, stage)
    site.keep(HatShare.objects.filter(engagement=main).order_by("id")[0])
    site.keep(Wearing.objects.filter(engagement=main).order_by("id")[0])
    _files(site)
    _people(site, main)
    _course(site, main, stage)
    _time(site, main)
    _others(site)
    agreed.rows_at(site, main)
    decided.rows_at(site, main)
    chained.rows_at(site, main)
    packed.rows_at(site, main)
    boarded.rows_at(site, main)
    billed.rows_at(site, main, stage)
    delivered.rows_at(site, main)
    _plans(site)


def _plans(site: Site) -> None:
    """What those under way owe is planned, as every verb of their course would leave it."""
    for row in Engagement.objects.filter(client=site.client, status__in=("active", "paused")):
        planning.follow(row, by=site.by, at=timezone.now())


def _terms(site: Site, *, in_money: bool = False) -> dict[str, Any]:
    """Fees that the log keeps, too, under marks of their own."""
    money = {
        "allowance_unit": "money",
        "allowance": site.sum("stage", "allowance in money"),
        "rollover_cap": site.sum("stage", "rollover_cap in money"),
    }
    return {
        "fee_amount": site.sum("stage", "fee_amount"),
        "hour_rate": site.sum("stage", "hour_rate"),
        "client_sees_hats": True,
        "rollover_months": 3,
        "rollover_cap": site.sum("stage", "rollover_cap"),
        "overage": "absorbed",
        **(money if in_money else {}),
    }


def _files(site: Site) -> None:
    """One that anybody of the practice there may read, and one that tells of fees."""
    for commercial in (True, False):
        drawer = "fees" if commercial else ""
        row = files.keep(
            site.client,
            name=f"{site.mark('storedfile', 'name', drawer)}.txt",
            content=site.mark("storedfile", "content", drawer).encode(),
            commercial=commercial,
            by=site.by,
            at=make.NOW,
        )
        if commercial:
            site.spare["file of fees"] = row
        else:
            site.keep(row, _paper(site, row))


def _paper(site: Site, file: StoredFile) -> Rendering:
    """A paper of that file's client that was given up."""
    row = Rendering(
        practice_id=site.client.practice_id,
        client=site.client,
        kind="none",
        subject_id=file.pk,
        sha256=file.sha256,
        status="failed",
        fault="NotSet",
        due_at=make.NOW,
        attempts=5,
    )
    return rows.add(row, by=site.by, at=make.NOW, kind="rendering.asked")


def _people(site: Site, main: Engagement) -> None:
    worn = site.found["wearing"]
    deputy = site.add(
        Deputy,
        main,
        "deputy.named",
        wearing=worn,
        member=site.other,
        since_on=FAR,
        until_on=END,
    )
    line = site.add(
        ReportingLine,
        main,
        "reporting_line.begun",
        hat="CTO",
        reports_to="CEO",
        since_on=START,
    )
    site.keep(deputy, line)


def _course(site: Site, main: Engagement, stage: Stage) -> None:
    by, at = make.actor(site.lead), make.NOW
    site.keep(
        site.add(
            Pause,
            main,
            "pause.begun",
            since_on=START + datetime.timedelta(days=4),
            until_on=START + datetime.timedelta(days=6),
            reason="R",
        ),
        site.add(
            Burst,
            main,
            "burst.planned",
            since_on=FAR,
            until_on=END,
            cause="product",
            extra="2",
            unit="days",
        ),
        site.add(
            ExitStatement,
            main,
            "exit_test.stated",
            stage=stage,
            test="DV-06",
            met=False,
            reason=site.mark("exitstatement", "reason"),
        ),
        moves.propose(
            main,
            to_point="RETAINER_HIGH",
            effective_on=FAR,
            reason="R",
            fee_amount=site.sum("move", "fee_amount"),
            by=by,
            at=at,
        ),
    )
    site.spare["date"] = agenda.plan(
        "sprint_end",
        subject_id=main.pk,
        practice_id=main.practice_id,
        client_id=main.client_id,
        due_at=datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC),
        at=at,
        title="T",
        period="door",
    )
    for key, done in (("DV-01", {}), ("DV-02", {"done_at": at, "done_by": site.lead})):
        item = site.add(HandoverItem, main, "handover.item_added", key=key, label="L", **done)
        if done:
            site.spare["handover item done"] = item
        else:
            site.keep(item)
    reason = {"acknowledged_at": at, "acknowledged_by": site.lead, "acknowledged_reason": "R"}
    for code, more in (("FM-03", {}), ("FM-04", reason)):
        mark = site.mark("finding", "evidence")
        evidence = [{"kind": "figure", "id": "F", "text": mark}]
        finding = site.add(
            Finding,
            main,
            "finding.raised",
            code=code,
            sentence="S",
            evidence=evidence,
            raised_at=at,
            seen_at=at,
            **more,
        )
        if more:
            site.spare["finding acknowledged"] = finding
        else:
            site.keep(finding)


def _time(site: Site, main: Engagement) -> None:
    days = {"booked_on": WORKED}
    receipt = StoredFile.objects.get(pk=site.found["storedfile"].pk)
    for member in (site.other, site.lead):
        entry = site.add(
            TimeEntry, main, "time.noted", member=member, worked_on=WORKED, minutes=90, **days
        )
        spent = site.add(
            Expense,
            main,
            "expense.noted",
            member=member,
            spent_on=WORKED,
            amount=site.sum("expense", "amount"),
            what="Taxi",
            receipt=receipt,
            **days,
        )
        site.keep(entry, spent)
    for unit, currency in (("money", "EUR"), ("minutes", "")):
        values = dict.fromkeys(
            ("allowance", "rolled_in", "used", "left", "over", "expired", "billed"), "1"
        )
        period = site.add(
            Period,
            main,
            "period.locked",
            starts_on=JANUARY,
            unit=unit,
            currency=currency,
            commercial=bool(currency),
            client_sees=True,
            carried={"slices": [], "owed": "0.00"},
            locked_at=make.NOW,
            **values,
        )
        if currency:
            site.spare["period of money"] = period
        else:
            site.keep(period)


def _others(site: Site) -> None:
    """Beside the one under way: one paused with nothing pending, one a draft, one that only has to begin."""
    by, at = make.actor(site.lead), make.NOW
    later = {"phase": "months_4_12"}
    paused = site.open("paused", terms=_terms(site, in_money=True) | later, starts_on=START)
    extra = site.sum("burst", "extra in money")
    days = {"since_on": FAR, "until_on": END}
    site.add(Burst, paused, "burst.planned", cause="product", extra=extra, unit="money", **days)
    site.add(Pause, paused, "pause.begun", since_on=datetime.date(2026, 2, 1), reason="R")
    suggested = moves.suggest(
        paused, to_point="RETAINER_HIGH", reason="R", by=access.on_own_authority(by), at=at
    )
    draft = site.open("draft")
    ready = site.open("proposed", starts_on=make.NOW.date())
    begin = moves.propose(
        ready,
        to_point="RETAINER",
        effective_on=make.NOW.date(),
        reason="R",
        by=by,
        at=at,
        **build.TERMS,
    )
    moves.agree(begin, by=make.actor(site.sponsor), at=at)
    site.spare |= {
        "sponsor": site.sponsor,
        "engagement paused": paused,
        "engagement draft": draft,
        "engagement ready": ready,
        "move suggested": suggested,
        "move agreed": begin,
    }
