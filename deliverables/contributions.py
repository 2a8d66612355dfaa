"""What deliverables contribute to the lists of the rooms below, and to their own."""

from pathlib import Path

from django.core import checks

from assessments import risks
from deliverables import (
    acceptances,
    accepting,
    anchors,
    asking,
    board_asks,
    board_dates,
    board_letters,
    board_opening,
    board_progress,
    board_rendering,
    board_spend,
    board_standing,
    board_time,
    data_faults,
    duedates,
    endings,
    erasing,
    exit_tests,
    given,
    letter_words,
    letters,
    links,
    planning,
    radar_conformity,
    radar_decisions,
    radar_deliverables,
    reports,
    reviews,
    sealed,
    split,
    split_gate,
    tallies,
)
from deliverables.models import BoardAnswer, Decision, Deliverable
from deliverables.models.sealing import SUBJECTS
from engagements import (
    dates,
    discarding,
    gate,
    handover,
    hat_balance,
    lifecycle,
    phases,
    radar,
    timesheet,
)
from engagements import letters as engagement_letters
from practice import (
    access,
    agenda,
    agenda_letters,
    agenda_rules,
    file_links,
    notices,
    rendering,
    replanning,
)

DATA = Path(__file__).parent / "data"

checks.register(data_faults.the_catalogue_is_sound)

# The decision log.
checks.register(data_faults.the_scorecard_is_sound)
agenda_rules.CONTRIBUTED.append(DATA / "agenda_decisions.toml")
agenda.RECIPIENTS.add("decider", reviews.deciders)
notices.LETTERS.add(reviews.LETTER, reviews.due_letter)
notices.LETTERS.add(asking.AWAITS, asking.awaited)
notices.LETTERS.add(asking.REJECTED, asking.rejected)
links.LINKS.add("file", links.Link("A file", links.file, links.files))
radar.CHECKS.add("FM-01/decisions", radar.Check(radar_decisions.ai_undecided))
radar.CHECKS.add("FM-05/decisions", radar.Check(radar_decisions.two_hats_one_right))
radar.CHECKS.add("FM-14", radar.Check(radar_decisions.beyond_the_limit))
hat_balance.COUNTS.add("decisions", hat_balance.Count("Decisions", reports.counted))
timesheet.LINKS.add("decision", timesheet.Link("A decision", links.decision))
handover.ITEMS.add("decisions", reports.handed_over)
lifecycle.ENDINGS.add("decisions", endings.decisions)
risks.ACCEPTANCES.add(risks.RIGHT, acceptances.title)
risks.OFFERED.add(risks.RIGHT, acceptances.offers)

# Deliverables.
agenda_rules.CONTRIBUTED.append(DATA / "agenda_deliverables.toml")
agenda.RECIPIENTS.add("asked", letters.asked)
file_links.KINDS.add("deliverable_version", file_links.Linked(given.find, given.give))
links.LINKS.add("deliverable", links.Link("A deliverable", links.deliverable, links.deliverables))
notices.LETTERS.add("deliverable_due", agenda_letters.due)
agenda_rules.ADDRESSED.add(duedates.ANSWER, letters.addressed)
notices.LETTERS.add("acceptance_awaited", letter_words.awaited)
notices.LETTERS.add(letters.RELEASED, letter_words.released)
notices.LETTERS.add(letters.CLOSED, letter_words.closed)
notices.LETTERS.add(letters.ANSWERED, letter_words.answered)
notices.LETTERS.add(letters.REVIEW, letter_words.review_asked)
notices.LETTERS.add(letters.REVIEWED, letter_words.reviewed)
notices.LETTERS.add(letters.COMMENTED, letter_words.commented)
notices.EFFECTS.add("deem_accepted", accepting.deem)
timesheet.LINKS.add("deliverable", timesheet.Link("A deliverable", links.deliverable))
hat_balance.COUNTS.add("deliverables", hat_balance.Count("Deliverables", tallies.counted))
handover.ITEMS.add("deliverables", tallies.handed_over)
lifecycle.ENDINGS.add("deliverables", endings.deliverables)

# The plan, and the split of the first quarter.
dates.FOLLOWS.add("deliverables", planning.follow)
dates.ADDS.add(split.KIND, split.titled)
engagement_letters.ADDS.add(split.KIND, split.letter)
gate.CONDITIONS.add(split_gate.SPLIT_PLANNED.key, split_gate.SPLIT_PLANNED)
for key, test in exit_tests.contributed().items():
    phases.EXIT_TESTS.add(key, test)
discarding.OWN.add("deliverables", discarding.Own(Deliverable, "deliverable.discarded"))
radar.CHECKS.add("FM-06", radar.Check(radar_deliverables.one_document))
radar.CHECKS.add("FM-12", radar.Check(radar_conformity.in_a_hurry))

# Its seal.
agenda_rules.CONTRIBUTED.append(DATA / "agenda_log.toml")
notices.EFFECTS.add("publish_heads", anchors.publish)
erasing.BLOTS.add("decision", sealed.blot)
SUBJECTS.add("decision", lambda actor: access.visible_to(actor, Decision).values("pk"))

# Board reports. The readings of the registers fill a list of this app's own when they are imported.
__all__ = ["board_progress", "board_spend", "board_standing", "board_time"]
checks.register(data_faults.the_board_template_is_sound)
agenda_rules.CONTRIBUTED.append(DATA / "agenda_board.toml")
dates.FOLLOWS.add("board_reports", board_dates.follow)
lifecycle.ENDINGS.add("board_reports", board_dates.ended)
notices.EFFECTS.add("open_board_report", board_opening.open_due)
replanning.REPLANNERS.add(
    "board_reports",
    replanning.Replanner((board_dates.OPENING, board_dates.DUE), board_dates.follow_client),
)
agenda.RECIPIENTS.add("board_reviewer", board_letters.reviewer)
agenda.RECIPIENTS.add("board", board_letters.board)
agenda_rules.ADDRESSED.add(board_dates.DUE, board_letters.addressed)
agenda_rules.ADDRESSED.add(board_dates.READING, board_letters.addressed)
notices.LETTERS.add("board_report_due", board_letters.due)
notices.LETTERS.add("board_report_overdue", board_letters.overdue)
notices.LETTERS.add("board_review_asked", board_letters.review_asked)
notices.LETTERS.add("board_report_issued", board_letters.issued)
notices.LETTERS.add("board_report_unread", board_letters.unread)
rendering.RENDERERS.add(board_rendering.KIND, board_rendering.paper)
erasing.BLOTS.add("boardanswer", board_asks.blot)
SUBJECTS.add("boardanswer", lambda actor: access.visible_to(actor, BoardAnswer).values("pk"))
