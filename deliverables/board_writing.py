"""Writing a board report: its words, its sections, and figures that are filled in anew. The figures themselves come from
the registers; nobody writes them."""

import datetime
from typing import Any

from django.db import transaction

from deliverables import board_dates, board_figures, board_template
from deliverables.models import BoardReport, BoardReportStatus, BoardSection
from engagements.models import Engagement
from practice import access, rows
from practice.access import Actor
from practice.models import Member
from practice.refusals import Conflict, Invalid, Taken

SAID = ("title", "cover_line", "confidentiality", "author")


class BoardReportSettled(Conflict):
    code = "board_report_settled"
    sentence = "This report is not being written; take it back to a draft, or open a new edition."


class SectionIsMandatory(Conflict):
    code = "board_section_mandatory"
    sentence = "This section is in every board report."


class SectionAnswered(Conflict):
    code, sentence = "board_section_answered", "Somebody was asked about this section; it stays."


class NothingMoved(Conflict):
    code, sentence = "board_figures_unchanged", "No figure has changed since it was filled in."


def change(
    report: BoardReport,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> BoardReport:
    """Another title, cover line, confidentiality line or author."""
    access.require(by, "board_report", "change")
    unknown = set(changes) - set(SAID)
    if unknown:
        raise Invalid({name: ["This is not written by hand."] for name in sorted(unknown)})
    with transaction.atomic():
        report = held(report, by)
        told: dict[str, Any] = {
            k: v.strip() if isinstance(v, str) else v for k, v in changes.items()
        }
        if "title" in told and not told["title"]:
            raise Invalid({"title": ["This is needed."]})
        if "author" in told:
            _check_author(told["author"])
        report = rows.change(
            report, told, by=by, at=at, kind="board_report.changed", expected=expected
        )
        board_dates.plan_due(report, at=at)
        return report


def write(
    section: BoardSection,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> BoardSection:
    """The words of a section, and its title."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        held(section.report, by)
        told = {name: value.strip() for name, value in changes.items()}
        if "words" in told:
            told["writer"] = ""
        return rows.change(
            section, told, by=by, at=at, kind="board_section.written", expected=expected
        )


def add_section(report: BoardReport, *, key: str, by: Actor, at: datetime.datetime) -> BoardSection:
    """One more section of the template, behind those that are there."""
    access.require(by, "board_report", "change")
    known = board_template.sections()
    if key not in known:
        raise Invalid({"key": [f"One of: {', '.join(known)}."]})
    with transaction.atomic():
        report = held(report, by)
        places = BoardSection.objects.filter(report=report).values_list("place", flat=True)
        section = BoardSection(
            practice_id=report.practice_id,
            client_id=report.client_id,
            engagement_id=report.engagement_id,
            report=report,
            key=key,
            title=known[key].title,
            place=max(places, default=0) + 1,
            mandatory=known[key].mandatory,
        )
        taken = Taken("This section is there already.", "key")
        rows.add(section, by=by, at=at, kind="board_section.added", taken=taken)
        _fill(report, by, at)
        return section


def drop_section(
    section: BoardSection, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take out a section that is not mandatory, with its words."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = held(section.report, by)
        if section.mandatory:
            raise SectionIsMandatory
        if section.contributions.exists():
            raise SectionAnswered
        rows.remove(section, by=by, at=at, kind="board_section.dropped", expected=expected)
        _fill(report, by, at)


def refresh(
    report: BoardReport, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BoardReport:
    """Fill the figures in anew, as the registers have them now."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = held(report, by)
        return _fill(report, by, at, expected)


def keep(
    report: BoardReport, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BoardReport:
    """Leave figures that have moved since as they were filled in: the report stands as of that moment.

    What moves again afterwards is flagged again.
    """
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = held(report, by)
        now = moved(report, at=at)
        if not now:
            raise NothingMoved
        kind = "board_report.figures_kept"
        return rows.change(report, {"kept": now}, by=by, at=at, kind=kind, expected=expected)


def moved(report: BoardReport, *, at: datetime.datetime) -> dict[str, str]:
    """Every figure, table and chart that the registers say otherwise now, kept on purpose or not."""
    engagement = Engagement.objects.select_related("client").get(pk=report.engagement_id)
    return board_figures.changed(report.figures, board_figures.gather(report, engagement, at))


def flagged(report: BoardReport, *, at: datetime.datetime) -> list[dict[str, str]]:
    """Those of them that nobody said to leave as they are: where, and what it is called."""
    if report.status not in board_dates.BEING_WRITTEN:
        return []
    found = moved(report, at=at)
    return [
        {"place": place, "label": board_figures.label(place, report.figures)}
        for place, hash in found.items()
        if report.kept.get(place) != hash
    ]


def held(report: BoardReport, by: Actor) -> BoardReport:
    """The report, locked and still a draft."""
    row = access.get(by, BoardReport, report.pk, lock=True)
    if row.status != BoardReportStatus.DRAFT:
        raise BoardReportSettled
    return row


def _fill(
    report: BoardReport, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BoardReport:
    engagement = Engagement.objects.select_related("client").get(pk=report.engagement_id)
    filled = {"figures": board_figures.gather(report, engagement, at), "as_of": at, "kept": {}}
    kind = "board_report.filled"
    return rows.change(report, filled, by=by, at=at, kind=kind, expected=expected)


def _check_author(author: Member) -> None:
    if not author.active or author.role not in access.TABLE["board_report"]["change"]:
        raise Invalid({"author": ["Somebody who may write board reports is needed."]})
