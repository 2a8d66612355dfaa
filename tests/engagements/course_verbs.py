"""All that is done on a random course: its moves, its time and money, its papers; and how often each is drawn."""

from decimal import Decimal

from engagements import (
    charter_rights,
    charters,
    contracts,
    expenses,
    periods,
    stages,
    timesheet,
)
from engagements.ledger import next_month
from engagements.models import (
    Charter,
    ContractVersion,
    Period,
    TimeEntry,
)
from tests.engagements.course_base import DAY
from tests.engagements.course_moves import Along


class Course(Along):
    """One engagement at a time, after whose end another follows."""

    def note_time(self) -> None:
        """Some days of work, now and then such as were forgotten until their month was closed."""
        hats, closed = timesheet.hats_of(self.row), periods.last_closed(self.row)
        first = self.today - self.one_of(0, 1, 3, 12, 40) * DAY
        if closed is not None and self.number(0, 2) == 0:
            first = closed + self.one_of(27, 14, 2) * DAY
        for day in range(self.number(1, 3)):
            told = {"worked_on": first - day * DAY, "hat": self.one_of("", *hats)}
            told |= {"minutes": self.one_of(15, 95, 480, 701), "billable": self.number(0, 3) > 0}
            self.tried(timesheet.note, self.row, **told)

    def correct_time(self) -> None:
        entries = list(TimeEntry.objects.filter(engagement_id=self.id).order_by("-id")[:4])
        if entries:
            entry = self.one_of(*entries)
            if self.number(0, 1):
                day = entry.worked_on + self.one_of(0, -7) * DAY
                self.tried(timesheet.change, entry, minutes=61, worked_on=day)
            else:
                self.tried(timesheet.remove, entry)

    def note_expense(self) -> None:
        stage = stages.present(self.row)
        of_money = stage is not None and stage.allowance_unit == "money"
        currency = stage.currency if stage is not None and self.number(0, 3) else "USD"
        told = {"spent_on": self.today - self.one_of(0, 2, 9, 35) * DAY, "what": "x"}
        told |= {"amount": self.one_of(Decimal("0.01"), Decimal("412.37")), "currency": currency}
        against = of_money or self.number(0, 3) == 0
        told |= {"against_allowance": against, "billable": not against}
        self.tried(expenses.note, self.row, **told)

    def lock_months(self) -> None:
        """Those that are over, one after the other; now and then one that is not its turn."""
        for _ in range(self.number(1, 3)):
            following = periods.earliest_open(self.row)
            if following is not None and next_month(following) <= self.today:
                self.tried(periods.lock, self.row, month=following)
        if following is not None and self.number(0, 3) == 0:
            month = next_month(following, self.one_of(0, 1, -1))
            self.tried(periods.lock, self.row, month=month)

    def unlock_month(self) -> None:
        last = Period.objects.filter(engagement_id=self.id).order_by("starts_on", "id").last()
        if last is not None and self.tried(periods.unlock, last, reason="x"):
            self.reopened.add((str(self.id), last.starts_on.isoformat()))

    # Its papers.

    def charter(self) -> None:
        """One step on: a draft, its limits and its offer, the answer."""
        of = Charter.objects.filter(engagement_id=self.id)
        charter = of.filter(status__in=["draft", "offered"]).first() or of.order_by("id").last()
        if charter is None or charter.status not in ("draft", "offered"):
            origin = self.one_of("latest", "in_force", "catalogue")
            charter = self.tried(charters.draft, self.row, origin=origin, note=str(self.at))
        if charter is not None and charter.status == "draft" and self.number(0, 2):
            charter = self._offered(charter)
        if charter is not None and self.number(0, 2):
            self._answered(charter)

    def _offered(self, charter: Charter) -> Charter | None:
        told = {"per_decision": Decimal(5000), "per_period": Decimal(20000), "currency": "EUR"}
        for hat in charters.hats_of(self.row) if self.number(0, 3) else ():
            self.tried(charter_rights.set_limit, charter, hat=hat, period="quarter", **told)
        offered: Charter | None = self.tried(charters.offer, charter)
        return offered

    def _answered(self, charter: Charter) -> None:
        answer = self.one_of("accept", "accept", "accept", "decline", "withdraw")
        if answer == "withdraw":
            self.tried(charters.withdraw_offer, charter)
        elif self.row.status != "draft" and charter.status != "draft":
            told = {"reason": "x"} if answer == "decline" else {}
            verb = charters.decline if told else charters.accept
            self.tried(verb, charter, sha256=charter.sha256, by=self.priya, **told)

    def contract(self) -> None:
        of = ContractVersion.objects.filter(engagement_id=self.id)
        version = of.order_by("number").last()
        if version is None or version.status not in ("draft", "offered") or not self.number(0, 9):
            self.tried(contracts.draft, self.row, title="Contract")
        elif version.status == "draft":
            self.tried(contracts.offer, version)
        elif self.row.status != "draft":
            verb = self.one_of(contracts.accept, contracts.accept, contracts.withdraw)
            self.tried(verb, version, by=self.ada if verb is contracts.withdraw else self.priya)


# How often each is drawn, out of a hundred or so.
VERBS = {
    "time_passes": 18,
    "move": 14,
    "move_anywhere": 3,
    "agree": 2,
    "say_no": 2,
    "take_effect_again": 2,
    "state_tests": 4,
    "phase_ends": 4,
    "turn_by_hand": 2,
    "pause": 6,
    "resume": 3,
    "burst": 4,
    "change_burst": 2,
    "note_time": 11,
    "correct_time": 3,
    "note_expense": 4,
    "lock_months": 9,
    "unlock_month": 1,
    "charter": 5,
    "contract": 4,
    "take_both_hats": 1,
    "show_depth": 1,
    "propose_or_withdraw_it": 2,
    "activate": 2,
    "end": 4,
    "another": 4,
}
