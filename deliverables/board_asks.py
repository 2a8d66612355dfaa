"""Decisions asked of the board: put with options while the report is written, answered once when it is issued, and
carried into the decision log."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from deliverables import board_writing, decisions, seals
from deliverables.models import BoardAnswer, BoardAsk, BoardReport, Decision
from deliverables.models.board import ISSUED
from deliverables.models.board_asked import MOST_ANSWERS
from deliverables.models.decisions import ERASED
from engagements.models import Engagement
from practice import access, keys, rows
from practice.access import Actor
from practice.models import Contact
from practice.models.people import Hat
from practice.refusals import Conflict, Invalid, NotAllowed, Refusal, Taken

MOST_ASKS, LONGEST_OPTION = 20, 200
NO_RIGHT = "The question names no right of the charter, so the answer stands here and in the sealed log alone."


class NotAsked(Conflict):
    code, sentence = "board_not_asked", "The board can answer once the report is issued."


class TooManyAsks(Conflict):
    code, sentence = "too_many_board_asks", f"At most {MOST_ASKS} questions in one report."


def add(
    report: BoardReport,
    *,
    question: str,
    options: list[str],
    context: str = "",
    code: str = "",
    hat: str = "",
    by: Actor,
    at: datetime.datetime,
) -> BoardAsk:
    """Ask the board to decide something, with the options it has."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = board_writing.held(report, by)
        there = BoardAsk.objects.filter(report=report)
        if there.count() >= MOST_ASKS:
            raise TooManyAsks
        last: int | None = there.aggregate(last=Max("number"))["last"]
        says = _checked(
            {"question": question, "options": options, "context": context, "code": code, "hat": hat}
        )
        ask = BoardAsk(
            practice_id=report.practice_id,
            client_id=report.client_id,
            engagement_id=report.engagement_id,
            report=report,
            number=(last or 0) + 1,
            **says,
        )
        return rows.add(ask, by=by, at=at, kind="board_ask.added")


