"""What the demo tells of engagements: clients at every point of the spectrum, with their way there, time, charters,
findings and batches. All of it goes through the verbs, dated relative to the day of loading."""

import csv
import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from assessments.models import Choice
from engagements import (
    billing,
    bursts,
    capacity,
    charter_rights,
    charters,
    contracts,
    dates,
    deputies,
    expenses,
    handover,
    ledger,
    lifecycle,
    moves,
    periods,
    phases,
    radar_clock,
    rates,
    reporting,
    time_import,
    wearing,
)
from engagements.demo_stories import CAPACITY, LETTER, RATES, TALES, Leg, Tale, Work, monthly
from engagements.models import Engagement, HandoverItem, Move, Wearing
from practice import access, clients, demo, files, identity
from practice.access import Actor
from practice.demo.dates import ago
from practice.models import AgendaEntry, Client, Contact, Member
from practice.quarters import local_day
from practice.registers import Register

Moment = datetime.datetime
# Contributed: who tells how what an exit test asks for was delivered, of one engagement, by its key and at a moment.
DELIVERS: Register[Callable[[Engagement, str, Moment], None]] = Register(
    "what the demo tells of exit tests"
)
HEADINGS = ("Start date", "Start time", "Duration", "Email", "Description", "Tags", "Billable")


def tell(owner: Member, team: dict[str, Member], at: Moment) -> None:
    teller = Teller(owner, team, at)
    teller.prices()
    told = {tale.client: teller.engagement(tale) for tale in TALES}
    teller.proposal()
    teller.draft()
    teller.at_marmalade(told["Marmalade Insurance"])
    teller.at_others(told)
    teller.settle_past(list(told.values()))
    radar_clock.look(owner.practice_id, access.system(owner.practice_id), at)


