"""A deliverable of Ada's in each state, with everybody who may knock at it; and one call for each verb."""

from collections.abc import Callable
from typing import Any

from deliverables import accepting, commenting, owed, releasing, reviewing, writing
from deliverables.models import Deliverable, Release
from engagements import lifecycle
from practice import access
from practice.refusals import Refusal
from tests import make
from tests.callers import Caller
from tests.cast import Cast
from tests.deliverables import owing
from tests.deliverables.flow_table import NAMED
from tests.engagements import build
from tests.make import NOW

REFUSED = {"remarks": "One remark", "changes": "Shorter", "rejected": "No use"}


class Flow:
    def __init__(self, cast: Cast, state: str) -> None:
        self.cast, self.state = cast, state
        self.engagement = build.engagement(cast)
        self.people = people(cast)
        self.row = self._in_state()
        self.release = Release.objects.filter(deliverable=self.row).last()

    def _in_state(self) -> Deliverable:
        ada, row = make.actor(self.cast.ada), owing.planned(self.engagement, self.cast.ada)
        if self.state == "planned":
            return row
        version = owing.written(row, self.cast.ada)
        if self.state == "dropped":
            owed.drop(row, reason="Not needed", by=ada, at=NOW)
        if self.state not in ("in_progress", "dropped"):
            writing.submit(version, by=ada, at=NOW)
        if self.state not in ("in_progress", "dropped", "in_review"):
            reviewing.pass_on(row, by=make.actor(self.cast.olu), at=NOW)
        if self.state not in ("in_progress", "dropped", "in_review", "reviewed"):
            self._released(row)
        return Deliverable.objects.get(pk=row.pk)

    def _released(self, row: Deliverable) -> None:
        ada, priya = make.actor(self.cast.ada), make.actor(self.cast.priya)
        to = [self.people[name] for name in NAMED]
        release = releasing.release(row, to=to, by=ada, at=NOW)
        if self.state == "accepted":
            owing.accepted(self.cast, release)
        elif self.state in REFUSED:
            said = {"answer": self.state, "remarks": REFUSED[self.state]}
            accepting.answer(release, by=priya, at=NOW, **said)
        elif self.state == "ended":
            lifecycle.end(self.engagement, reason="Done", by=make.actor(self.cast.olu), at=NOW)

    def tried(self, verb: str, role: str) -> str:
        if role == "system":
            return told(lambda: self._by_the_clock(verb))
        method, path, body = self._call(verb)
        answer = Caller(self.people[role]).call(method, path, body)
        return "done" if answer.status_code < 400 else str(answer.json()["code"])

    def _call(self, verb: str) -> tuple[str, str, dict[str, Any]]:
        one = f"deliverables/{self.row.pk}/"
        version = f"deliverable-versions/{self.row.latest_id}/"
        release = f"releases/{self.release.pk if self.release else ''}/"
        bodies: dict[str, tuple[str, dict[str, Any]]] = {
            "drop": (one, {"reason": "R"}),
            "begin": (one, {"text": "T"}),
            "send-back": (one, {"note": "N"}),
            "release": (one, {"to": [str(self.cast.priya.pk)], "answer_by": "2099-01-01"}),
            "comment": (one, {"body": "B", "internal": True}),
            "submit": (version, {}),
            "discard": (version, {}),
            "withdraw": (release, {}),
            "tick": (release, {"number": 1}),
            "answer": (release, {"answer": "remarks", "remarks": "R"}),
            "reply": (release, {"body": "B"}),
        }
        if verb == "change":
            return "PATCH", one, {"title": "Other"}
        if verb == "revise":
            return "PATCH", version, {"text": "Other"}
        path, body = bodies.get(verb, (one, {}))
        return "POST", f"{path}{verb}/", body

    def _by_the_clock(self, verb: str) -> object:
        said = {"by": access.system(self.row.practice_id), "at": NOW}
        row, version, release = self.row, self.row.latest, self.release
        calls: dict[str, Callable[[], object]] = {
            "change": lambda: owed.change(row, title="Other", **said),
            "drop": lambda: owed.drop(row, reason="R", **said),
            "take-up": lambda: owed.take_up(row, **said),
            "begin": lambda: writing.begin(row, text="T", **said),
            "pass-on": lambda: reviewing.pass_on(row, **said),
            "send-back": lambda: reviewing.send_back(row, note="N", **said),
            "take-back": lambda: reviewing.take_back(row, **said),
            "release": lambda: releasing.release(row, to=[self.cast.priya], **said),
            "comment": lambda: commenting.comment(row, body="B", internal=True, **said),
            "revise": lambda: writing.revise(version, text="Other", **said),
            "submit": lambda: writing.submit(version, **said),
            "discard": lambda: writing.discard(version, **said),
            "withdraw": lambda: releasing.withdraw(release, **said),
            "tick": lambda: accepting.tick(release, number=1, **said),
            "answer": lambda: accepting.answer(release, answer="remarks", remarks="R", **said),
            "reply": lambda: commenting.reply(release, body="B", **said),
        }
        return calls[verb]()


def told(call: Callable[[], object]) -> str:
    try:
        call()
    except Refusal as refused:
        return refused.code
    return "done"


def people(cast: Cast) -> dict[str, Any]:
    amy = make.member(cast.practice, make.user("amy@lantern.test", "Amy"), "associate")
    make.assignment(amy, cast.orchard)
    found: dict[str, Any] = {"amy": amy, "bot": cast.bot}
    for name, role in (("reviewer", "reviewer"), ("viewer", "viewer"), ("unnamed", "sponsor")):
        person = make.user(f"{name}@orchard.test", name)
        found[name] = make.contact(cast.orchard, name, role, person, email=person.email)
    found["writer"] = make.key(cast.practice, "Writer", ("read", "write"))
    names = ("olu", "ada", "ben", "fin", "priya", "marta", "ravi", "zoe")
    return found | {name: getattr(cast, name) for name in names}
