"""The life of an engagement and its way along the spectrum, with drawn arguments."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from engagements import (
    bursts,
    gate,
    lifecycle,
    moves,
    phases,
    spectrum,
    stages,
    wearing,
)
from engagements.models import (
    Burst,
    Move,
    Stage,
    Wearing,
)
from practice import access
from tests.deliverables import owing
from tests.engagements import build
from tests.engagements.course_base import DAY, HATS, TERMS, Base


class Along(Base):
    """Most draws are such as take effect, some such as must be refused."""

    def draft(self) -> None:
        hats = self.one_of(*HATS)
        told = {"name": "One", "lead": self.cast.ada, "hats": hats}
        self.id = lifecycle.open_for(self.cast.orchard, by=self.ada, at=self.at, **told).pk
        for hat in hats:
            told = {"hat": hat, "member": self.cast.ada, "since_on": self.today}
            wearing.wear(self.row, by=self.ada, at=self.at, **told)

    def begin(self) -> None:
        """Most of what can go wrong lies behind the gate, and at random it is seldom passed."""
        lifecycle.propose(self.row, by=self.ada, at=self.at)
        self.show_depth()
        build.charter(self.cast, self.row, at=self.at)
        phase = self.one_of("", "", "months_4_12")
        point = "RETAINER" if phase else self.one_of(*build.RETAINERS, "SPRINT", "ADVISORY")
        told = {**build.TERMS, **self.one_of(*TERMS), "to_point": point, "to_phase": phase}
        told |= {"sprint": "4w"} if point == "SPRINT" else {}
        day = self.today - self.one_of(0, 0, 20) * DAY
        move = moves.propose(
            self.row, effective_on=day, reason="x", by=self.ada, at=self.at, **told
        )
        moves.agree(move, by=self.priya, at=self.at)
        self.activate()

    def another(self) -> None:
        if self.row.status == "ended":
            self.draft()
            self.begin()

    def propose_or_withdraw_it(self) -> None:
        self.tried(self.one_of(lifecycle.propose, lifecycle.withdraw), self.row)

    def activate(self) -> None:
        row = self.row
        missing = gate.missing(row, self.at)
        done = self.tried(lifecycle.activate, row)
        assert done is None or missing == [], f"active without {missing}"

    def show_depth(self) -> None:
        for worn in Wearing.objects.filter(engagement_id=self.id, hat="CAIO", depth_evidence=""):
            self.tried(wearing.note_depth, worn, depth_evidence="Shown.")

    def take_both_hats(self) -> None:
        self.tried(lifecycle.change, self.row, hats=HATS[0])
        told = {"hat": self.one_of("CTO", "CAIO"), "member": self.cast.ada}
        self.tried(wearing.wear, self.row, since_on=self.today, **told)

    def end(self) -> None:
        if self.number(0, 3) == 0 or Stage.objects.filter(
            engagement_id=self.id, until_on=None, point="FULL_TIME"
        ):
            day = self.today + self.one_of(0, 0, 1, -3, 2) * DAY
            self.tried(lifecycle.end, self.row, reason="x", on=day)

    def time_passes(self) -> None:
        self.wait(self.one_of(1, 2, 5, 10, 17, 31, 45))

    def wait(self, days: int) -> None:
        self.at += days * DAY + datetime.timedelta(hours=self.one_of(0, 0, 7, 13))
        build.tick(self.at)
        if self.number(0, 3) == 0:
            before = self.traces()
            build.tick(self.at)
            assert self.traces() == before, "the same tick twice did something twice"

    def move(self) -> None:
        """A step that there is from here; one that waits already is settled first, so that the course goes on."""
        waiting = self.last_move()
        if waiting is not None and waiting.status == "proposed":
            self.agree()
        if waiting is not None and waiting.status == "agreed" and self.number(0, 1):
            self.tried(moves.withdraw, waiting, reason="x")
        stage = stages.present(self.row)
        present = stage.point if stage else ""
        points = [to for since, to in spectrum.moves() if since == present and to != "FULL_TIME"]
        # Phases need a retainer that goes on for a while.
        points += 3 * [to for to in points if to in build.RETAINERS]
        self._move(stage, self.one_of(*(points or ["ADVISORY"])), self.one_of(0, 0, 0, 0, 1, 9))

    def move_anywhere(self) -> None:
        stage = stages.present(self.row)
        self._move(stage, self.one_of(*spectrum.points()), self.number(-30, 30))

    def _move(self, stage: Stage | None, point: str, shift: int) -> None:
        told: dict[str, Any] = dict(build.TERMS) if stage is None else {}
        told |= self.one_of({}, *TERMS)
        told |= {"fee_amount": Decimal(9000 + self.number(0, 999))} if self.number(0, 1) else {}
        told |= {"sprint": self.one_of("4w", "90d")} if point == "SPRINT" else {}
        told |= {"effective_on": self.today + shift * DAY, "to_point": point}
        self.tried(moves.propose, self.row, reason="x", **told)
        if self.number(0, 7):
            self.agree()

    def last_move(self) -> Move | None:
        return Move.objects.filter(engagement_id=self.id).order_by("id").last()

    def agree(self) -> None:
        move = self.last_move()
        if move is not None and self.row.status != "draft":
            self.tried(moves.agree, move, by=self.priya)

    def say_no(self) -> None:
        move = self.last_move()
        if move is not None and self.number(0, 1):
            self.tried(moves.withdraw, move, reason="x")
        elif move is not None and self.row.status != "draft":
            self.tried(moves.decline, move, reason="x", by=self.priya)

    def take_effect_again(self) -> None:
        def again(*, by: Any, at: datetime.datetime) -> None:
            moves.take_effect(move.pk, by, at)

        if move := self.last_move():
            self.tried(again, by=access.system(move.practice_id))

    def state_tests(self) -> None:
        row, met = self.row, self.number(0, 5) > 0
        stage = stages.present(row)
        asked = [test.key for test, _ in phases.tests(row, stage, self.at)] if stage else []
        for key in asked or ["DV-06"]:
            if key in phases.EXIT_TESTS and met:
                self.deliver(key)
            else:
                self.tried(phases.state_test, row, test=key, met=met, reason="x")

    def deliver(self, code: str) -> None:
        """Written, reviewed, released and accepted, all at once."""

        def whole(*, by: Any, at: datetime.datetime) -> None:
            with transaction.atomic():
                owing.delivered(self.cast, self.row, code, at=at)

        self.tried(whole)

    def phase_ends(self) -> None:
        """Its tests are stated, and time goes on until its last day has passed."""
        stage = stages.present(self.row)
        last = stages.last_day(self.row, stage) if stage else None
        if last is not None and spectrum.next_phase(stage.phase):
            self.state_tests()
            self.wait(max(1, (last - self.today).days + self.one_of(1, 0, 2)))

    def turn_by_hand(self) -> None:
        stage = stages.present(self.row)
        if stage is not None:
            told = {"to_phase": spectrum.next_phase(stage.phase) or "year_2_on", "reason": "x"}
            self.tried(moves.propose, self.row, effective_on=self.today, **told)

    def pause(self) -> None:
        if self.row.status == "paused" and self.number(0, 3):
            self.tried(lifecycle.resume, self.row)
            return
        since = self.today + self.one_of(0, 0, 0, 1, 6, -4) * DAY
        until = self.one_of(None, since + DAY, since + 9 * DAY, since + 30 * DAY, since)
        self.tried(lifecycle.pause, self.row, reason="x", since_on=since, until_on=until)

    def resume(self) -> None:
        on = self.one_of(None, None, self.today - 3 * DAY, self.today + 5 * DAY)
        self.tried(lifecycle.resume, self.row, on=on)

    def burst(self) -> None:
        since = self.today + self.one_of(0, 0, 3, -5) * DAY
        told = {"since_on": since, "until_on": since + self.one_of(14, 40, 0) * DAY}
        told |= {"cause": "product", "extra": self.one_of(Decimal(1), Decimal("2.25"))}
        self.tried(bursts.plan, self.row, **told)

    def change_burst(self) -> None:
        burst = Burst.objects.filter(engagement_id=self.id).order_by("id").last()
        if burst is not None and self.number(0, 2):
            until = burst.until_on + self.one_of(5, -5) * DAY
            self.tried(bursts.change, burst, until_on=until)
        elif burst is not None:
            self.tried(bursts.cancel, burst)
