"""Board reports of an engagement: one that was issued, with every part, and one of each state that a verb needs."""

import datetime
from typing import Any

from deliverables.models import (
    BoardAnswer,
    BoardAsk,
    BoardReading,
    BoardReport,
    BoardSection,
    Contribution,
)
from engagements.models import Engagement
from practice import rows
from tests import make
from tests.doors.filler import SOON

THEN = make.NOW
DRAWN = (
    "report draft",
    "section draft",
    "section to drop",
    "ask draft",
    "report submitted",
    "report to submit",
    "report reviewed",
    "link open",
    "link answered",
)
# Of a section of words alone, so that no register moves them.
NO_FIGURES: dict[str, Any] = {"figures": [], "tables": [], "charts": []}
FIGURES: dict[str, Any] = {"notes": [], "sections": {"outlook": NO_FIGURES}}


def rows_at(site: Any, main: Engagement) -> None:
    issued = _report(site, main, 1, status="draft", words=True)
    section = _section(site, main, issued, words=True)
    ask = _ask(site, main, issued, words=True)
    site.spare["ask open"] = _ask(site, main, issued, number=2)
    issued = rows.change(issued, _frozen(site), by=site.by, at=THEN, kind="board_report.issued")
    answer = site.add(
        BoardAnswer,
        main,
        "board_answer.given",
        report=issued,
        ask=ask,
        chosen=1,
        contact=site.sponsor,
        recorded_by=site.lead,
        note=site.mark("boardanswer", "note"),
        evidence_note=site.mark("boardanswer", "evidence_note"),
        not_logged="No charter.",
    )
    reading = site.add(
        BoardReading,
        main,
        "board_report.read",
        report=issued,
        contact=site.sponsor,
        first_opened_at=THEN,
        last_opened_at=THEN,
    )
    link = site.add(
        Contribution,
        main,
        "contribution.asked",
        report=issued,
        section=section,
        person=site.mark("contribution", "person"),
        question=site.mark("contribution", "question"),
        token_hash=f"{issued.pk.hex:0>64}",
        made_by=site.lead,
        expires_at=SOON,
        answer=site.mark("contribution", "answer"),
        answered_at=THEN,
    )
    site.keep(issued, section, ask, answer, reading, link)
    _spare(site, main)


def _spare(site: Any, main: Engagement) -> None:
    draft = _report(site, main, 4, status="draft")
    site.spare["report draft"] = draft
    site.spare["section draft"] = _section(site, main, draft)
    site.spare["section to drop"] = _section(site, main, draft, key="time", mandatory=False)
    site.spare["ask draft"] = _ask(site, main, draft)
    more = {"submitted_at": THEN, "author": site.other}
    site.spare["report submitted"] = _report(site, main, 7, status="draft", **more)
    site.spare["report to submit"] = _report(site, main, 6, status="draft")
    reviewed = _report(site, main, 10, status="draft")
    _section(site, main, reviewed, key="outlook")
    reviewed = rows.change(
        reviewed,
        {"status": "reviewed", **_reviewed(site)},
        by=site.by,
        at=THEN,
        kind="board_report.reviewed",
    )
    site.spare["report reviewed"] = reviewed
    site.spare["link open"] = site.add(
        Contribution,
        main,
        "contribution.asked",
        report=draft,
        section=site.spare["section draft"],
        person="Nora",
        question="What changed?",
        token_hash=f"{draft.pk.hex:0>64}",
        made_by=site.lead,
        expires_at=SOON,
    )
    site.spare["link answered"] = site.add(
        Contribution,
        main,
        "contribution.asked",
        report=draft,
        section=site.spare["section draft"],
        person="Nora",
        question="What changed?",
        token_hash=f"{draft.pk.hex:1>64}",
        made_by=site.lead,
        expires_at=SOON,
        answer="Nothing.",
        answered_at=THEN,
    )


def _report(
    site: Any, main: Engagement, month: int, *, status: str, words: bool = False, **more: Any
) -> BoardReport:
    """Of a quarter of a year before the work began: no clock opens these."""
    starts_on = datetime.date(2025, month, 1)
    says: dict[str, Any] = {
        "quarter": "FY2025Q1",
        "starts_on": starts_on,
        "ends_on": starts_on + datetime.timedelta(days=89),
        "author": site.lead,
        "title": "T",
        "as_of": THEN,
        "figures": FIGURES,
    }
    if words:
        said = ("title", "cover_line", "confidentiality", "review_note", "self_reason")
        says |= {name: site.mark("boardreport", name) for name in said}
    return site.add(BoardReport, main, "board_report.opened", status=status, **says | more)


def _reviewed(site: Any) -> dict[str, Any]:
    return {"submitted_at": THEN, "reviewed_at": THEN, "reviewed_by": site.lead}


def _frozen(site: Any) -> dict[str, Any]:
    content = f'{{"mark":"{site.mark("boardreport", "content")}"}}'
    issued = {"status": "issued", "issued_at": THEN, "issued_by": site.lead}
    return {**_reviewed(site), **issued, "content": content, "sha256": "0" * 64}


def _section(
    site: Any,
    main: Engagement,
    report: BoardReport,
    key: str = "spend",
    *,
    mandatory: bool = True,
    words: bool = False,
) -> BoardSection:
    said = {
        name: site.mark("boardsection", name) if words else "W"
        for name in ("title", "words", "writer")
    }
    return site.add(
        BoardSection,
        main,
        "board_section.added",
        report=report,
        key=key,
        mandatory=mandatory,
        **said,
    )


def _ask(
    site: Any, main: Engagement, report: BoardReport, number: int = 1, *, words: bool = False
) -> BoardAsk:
    said = {name: site.mark("boardask", name) if words else "Q" for name in ("question", "context")}
    return site.add(
        BoardAsk,
        main,
        "board_ask.added",
        report=report,
        number=number,
        options=["Yes", "No"],
        **said,
    )
