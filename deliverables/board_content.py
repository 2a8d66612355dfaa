"""The document of a board report: what is frozen when it is issued, and what every output of it shows. Plain JSON."""

import datetime
import json
from typing import Any

from deliverables.models import BoardAnswer, BoardAsk, BoardReport, BoardSection
from practice.models import Practice

VERSION = 1
SHOWN = ("key", "label", "value", "amount", "currency", "note", "before", "rows")


def of(report: BoardReport, *, at: datetime.datetime) -> dict[str, Any]:
    """As it was issued; before that, as it would be now."""
    if report.content:
        found: dict[str, Any] = json.loads(report.content)
        return found
    return document(report, at=at)


def document(report: BoardReport, *, at: datetime.datetime) -> dict[str, Any]:
    sections = list(BoardSection.objects.filter(report=report).order_by("place", "id"))
    filled = report.figures.get("sections", {})
    practice = Practice.objects.get(pk=report.practice_id)
    return {
        "version": VERSION,
        "practice": {"name": practice.name, "colour": practice.colour},
        "client": {"name": report.client.name},
        "engagement": {"id": str(report.engagement_id), "title": report.engagement.name},
        "title": report.title,
        "cover_line": report.cover_line,
        "confidentiality": report.confidentiality,
        "quarter": {
            "label": report.quarter,
            "starts_on": report.starts_on.isoformat(),
            "ends_on": report.ends_on.isoformat(),
        },
        "edition": report.edition,
        "corrects": report.correction,
        "as_of": report.as_of.astimezone(datetime.UTC).isoformat(),
        "author": str(report.author),
        "notes": list(report.figures.get("notes", [])),
        "summary": [
            _shown(one)
            for section in sections
            for one in filled.get(section.key, {}).get("figures", [])
            if one.get("summary")
        ],
        "sections": [_section(section, filled.get(section.key, {})) for section in sections],
        "asks": [_ask(ask) for ask in BoardAsk.objects.filter(report=report).order_by("number")],
    }


def answered(report: BoardReport) -> dict[str, BoardAnswer]:
    """What the board has answered since, by the question's id: beside the document, not in it."""
    rows = BoardAnswer.objects.filter(report=report).select_related(
        "ask", "contact", "recorded_by__user", "decision"
    )
    return {str(row.ask_id): row for row in rows}


def _section(section: BoardSection, filled: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "words": section.words,
        "by": section.writer,
        "figures": [_shown(one) for one in filled.get("figures", [])],
        "tables": filled.get("tables", []),
        "charts": filled.get("charts", []),
    }


def _shown(figure: dict[str, Any]) -> dict[str, Any]:
    return {name: figure[name] for name in SHOWN}


def _ask(ask: BoardAsk) -> dict[str, Any]:
    return {
        "id": str(ask.pk),
        "question": ask.question,
        "context": ask.context,
        "options": list(ask.options),
        "answer": "",
        "answered_by": "",
    }
