"""The radar's day: once every day of the practice it looks at every engagement under way, exactly once."""

import datetime
import zoneinfo
from uuid import UUID

from engagements import radar
from practice import agenda
from practice.access import Actor
from practice.models import Practice
from practice.quarters import local_day

KIND = "radar_sweep"
# Before people come in, and after every hour that a change of the clocks leaves out.
HOUR = datetime.time(5, 0)


def watch(practice: Practice, *, at: datetime.datetime) -> None:
    """Have the radar look at this practice every day from the next on. Asked again, it changes nothing.

    In the transaction of the verb that brings a practice its first engagement under way.
    """
    tomorrow = local_day(at, practice.time_zone) + datetime.timedelta(days=1)
    local = datetime.datetime.combine(tomorrow, HOUR, zoneinfo.ZoneInfo(practice.time_zone))
    agenda.plan(
        KIND,
        subject_id=practice.pk,
        practice_id=practice.pk,
        due_at=local.astimezone(datetime.UTC),
        at=at,
        title="The radar looks at every engagement",
        time_zone=practice.time_zone,
    )


def look(practice_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The effect: in the transaction that marks its notice done, so a day is looked at once, and the next is planned.

    After an outage it looks once, for today: what was so on the days between is not on record as having been seen.
    """
    radar.sweep(practice_id=practice_id, at=at)
    watch(Practice.objects.get(pk=practice_id), at=at)