def change(
    ask: BoardAsk, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> BoardAsk:
    access.require(by, "board_report", "change")
    with transaction.atomic():
        board_writing.held(ask.report, by)
        now = {
            name: getattr(ask, name) for name in ("question", "options", "context", "code", "hat")
        }
        says = _checked({**now, **changes})
        return rows.change(ask, says, by=by, at=at, kind="board_ask.changed", expected=expected)


def remove(ask: BoardAsk, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> None:
    """Do not ask it after all."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        board_writing.held(ask.report, by)
        rows.remove(ask, by=by, at=at, kind="board_ask.removed", expected=expected)


def answer(
    ask: BoardAsk, *, chosen: int, note: str = "", by: Actor, at: datetime.datetime
) -> BoardAnswer:
    """The board's answer, by one of its members. It is given once."""
    access.require(by, "board_report", "accept")
    if by.kind != "contact":
        raise NotAllowed
    contact = access.get(by, Contact, by.id or "")
    return _answer(ask, contact, {"chosen": chosen, "note": note.strip()}, by, at)


def put_down(
    ask: BoardAsk,
    *,
    contact: Contact,
    chosen: int,
    evidence_note: str,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> BoardAnswer:
    """What the board answered elsewhere, as in a meeting, and what shows it."""
    access.require(by, "board_report", "change")
    if not evidence_note.strip():
        raise Invalid({"evidence_note": ["Say where and how the board answered."]})
    if contact.client_id != ask.client_id or contact.role not in access.CLIENT_LEADS:
        raise Invalid({"contact": ["A board contact or the sponsor of this client is needed."]})
    said = {"chosen": chosen, "note": note.strip(), "evidence_note": evidence_note.strip()}
    engagement = Engagement.objects.get(pk=ask.engagement_id)
    said["recorded_by"] = keys.stands_for(by, engagement.lead)
    return _answer(ask, contact, said, by, at)


def blot(id: Any, names: set[str], by: Actor, at: datetime.datetime) -> None:
    """Forget in the row, too, what was erased from the sealed log."""
    own = access.on_own_authority(by)
    row = access.get(own, BoardAnswer, id)
    changes = {
        name: ERASED for name in BoardAnswer.erasable if name in names and getattr(row, name)
    }
    rows.change(row, changes, by=own, at=at, kind="board_answer.erased")


def _answer(
    ask: BoardAsk, contact: Contact, said: dict[str, Any], by: Actor, at: datetime.datetime
) -> BoardAnswer:
    own = access.on_own_authority(by)
    with transaction.atomic():
        # The engagement first, as whoever decides does; the same row keeps two answers from meeting.
        engagement = access.get(own, Engagement, ask.engagement_id, lock=True)
        ask = access.get(by, BoardAsk, ask.pk)
        if ask.report.status not in ISSUED:
            raise NotAsked
        if not 1 <= said["chosen"] <= len(ask.options):
            raise Invalid({"chosen": [f"From 1 to {len(ask.options)}."]})
        row = BoardAnswer(
            practice_id=ask.practice_id,
            client_id=ask.client_id,
            engagement_id=ask.engagement_id,
            report_id=ask.report_id,
            ask=ask,
            contact=contact,
            **said,
        )
        row.decision, row.not_logged = _into_the_log(ask, engagement, row, own, at)
        taken = Taken("The board has answered this.", "chosen")
        row = rows.add(row, by=own, at=at, kind="board_answer.given", taken=taken)
        _seal(ask, engagement, row, by, at)
        return row


def _into_the_log(
    ask: BoardAsk, engagement: Engagement, row: BoardAnswer, by: Actor, at: datetime.datetime
) -> tuple[Decision | None, str]:
    """As a proposal under the right that was named, for its hat to take. Where that cannot be, why."""
    if not ask.code:
        return None, NO_RIGHT
    chosen = ask.options[row.chosen - 1]
    try:
        with transaction.atomic():
            made = decisions.propose(
                engagement,
                code=ask.code,
                hat=ask.hat,
                question=ask.question,
                context=ask.context,
                options=[{"label": option, "note": ""} for option in ask.options],
                chosen=row.chosen,
                reason=f"{ask.report}: the board chose “{chosen}”. {row.note}".strip(),
                by=by,
                at=at,
            )
    except Refusal as no:
        return None, f"Not proposed in the decision log: {no.sentence}"[:300]
    return made, ""


def _seal(
    ask: BoardAsk, engagement: Engagement, row: BoardAnswer, by: Actor, at: datetime.datetime
) -> None:
    seals.append(
        engagement=engagement,
        kind="board.answered",
        subject=row,
        open={
            "report": str(ask.report_id),
            "report_sha256": ask.report.sha256,
            "ask": str(ask.pk),
            "number": ask.number,
            "options": len(ask.options),
            "chosen": row.chosen,
            "contact": str(row.contact_id),
            "recorded_by": str(row.recorded_by_id) if row.recorded_by_id else None,
            "decision": str(row.decision_id) if row.decision_id else None,
        },
        sealed={
            "question": ask.question,
            "answer": ask.options[row.chosen - 1],
            "note": row.note,
            "evidence_note": row.evidence_note,
            "contact_name": seals.of(row.contact, str(row.contact)),
        },
        by=by,
        at=at,
    )


def _checked(says: dict[str, Any]) -> dict[str, Any]:
    told = {n: v.strip() if isinstance(v, str) else v for n, v in says.items()}
    told["options"] = [option.strip() for option in told["options"]]
    wrong: dict[str, list[str]] = {}
    if not told["question"]:
        wrong["question"] = ["This is needed."]
    if not 2 <= len(told["options"]) <= MOST_ANSWERS:
        wrong["options"] = [f"From 2 to {MOST_ANSWERS} options."]
    elif any(not 1 <= len(option) <= LONGEST_OPTION for option in told["options"]):
        wrong["options"] = [f"Each of them 1 to {LONGEST_OPTION} characters."]
    if bool(told["code"]) != bool(told["hat"]):
        wrong["hat"] = ["A right and the hat that holds it come together."]
    elif told["hat"] and told["hat"] not in Hat.values:
        wrong["hat"] = [f"One of: {', '.join(Hat.values)}."]
    if wrong:
        raise Invalid(wrong)
    return told
