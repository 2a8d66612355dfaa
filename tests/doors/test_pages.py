"""Pages of the sites that belong to no table's list: of others' rows they know nothing, whatever id stands in the address."""

import re

import pytest

from practice.desk import desk
from practice.portal import portal
from tests.doors.asking import MISSING_ID, Asker
from tests.doors.routes import of_site, routes

SITES = [desk, portal]
# Pages under a table's list are asked for by the round (admin_probes.acting).
TABLES = tuple(
    f"{model._meta.app_label}_{model._meta.model_name}_"
    for site in SITES
    for model in site._registry
)
PAGES = [
    route
    for route in routes()
    if of_site(route, SITES)
    and "{id}" in route.pattern
    and not (route.name or "").startswith(TABLES)
]
# Rows that such a page could be of.
KINDS = (
    "engagement",
    "charter",
    "contractversion",
    "move",
    "deputy",
    "storedfile",
    "timeentry",
    "billingbatch",
    "decision",
    "chain",
    "deliverable",
    "deliverableversion",
    "release",
    "pack",
)


def test_there_are_such_pages():
    assert len(PAGES) >= 5


@pytest.mark.parametrize("actor", ["priya", "marta", "reviewer", "ravi", "ada", "amy"])
def test_no_page_tells_anything_of_a_row_that_one_does_not_see(world, actor):
    asking = Asker(world, actor, world.callers()[actor])
    for route in PAGES:
        path = re.compile(r"\{\w+\}")
        two = asking.ask(route.name, "GET", path.sub(MISSING_ID, route.pattern), sent=(MISSING_ID,))
        for (_, kind), row in world.rows.items():
            if kind not in KINDS:
                continue
            id = str(row.pk)
            one = asking.ask(route.name, "GET", path.sub(id, route.pattern), sent=(id,))
            if not asking.exists(world.canaries.ids[id]):
                asking.differ(
                    route.name, f"another's {kind} answers unlike a missing one", one, two
                )
    assert sorted(asking.findings) == []
