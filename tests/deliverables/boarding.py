"""Plain factory functions for board reports: one of any state, through the verbs."""

import datetime

from deliverables import board_issuing, board_opening, board_writing
from deliverables.models import BoardReport, BoardSection
from engagements.models import Engagement
from tests import make
from tests.cast import Cast
from tests.make import NOW

# The engagement of tests/engagements/build.py began on 1 January; this day lies in its first quarter.
OPENED = datetime.date(2026, 3, 1)


def opened(
    cast: Cast,
    engagement: Engagement,
    *,
    on: datetime.date = OPENED,
    at: datetime.datetime = NOW,
) -> BoardReport:
    return board_opening.open_for(engagement, on=on, by=make.actor(cast.ada), at=at)


def written(cast: Cast, report: BoardReport, *, at: datetime.datetime = NOW) -> BoardReport:
    for section in BoardSection.objects.filter(report=report, words="").order_by("place"):
        words = f"What is to be said of {section.title.lower()}."
        board_writing.write(section, words=words, by=make.actor(cast.ada), at=at)
    return report


def submitted(cast: Cast, report: BoardReport, *, at: datetime.datetime = NOW) -> BoardReport:
    written(cast, report, at=at)
    ada = make.actor(cast.ada)
    return board_issuing.submit(report, reviewer=cast.olu, by=ada, at=at)


def reviewed(cast: Cast, report: BoardReport, *, at: datetime.datetime = NOW) -> BoardReport:
    report = submitted(cast, report, at=at)
    return board_issuing.pass_on(report, by=make.actor(cast.olu), at=at)


def issued(cast: Cast, report: BoardReport, *, at: datetime.datetime = NOW) -> BoardReport:
    """Ada's, passed by Olu, before Priya and Marta."""
    report = reviewed(cast, report, at=at)
    return board_issuing.issue(report, by=make.actor(cast.ada), at=at)
