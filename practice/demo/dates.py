"""The days of the demo: told relative to the moment of loading, each at noon where the practice is."""

import datetime
from zoneinfo import ZoneInfo

from practice.quarters import local_day

ZONE = "Europe/Berlin"
NOON = datetime.time(12)


def ago(at: datetime.datetime, days: int) -> datetime.datetime:
    """That many days before `at` (after it, if negative); none: this very moment.

    At noon, since the stories count days where the clients are: "at this hour, so many days ago" is the day before or
    after for those who load near midnight, and once more where the clocks have changed in between.
    """
    if days == 0:
        return at
    day = local_day(at, ZONE) - datetime.timedelta(days=days)
    return datetime.datetime.combine(day, NOON, ZoneInfo(ZONE)).astimezone(datetime.UTC)
