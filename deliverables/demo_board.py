"""What the demo tells of board reports: two quarters issued for the client with two hats, one of them acknowledged."""

import datetime

from deliverables import board_asks, board_dates, board_issuing, board_opening, board_writing
from deliverables.models import BoardReport, BoardSection
from engagements import stages
from engagements.models import Engagement
from practice import access, identity
from practice.demo.dates import ago
from practice.models import Contact, Member
from practice.quarters import local_day, quarter_of

Moment = datetime.datetime
DAY = datetime.timedelta(days=1)
CLIENT = "Marmalade Insurance"
WORDS = {
    "spend": "Spending follows the number of claims that the model reads. The renewal of the largest contract is where "
    "the next saving lies.\n\n- Consolidation is agreed with purchasing.\n- The smaller model is on trial.",
    "capability": "Claims handlers work with the assistant every day. What a handler decides alone and what the model "
    "may propose is written down and accepted.",
    "risk": "Nothing has happened that a customer noticed. **One open point**: the vendor's own subcontractors are not "
    "all named yet.",
    "decisions": "Each decision stands in the log under the hat that took it.",
    "obligations": "The contract with the longest notice comes first.",
    "time": "Each hat is meant to have half of the days. Where the platform takes more of them, the next quarter gives them "
    "back to AI; the charts say how far that has come.",
}


def tell(owner: Member, at: Moment) -> None:
    _issued_twice(owner, at)
    _begun_last_quarter(owner, at)


def _begun_last_quarter(owner: Member, at: Moment) -> None:
    """The work of the demo is older than its records: what nobody wrote of earlier quarters is not owed now."""
    running = Engagement.objects.filter(practice_id=owner.practice_id, status__in=stages.RUNNING)
    for engagement in running.select_related("client", "practice"):
        zone, fiscal = engagement.client.time_zone, engagement.client.fiscal_year_start
        now = quarter_of(local_day(at, zone), fiscal)
        last = quarter_of(now.starts_on - DAY, fiscal)
        for period in board_dates.come(engagement, at):
            if period < last.starts_on.isoformat():
                board_dates.settle_opening(engagement, period, done=False, at=at)
        board_dates.plan_opening(engagement, last.starts_on, at=at)


def _issued_twice(owner: Member, at: Moment) -> None:
    engagement = Engagement.objects.select_related("client", "lead").get(
        practice_id=owner.practice_id, client__name=CLIENT
    )
    fiscal = engagement.client.fiscal_year_start
    now = quarter_of(local_day(at, engagement.client.time_zone), fiscal)
    last = quarter_of(now.starts_on - DAY, fiscal)
    before = quarter_of(last.starts_on - DAY, fiscal)
    for quarter, acknowledged in ((before, True), (last, False)):
        days = (local_day(at, engagement.client.time_zone) - quarter.ends_on).days
        report = _issued(engagement, quarter.ends_on, ago(at, max(days - 3, 0)))
        if acknowledged:
            chair = Contact.objects.get(client=engagement.client, role=access.BOARD)
            board = identity.actor(chair, "import")
            board_issuing.acknowledge(report, by=board, at=report.issued_at or at)


def _issued(engagement: Engagement, on: datetime.date, at: Moment) -> BoardReport:
    lead = identity.actor(engagement.lead, "import")
    report = board_opening.open_for(engagement, on=on, by=lead, at=at)
    report = board_writing.change(
        report,
        cover_line=f"For the board of {CLIENT}",
        confidentiality="Confidential: for the board and the chief executive.",
        by=lead,
        at=at,
    )
    for section in BoardSection.objects.filter(report=report).order_by("place"):
        board_writing.write(section, words=WORDS[section.key], by=lead, at=at)
    board_asks.add(
        report,
        question="Shall the second claims line get the assistant next quarter?",
        context="The first line has worked with it for two quarters.",
        options=["Yes, with the present vendor", "Yes, after a new comparison", "Not yet"],
        by=lead,
        at=at,
    )
    others = board_issuing.reviewers(report).exclude(pk=engagement.lead_id)
    reviewer = others.order_by("id")[0]
    report = board_issuing.submit(report, reviewer=reviewer, by=lead, at=at)
    second = identity.actor(reviewer, "import")
    report = board_issuing.pass_on(report, note="Read it twice; good.", by=second, at=at)
    return board_issuing.issue(report, by=lead, at=at)
