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
BEFORE = {
    "spend": "Spending follows the number of claims that the model reads. The two largest contracts are on a trial of the "
    "smaller model and on a search service that is there twice.",
    "capability": "The first claims line tries the assistant with twelve handlers. Prices for life insurance came into the "
    "inventory: a high-risk system, for which the papers are begun.",
    "risk": "Nothing has happened that a customer noticed. **One open point**: the vendor's own subcontractors are not "
    "all named yet.",
    "decisions": "Each decision stands in the log under the hat that took it.",
    "obligations": "The reviews of the risks come first.",
    "time": "The two hats kept to their shares.",
}
WORDS = {
    "spend": "Spending follows the number of claims that the model reads. The renewal of the largest contract is where "
    "the next saving lies.\n\n- The second search service is switched off.\n- Short questions go to the small model.",
    "capability": "All claims handlers of the first line work with the assistant. What a handler decides alone and what "
    "the model may propose is written down and accepted.",
    "risk": "One incident: amounts in francs were read as euros; handlers noticed before anything was paid, and it is closed. **One open "
    "point**: the vendor's own subcontractors are still not all named.",
    "decisions": "Each decision stands in the log under the hat that took it.",
    "obligations": "The notice for the largest contract comes first.",
    "time": "The first claims line took more of the first hat than was meant; the second catches up next quarter.",
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
    for quarter, words, acknowledged in ((before, BEFORE, True), (last, WORDS, False)):
        days = (local_day(at, engagement.client.time_zone) - quarter.ends_on).days
        report = _issued(engagement, quarter.ends_on, words, ago(at, max(days - 3, 0)))
        if acknowledged:
            chair = Contact.objects.get(client=engagement.client, role=access.BOARD)
            board = identity.actor(chair, "import")
            board_issuing.acknowledge(report, by=board, at=report.issued_at or at)


def _issued(
    engagement: Engagement, on: datetime.date, words: dict[str, str], at: Moment
) -> BoardReport:
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
        board_writing.write(section, words=words[section.key], by=lead, at=at)
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
