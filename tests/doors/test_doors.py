"""No door shows, tells or takes anything of another practice or another client (docs/access.md)."""

import os
import time

import pytest
from celery import current_app
from django.apps import apps
from django.core.management import get_commands

from practice.checks import OURS
from practice.desk import desk
from practice.portal import portal
from practice.reach import Everyones, Reach
from tests.doors import table, walk
from tests.doors.moves import MOVES
from tests.doors.routes import operations
from tests.doors.who import SEES

SITES = [desk, portal]
# In parts, so that the workers share the round; every actor is in one of them.
PARTIES = (
    ("olu", "nobody", "bot"),
    ("ada", "priya", "writer"),
    ("ben", "marta", "limited"),
    ("zoe", "fin", "limited_writer"),
    ("amy", "viewer", "zoes_bot"),
    ("ravi", "hana", "reviewer"),
)
SHARE = float(os.environ.get("DOORS_SHARE", "0.03"))


def test_every_route_is_a_resource_or_a_page_of_a_site_or_explained():
    assert walk.unclassified(SITES) == []
    assert walk.stale_entries() == []


def test_every_model_of_ours_says_whose_its_rows_are():
    ours = [m for m in apps.get_models() if m._meta.app_label in OURS]
    assert [m for m in ours if not isinstance(getattr(m, "reach", None), Reach | Everyones)] == []


def test_every_command_and_task_of_ours_is_explained():
    commands = {name for name, app in get_commands().items() if app in OURS}
    current_app.loader.import_default_modules()
    tasks = {name for name in current_app.tasks if name.split(".")[0] in OURS}
    assert commands == set(table.COMMANDS)
    assert tasks == set(table.TASKS)


def test_every_write_has_a_valid_call_that_the_round_can_bend():
    writes = {o.name for o in operations() if o.method not in {"GET"}}
    assert writes == set(MOVES)


def test_every_relation_of_every_input_is_scoped():
    assert list(walk.open_relations()) == []


def test_no_answer_has_a_column_that_is_nobody_s():
    assert list(walk.told_secrets()) == []


def test_no_filter_looks_rows_up_to_judge_its_parameter():
    assert list(walk.narrowing_by_relation()) == []


def test_the_parties_are_everybody():
    assert sorted(name for party in PARTIES for name in party) == sorted(SEES)


@pytest.mark.long
@pytest.mark.parametrize("party", PARTIES, ids=" and ".join)
def test_nobody_finds_anything_of_anybody_else_at_any_door(world, party, record_property):
    began = time.process_time()
    found = walk.everybody(world, SITES, share=SHARE, only=party)
    record_property("probes", found.probes)
    record_property("seconds of processor", round(time.process_time() - began, 1))
    print(f"{found.probes} probes, {time.process_time() - began:.1f} s of processor")
    assert found.leaks() == []
    assert found.probes >= 1000
    assert blind(found) == []


def blind(found: walk.Round) -> list[str]:
    """Actors who were not even shown their own: their clean round would prove nothing."""
    own = {name for name, sees in SEES.items() if sees.places & {"orchard", "quarry", "harbour"}}
    return [
        name for name, seen in found.seen.items() if name in own and ("client", "name") not in seen
    ]
