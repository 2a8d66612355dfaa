"""FM-12: conformity in a hurry. Dates of high-risk systems in the first quarter, before inventory and operating model."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from assessments import law_calendar
from assessments.models import InitiativeSystem, Milestone, System, Tier
from deliverables.models import Deliverable
from engagements.models import Engagement
from engagements.radar import Hit
from engagements.radar_checks import told
from engagements.radar_sight import Sight
from practice.models import AgendaEntry
from practice.quarters import local_day

FIRST = {"DV-14": "the inventory", "DV-16": "the operating model"}
QUARTER = datetime.timedelta(days=90)
Dated = list[tuple[datetime.date, str, UUID, str]]


def in_a_hurry(sight: Sight) -> Iterator[Hit]:
    """Counted from the first day of the EU's plan, or of the work where there is no such plan."""
    watched = [row for row in sight.engagements if row.eu_milestones]
    if not watched:
        return
    missing = _missing(watched)
    dates = _dates({row.client_id for row in watched if missing[row.pk]})
    for engagement in watched:
        starts_on = engagement.eu_since_on or engagement.starts_on
        if starts_on is None or not missing[engagement.pk]:
            continue
        last = starts_on + QUARTER
        found = [one for one in dates[engagement.client_id] if starts_on <= one[0] <= last]
        if found:
            named = " and ".join(missing[engagement.pk])
            yield Hit(
                engagement.pk,
                f"Dates of high-risk systems lie in the first quarter, and {named} "
                f"{'are' if ' and ' in named else 'is'} not accepted.",
                rows=[(kind, id, f"{told(day)}: {text}") for day, kind, id, text in sorted(found)],
                figures={"first quarter": f"{told(starts_on)} to {told(last)}"},
            )


def _missing(engagements: list[Engagement]) -> dict[UUID, list[str]]:
    accepted = set(
        Deliverable.objects.filter(
            engagement__in=engagements, code__in=FIRST, accepted__isnull=False
        ).values_list("engagement_id", "code")
    )
    return {
        row.pk: [said for code, said in FIRST.items() if (row.pk, code) not in accepted]
        for row in engagements
    }


def _dates(clients: set[UUID]) -> dict[UUID, Dated]:
    """By client: days of the law for its high-risk systems, and open milestones of initiatives about them."""
    high = System.objects.filter(client__in=clients, tier=Tier.HIGH_RISK)
    found: dict[UUID, Dated] = defaultdict(list)
    entries = AgendaEntry.objects.filter(
        kind=law_calendar.DATE,
        status=AgendaEntry.Status.OPEN,
        subject_id__in=high.values("pk"),
        client__in=clients,
    )
    for entry in entries:
        if entry.client_id is not None:
            day = local_day(entry.due_at, entry.time_zone)
            found[entry.client_id].append((day, "system", entry.subject_id, entry.title))
    about = InitiativeSystem.objects.filter(system__in=high.values("pk"))
    planned = Milestone.objects.filter(
        client__in=clients,
        done_on=None,
        dropped_on=None,
        initiative__in=about.values("initiative"),
    )
    for row in planned:
        found[row.client_id].append((row.planned_on, "initiative", row.initiative_id, row.title))
    return found
