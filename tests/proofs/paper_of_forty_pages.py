"""A board report of forty pages on paper: set in a new process five times, in far less than three seconds."""

import os
import statistics
import time

from deliverables import board_paper
from practice import typesetting
from tests.deliverables.board_content import SEAL, long_report
from tests.on_paper import pages

TIMES = 5
# Work of such a process, its start and its reading of fonts included: 0.8 s measured, three times that allowed. The
# promise is three seconds by the clock on two cores that have nothing else to do.
SECONDS = 2.4


def prove(scale: float) -> dict[str, object]:
    work, clock = [], []
    for n in range(TIMES):
        told = board_paper.data(long_report() | {"title": f"Report {n}"}, seal=SEAL)
        spent, began = _work(), time.monotonic()
        made = typesetting.apart(board_paper.TEMPLATE, told)
        work.append(_work() - spent)
        clock.append(time.monotonic() - began)
    many = len(pages(made))
    assert many >= 40, many
    took = statistics.median(work)
    assert took < SECONDS, work
    return {
        "pages": many,
        "seconds of work, median of five processes": f"{took:.2f}",
        "seconds by the clock, median": f"{statistics.median(clock):.2f}",
    }


def _work() -> float:
    """Of the processes that were started and have ended."""
    now = os.times()
    return now.children_user + now.children_system
