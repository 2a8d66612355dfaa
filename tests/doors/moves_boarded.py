"""Valid calls for board reports and their parts."""

from tests.doors.moving import Body, Move, always, lead, nothing, of
from tests.doors.world import World

SPONSORS = {"orchard": "priya", "quarry": "ravi", "harbour": "hana"}
ASKED = {"question": "Go on?", "options": ["Yes", "No"]}
ANSWERED = ("board_answer.given",)


def _reviewer(world: World, place: str) -> Body:
    return {"reviewer": lead(world, place)}


def _put_down(world: World, place: str) -> Body:
    contact = world.people[SPONSORS[place]]
    return {"contact": str(contact.pk), "chosen": 1, "evidence_note": "Minutes"}


MOVES = {
    "POST board-reports/": Move(
        "boardreport", of("engagement"), ("board_report.opened", *["board_section.added"] * 6)
    ),
    "PATCH board-reports/{id}/": Move(
        "boardreport", always(title="Renamed"), ("board_report.changed",), at="report draft"
    ),
    "POST board-reports/{id}/refresh/": Move(
        "boardreport", nothing, ("board_report.filled",), at="report draft"
    ),
    "POST board-reports/{id}/keep-figures/": Move(
        "boardreport", nothing, ("board_report.figures_kept",), at="report draft"
    ),
    "POST board-reports/{id}/add-section/": Move(
        "boardreport",
        always(key="outlook"),
        ("board_section.added", "board_report.filled"),
        at="report draft",
    ),
    "POST board-reports/{id}/ask/": Move(
        "boardreport", always(**ASKED), ("board_ask.added",), at="report draft"
    ),
    "POST board-reports/{id}/submit/": Move(
        "boardreport", _reviewer, ("board_report.submitted",), at="report to submit"
    ),
    "POST board-reports/{id}/pass/": Move(
        "boardreport", nothing, ("board_report.reviewed",), at="report submitted"
    ),
    "POST board-reports/{id}/send-back/": Move(
        "boardreport", always(note="Why?"), ("board_report.sent_back",), at="report submitted"
    ),
    "POST board-reports/{id}/take-back/": Move(
        "boardreport", nothing, ("board_report.taken_back",), at="report submitted"
    ),
    "POST board-reports/{id}/issue/": Move(
        "boardreport", nothing, ("board_report.issued", "rendering.asked"), at="report reviewed"
    ),
    "POST board-reports/{id}/acknowledge/": Move(
        "boardreport",
        nothing,
        (
            "board_report.opened_by_reader",
            "board_reading.acknowledged",
            "board_report.acknowledged",
        ),
        by="marta",
    ),
    "POST board-reports/{id}/edition/": Move(
        "boardreport",
        always(correction="A sum."),
        ("board_report.edition_opened", "board_section.added", "board_ask.added"),
    ),
    "POST board-reports/{id}/set-paper/": Move(
        "boardreport", nothing, ("rendering.asked",), at="report draft"
    ),
    "PATCH board-sections/{id}/": Move(
        "boardsection", always(words="Words"), ("board_section.written",), at="section draft"
    ),
    "DELETE board-sections/{id}/": Move(
        "boardsection",
        nothing,
        ("board_section.dropped", "board_report.filled"),
        at="section to drop",
    ),
    "PATCH board-asks/{id}/": Move(
        "boardask", always(question="Stop?"), ("board_ask.changed",), at="ask draft"
    ),
    "DELETE board-asks/{id}/": Move("boardask", nothing, ("board_ask.removed",), at="ask draft"),
    "POST board-asks/{id}/answer/": Move(
        "boardask", always(chosen=1), ANSWERED, at="ask open", by="marta"
    ),
    "POST board-asks/{id}/put-down/": Move("boardask", _put_down, ANSWERED, at="ask open"),
    "POST board-contributions/{id}/revoke/": Move(
        "contribution", nothing, ("contribution.revoked",), at="link open"
    ),
    "POST board-contributions/{id}/take/": Move(
        "contribution",
        nothing,
        ("board_section.written", "contribution.taken"),
        at="link answered",
    ),
}