class Teller:
    """Who tells, and when."""

    def __init__(self, owner: Member, team: dict[str, Member], at: Moment) -> None:
        self.team, self.now = team, at
        self.by = identity.actor(owner, "import")
        self.clock = access.system(owner.practice_id)
        named = Client.objects.filter(practice_id=owner.practice_id)
        self.clients = {client.name: client for client in named}
        self.sponsors = {
            contact.client_id: contact
            for contact in Contact.objects.filter(practice_id=owner.practice_id, role="sponsor")
        }

    def ago(self, days: int) -> Moment:
        return ago(self.now, days)

    def day(self, days: int, client: Client) -> datetime.date:
        return local_day(self.ago(days), client.time_zone)

    def how(self, days: int, by: Actor | None = None) -> dict[str, Any]:
        return {"by": by or self.by, "at": self.ago(days)}

    def prices(self) -> None:
        since = self.ago(300).date()
        for point, per, low, high in RATES:
            told = {"point": point, "per": per, "low": Decimal(low), "high": Decimal(high)}
            rates.state(**told, currency="EUR", since_on=since, **self.how(300))
        for email, days in CAPACITY:
            capacity.state(
                self.team[email], days_per_month=Decimal(days), since_on=since, **self.how(300)
            )

    # One engagement, from its draft to today.

    def engagement(self, tale: Tale) -> Engagement:
        client = self.clients[tale.client]
        first = tale.legs[0]
        row = self.drawn_up(tale, client, first.since)
        move = self.step(row, first, first.since + 8)
        lifecycle.propose(row, **self.how(first.since + 7))
        self.yes(move, first.since + 5)
        if tale.charter == "accepted":
            self.charter(row, first.since + 4, accepted=True)
        row = lifecycle.activate(row, **self.how(first.since))
        if tale.letter:
            self.contract(row, first.since)
        self.later(row, tale)
        if tale.charter == "offered":
            self.charter(row, 3, accepted=False)
        if tale.work:
            self.time(row, tale.work)
        return row

    def drawn_up(self, tale: Tale, client: Client, since: int) -> Engagement:
        row = lifecycle.open_for(
            client,
            name=tale.name,
            lead=self.team[tale.lead],
            hats=tale.hats,
            **tale.details,
            **self.how(since + 12),
        )
        for hat, who in tale.worn.items():
            wearing.wear(
                row,
                hat=hat,
                member=self.team[who],
                since_on=self.day(since, client),
                depth_evidence=tale.depth if hat == "CAIO" else "",
                **self.how(since + 10),
            )
        for hat, whom in tale.answers_to.items():
            reporting.answer_to(
                row,
                hat=hat,
                reports_to=whom,
                since_on=self.day(since, client),
                review_on=self.day(-40, client),
                **self.how(since + 10),
            )
        return row

    def step(self, row: Engagement, leg: Leg, told: int) -> Move:
        terms = dict(leg.terms)
        if "planned_end_on" in terms:
            terms["planned_end_on"] = self.day(-terms["planned_end_on"], row.client)
        return moves.propose(
            row,
            to_point=leg.point,
            to_phase=leg.phase,
            effective_on=self.day(leg.since, row.client),
            reason=leg.reason,
            **terms,
            **self.how(told),
        )

    def yes(self, move: Move, days: int) -> None:
        """In the portal by those who have a login, else on the phone."""
        sponsor = self.sponsors[move.client_id]
        if sponsor.user_id:
            moves.agree(move, **self.how(days, identity.actor(sponsor, "import")))
            return
        note = "On the phone, and by mail the same day."
        moves.agree_on_behalf(move, contact=sponsor, note=note, **self.how(days))

    def later(self, row: Engagement, tale: Tale) -> None:
        """Steps and phases after the first, in the order in which they came."""
        happened: list[tuple[int, Any]] = [(leg.since, leg) for leg in tale.legs[1:]]
        happened += [(days, tests) for days, tests in tale.turns]
        for days, what in sorted(happened, key=lambda one: -one[0]):
            if isinstance(what, Leg):
                self.yes(self.step(row, what, days + 9), days)
                continue
            for test in what:
                self.met(row, test, days + 3)
            phases.turn(row.pk, self.clock, self.ago(days))

    def met(self, row: Engagement, test: str, days: int) -> None:
        """What is read from a room above is told by that room, at the moment it belongs to."""
        if test in phases.EXIT_TESTS:
            for key in DELIVERS:
                DELIVERS[key](row, test, self.ago(days))
            return
        reason = "Accepted by the sponsor in the weekly call."
        phases.state_test(row, test=test, met=True, reason=reason, **self.how(days))

    def charter(self, row: Engagement, days: int, *, accepted: bool) -> None:
        note = "Who decides what, so that nobody has to ask twice."
        draft = charters.draft(row, note=note, **self.how(days))
        for hat in charters.hats_of(row):
            charter_rights.set_limit(
                draft,
                hat=hat,
                per_decision=Decimal(15000),
                per_period=Decimal(60000),
                period="quarter",
                currency="EUR",
                **self.how(days),
            )
        draft = charters.offer(draft, **self.how(days))
        if not accepted:
            return
        sponsor = self.sponsors[row.client_id]
        if sponsor.user_id:
            by = identity.actor(sponsor, "import")
            charters.accept(draft, sha256=draft.sha256, **self.how(days - 1, by))
            return
        note = "Signed on paper in the kick-off."
        charters.accept_on_behalf(
            draft, sha256=draft.sha256, contact=sponsor, note=note, **self.how(days - 1)
        )

    def contract(self, row: Engagement, days: int) -> None:
        letter = files.keep(
            row.client, name="Engagement letter.txt", content=LETTER, **self.how(days)
        )
        version = contracts.draft(
            row,
            title="Engagement letter",
            summary="Services, fees, notice.",
            file=letter,
            **self.how(days),
        )
        version = contracts.offer(version, **self.how(days))
        contracts.accept_on_behalf(
            version,
            contact=self.sponsors[row.client_id],
            note="Signed on paper; the scan is in our files.",
            evidence=letter,
            **self.how(days),
        )

    def time(self, row: Engagement, work: tuple[Work, ...]) -> None:
        """As a file of a time tracker, which is how a practice that begins with Remit would bring it."""
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(HEADINGS)
        for one in work:
            for days in range(one.since, one.until - 1, -1):
                day = self.day(days, row.client)
                for weekday, hat, minutes, what in one.week:
                    if day.weekday() == weekday:
                        lines.writerow(_line(day, hat, minutes, what, one.who))
        time_import.take(row, content=text.getvalue(), dates="iso", dry_run=False, **self.how(0))

    # What is particular.

    def at_marmalade(self, row: Engagement) -> None:
        """A step up and a deputy that wait for Petra; months closed, one batch exported and one open."""
        client = row.client
        worn = Wearing.objects.get(engagement=row, hat="CTO", until_on=None)
        deputies.name(
            worn,
            member=self.team[demo.BETTINA],
            since_on=self.day(-18, client),
            until_on=self.day(-32, client),
            limit_per_decision=Decimal(5000),
            **self.how(4),
        )
        up = Leg(
            -20,
            "RETAINER_HIGH",
            "Claims handling goes live in three countries; four days a month no longer carry both hats.",
            monthly(24500, 6, client_sees_hats=True),
        )
        self.step(row, up, 2)
        last = _months_before(self.day(0, client), 1)
        for what, amount, days in (
            ("Train to Munich", "184.50", 3),
            ("Hotel, two nights", "318.00", 4),
        ):
            expenses.note(
                row,
                spent_on=_months_before(last, 1) + datetime.timedelta(days=days),
                amount=Decimal(amount),
                what=what,
                member=self.team[demo.ANSEL],
                **self.how(0),
            )
        month = periods.earliest_open(row)
        while month is not None and month <= last:
            periods.lock(row, month=month, **self.how(0))
            month = ledger.next_month(month)
        before = _months_before(last, 1)
        batch = billing.open_batch(client, from_on=before, until_on=last, **self.how(0))
        billing.export(batch, **self.how(0))
        billing.open_batch(client, from_on=last, until_on=ledger.next_month(last), **self.how(0))

    def at_others(self, told: dict[str, Engagement]) -> None:
        hollowreed = told["Hollowreed Instruments"]
        bursts.plan(
            hollowreed,
            since_on=self.day(20, hollowreed.client),
            until_on=self.day(-40, hollowreed.client),
            cause="regulation",
            extra=Decimal(2),
            note="Papers for the notified body.",
            **self.how(20),
        )
        bramblefork = told["Bramblefork Dairy"]
        reason = "The harvest: nobody at the farms has time."
        lifecycle.pause(
            bramblefork, since_on=self.day(12, bramblefork.client), reason=reason, **self.how(12)
        )
        lifecycle.end(told["Oldmill Paper"], reason="The mills are together.", **self.how(200))
        clients.change(self.clients["Oldmill Paper"], status="former", **self.how(195))
        self.hand_over(told["Oldmill Paper"], 190, "Eero Foolscap has it.")
        self.hand_over(told["Saltmoth Energy"], 10, "To Torsten Lampshade.", most=2)

    def hand_over(self, row: Engagement, days: int, note: str, most: int = 99) -> None:
        by = identity.actor(row.lead, "import")
        for item in HandoverItem.objects.filter(engagement=row).order_by("id")[:most]:
            handover.tick(item, note=note, **self.how(days, by))

    def proposal(self) -> None:
        """Proposed, and the charter with it: what is missing before it can begin stands on its page."""
        client = self.clients["Velvet Anchor Bank"]
        tale = Tale(
            client.name,
            "AI and technology of the bank",
            demo.ANSEL,
            {"CTO": 40, "CAIO": 60},
            {"CTO": demo.ANSEL, "CAIO": demo.ANSEL},
            (),
            details={"eu_milestones": True, "starts_on": self.day(-14, client)},
        )
        row = self.drawn_up(tale, client, -14)
        up = Leg(-14, "RETAINER_HIGH", "Until a full-time officer is found.", monthly(31000, 8))
        self.step(row, up, 5)
        lifecycle.propose(row, **self.how(4))
        self.charter(row, 3, accepted=False)

    def draft(self) -> None:
        """From what was chosen on the assessment."""
        choice = Choice.objects.get(client=self.clients["Brassfiddle Software"])
        lifecycle.draft_from(choice, lead=self.team[demo.ANSEL], **self.how(6))

    def settle_past(self, told: list[Engagement]) -> None:
        """What fell due long ago was dealt with then."""
        rows = {row.pk: row for row in told}
        past = AgendaEntry.objects.filter(
            subject_id__in=list(rows),
            kind__in=dates.BY_HAND,
            status=AgendaEntry.Status.OPEN,
            due_at__lt=self.ago(8),
        )
        for entry in past:
            dates.settle(
                rows[entry.subject_id],
                kind=entry.kind,
                period=entry.period,
                by=self.by,
                at=entry.due_at,
            )


def _line(day: datetime.date, hat: str, minutes: int, what: str, who: str) -> list[str]:
    hours, rest = divmod(minutes, 60)
    tags = f"{hat}, reactive" if what.endswith("*") else hat
    length = f"{hours:02}:{rest:02}:00"
    return [day.isoformat(), "09:00:00", length, who, what.rstrip("*"), tags, "Yes"]


def _months_before(day: datetime.date, months: int) -> datetime.date:
    """The first of an earlier month."""
    index = day.year * 12 + day.month - 1 - months
    return datetime.date(index // 12, index % 12 + 1, 1)
