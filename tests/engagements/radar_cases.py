"""What the tests of the radar's checks put down and ask."""

import datetime

from assessments import known
from engagements.models import TimeEntry
from engagements.radar_sight import Sight
from practice import access, rows
from tests.make import NOW

TODAY = datetime.date(2026, 3, 2)
HOUR = 60


def own(engagement) -> dict:
    return {
        "practice_id": engagement.practice_id,
        "client_id": engagement.client_id,
        "engagement": engagement,
    }


def add(row, kind: str = "row.added"):
    return rows.add(row, by=access.system(row.practice_id), at=NOW, kind=kind)


def worked(engagement, on, minutes, hat="", reactive=False):
    while minutes > 0:
        part = min(minutes, 1440)
        add(
            TimeEntry(
                **own(engagement),
                member=engagement.lead,
                worked_on=on,
                booked_on=on,
                minutes=part,
                hat=hat,
                reactive=reactive,
            )
        )
        minutes -= part


def found(check, *engagements, at=NOW) -> list[tuple[str, str]]:
    return [(hit.about, hit.sentence) for hit in check(Sight(engagements, at))]


def learnt(client, **facts):
    by = access.system(client.practice_id)
    known.learn(client, facts=facts, said_on=TODAY, source="talk", by=by, at=NOW)
