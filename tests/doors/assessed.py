"""What the assessments app keeps of a client, through its verbs: facts, an assessment, a choice, a read, a link."""

from assessments import known, links, reads, scoring
from assessments.models import Assessment, FactSource, PracticeLens
from practice import access
from practice.models import Client
from tests import make
from tests.doors.canaries import Canaries, Origin

FACTS = {"employees": 120, "engineers": 30, "building_product": True, "size_class": "mid"}


OWN_LENS = """
key = "OWN-A"
version = 1
name = "A"
subject = "B"
file = "own"
bias = "Ours"
outcomes = ["GO"]

[[questions]]
id = "OWN-A-Q1"
text = "Is it so?"
kind = "yes_no"

[[rules]]
when = "true"
outcome = "GO"

[texts]
GO = "Go."
"""


def rows_at(client: Client, place: str, canaries: Canaries) -> list[object]:
    by, here = access.system(client.practice_id), frozenset({place})
    # The read quotes the reason and who answered: its readers may know both.
    told = canaries.text(Origin(here, "read", "content"))
    learnt = known.learn(
        client,
        facts=FACTS,
        said_by=canaries.text(Origin(here, "clientfact", "said_by")),
        said_on=make.NOW.date(),
        source=FactSource.TALK,
        by=by,
        at=make.NOW,
    )
    assessment = scoring.assess(client, answered_by=told, by=by, at=make.NOW)
    choice = scoring.choose(
        assessment,
        next_seat="CTO",
        end_shape="CTO_ONLY",
        point="ADVISORY",
        hats=["CTO"],
        reason=told,
        by=by,
        at=make.NOW,
    )
    read = reads.issue(assessment, by=by, at=make.NOW)
    link, _ = links.open_for(client, person="P", by=by, at=make.NOW)
    return [learnt[0], assessment, choice, read, link, _own_lens(client, place, canaries)]


def _own_lens(client: Client, place: str, canaries: Canaries) -> PracticeLens:
    """It belongs to the whole practice, so its marks do."""
    house = Origin(
        frozenset({"northlight" if place == "harbour" else "lantern"}), "practicelens", "text"
    )
    return PracticeLens.objects.create(
        practice_id=client.practice_id,
        key=f"OWN-{place.upper()}",
        lens_version=1,
        name=canaries.text(house),
        text=OWN_LENS.replace("Ours", canaries.text(house)),
        sha256="0" * 64,
        created_at=make.NOW,
    )


def run_again(client: Client) -> Assessment:
    """One on which nobody has chosen yet."""
    return scoring.assess(client, by=access.system(client.practice_id), at=make.NOW)
