"""Over REST: board reports with their sections, questions, answers and readers, and the document itself."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.response import Response

from deliverables import (
    board_asks,
    board_content,
    board_contributors,
    board_issuing,
    board_opening,
    board_rendering,
    board_writing,
)
from deliverables.models import (
    BoardAnswer,
    BoardAsk,
    BoardReading,
    BoardReport,
    BoardSection,
    Contribution,
)
from deliverables.shapes import board as shapes
from practice import access, files
from practice.refusals import NotAllowed
from practice.rest.resource import Resource, acts, adds, changes, removes
from practice.rest.schema import answers_with_file

OF_REPORT = ("report", "engagement", "client")


class BoardSections(Resource):
    """The words of a report's sections; figures come from the registers."""

    model, shape = BoardSection, shapes.SECTION
    filters = OF_REPORT
    partial_update = changes(board_writing.write, shapes.WORDS)
    destroy = removes(board_writing.drop_section)


class BoardAnswers(Resource):
    """What the board answered, and the proposal that it became in the decision log."""

    model, shape = BoardAnswer, shapes.ANSWER
    filters = (*OF_REPORT, "ask")


class BoardAsks(Resource):
    """Decisions asked of the board, each with its options."""

    model, shape = BoardAsk, shapes.ASK
    filters = OF_REPORT
    partial_update = changes(board_asks.change, shapes.ASK_CHANGE)
    destroy = removes(board_asks.remove)
    answer_it = acts(board_asks.answer, shapes.ANSWERED, makes=BoardAnswers, path="answer")
    put_down = acts(board_asks.put_down, shapes.PUT_DOWN, makes=BoardAnswers)


class BoardReadings(Resource):
    """Who opened an issued report and when: everybody's for the practice and the sponsor, one's own for others."""

    model, shape = BoardReading, shapes.READING
    filters = (*OF_REPORT, "contact")


class BoardContributions(Resource):
    """Links by which somebody without an account answers a section, without their addresses."""

    model, shape = Contribution, shapes.CONTRIBUTION
    filters = (*OF_REPORT, "section")
    revoke = acts(board_contributors.revoke)
    take = acts(board_contributors.take)


class BoardReports(Resource):
    """Reports to the client's board: one per engagement, fiscal quarter and edition."""

    model, shape = BoardReport, shapes.REPORT
    filters = ("engagement", "client", "status", "starts_on", "ends_on", "author")
    create = adds(board_opening.open_for, shapes.NEW)
    partial_update = changes(board_writing.change, shapes.CHANGE)
    refresh = acts(board_writing.refresh)
    keep_figures = acts(board_writing.keep)
    add_section = acts(board_writing.add_section, shapes.ADD_SECTION, makes=BoardSections)
    ask = acts(board_asks.add, shapes.ASKED, makes=BoardAsks)
    submit = acts(board_issuing.submit, shapes.SUBMIT, matches=True)
    pass_on = acts(board_issuing.pass_on, shapes.PASS, matches=True, path="pass")
    send_back = acts(board_issuing.send_back, shapes.SEND_BACK, matches=True)
    take_back = acts(board_issuing.take_back, matches=True)
    issue = acts(board_issuing.issue, matches=True)
    acknowledge = acts(board_issuing.acknowledge)
    edition = acts(board_opening.open_edition, shapes.EDITION, makes=True)
    set_paper = acts(board_rendering.have_set)

    @action(detail=True, methods=["get"])
    def document(self, request: Any, id: str) -> Response:
        """What the report says: frozen where it is issued, as it would be now before that, and what has moved since."""
        self._params(set())
        report, at = self.find(id), timezone.now()
        if not access.may(self.actor, "board_report", "see_fees"):
            raise NotAllowed
        board_issuing.note_opened(report, by=self.actor, at=at)
        ours = self.actor.role not in access.CONTACTS
        seal = {
            "sha256": report.sha256,
            "log_head": report.log_head,
            "log_length": report.log_length,
            "issued_at": report.issued_at,
        }
        return Response(
            {
                "content": board_content.of(report, at=at),
                "seal": seal if report.sha256 else None,
                "flags": board_writing.flagged(report, at=at) if ours else [],
            }
        )

    document.answer_shape = shapes.DOCUMENT  # type: ignore[attr-defined]

    @answers_with_file("application/pdf")
    @action(detail=True, methods=["get"])
    def paper(self, request: Any, id: str) -> HttpResponseBase:
        """The report on paper, once the worker has set it; of what is not issued a draft."""
        self._params(set())
        report = self.find(id)
        stored = board_rendering.given(report, by=self.actor)
        board_issuing.note_opened(report, by=self.actor, at=timezone.now())
        return files.serve(request, stored)


RESOURCES: dict[str, Any] = {
    "board-reports": BoardReports,
    "board-sections": BoardSections,
    "board-asks": BoardAsks,
    "board-answers": BoardAnswers,
    "board-readings": BoardReadings,
    "board-contributions": BoardContributions,
}
