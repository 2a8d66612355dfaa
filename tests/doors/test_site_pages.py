"""Pages of the sites that belong to no table: they hold nothing of anybody else's, and a form sent to another's row is sent to a missing one."""

import pytest
from django.urls import reverse

from practice.desk import desk
from practice.portal import portal
from tests.doors.asking import MISSING_ID, Asker
from tests.doors.routes import of_site, routes

SITES = [desk, portal]
# Words of addresses, and the rows that they name.
MODELS = {
    "board-reports": "boardreport",
    "board-asks": "boardask",
    "balance": "engagement",
    "reads": "read",
    "moves": "move",
    "contracts": "contractversion",
    "charters": "charter",
    "deputies": "deputy",
    "decisions": "decision",
    "decision-logs": "chain",
    "deliverables": "release",
    "releases": "release",
}


def extra():
    """Addresses of both sites that no table's admin has made."""
    tables = {
        "/".join(
            reverse(f"{site.name}:{m._meta.app_label}_{m._meta.model_name}_changelist").split("/")[
                :4
            ]
        )
        for site in SITES
        for m in site._registry
    }
    found = [route for route in routes() if of_site(route, SITES)]
    return [r for r in found if "/".join(r.pattern.split("/")[:4]) not in tables]


PLAIN = sorted({r.pattern for r in extra() if "{" not in r.pattern})
OF_ROW = sorted({r.pattern for r in extra() if "{id}" in r.pattern})
PEOPLE = ("olu", "ada", "ben", "amy", "fin", "priya", "marta", "viewer", "reviewer", "ravi")
STRANGERS = ("zoe", "hana", "nobody")


def asker(world, actor):
    return Asker(world, actor, world.callers()[actor])


def test_every_address_of_a_row_says_which_row():
    words = {word for pattern in OF_ROW for word in pattern.split("/")}
    assert [p for p in OF_ROW if not set(p.split("/")) & set(MODELS)] == []
    assert set(MODELS) <= words
    assert len(PLAIN) > 30


@pytest.mark.parametrize("actor", [*PEOPLE, *STRANGERS])
def test_no_page_holds_anything_of_anybody_else(world, actor):
    asking = asker(world, actor)
    for path in PLAIN:
        asking.ask(path, "GET", path)
    assert sorted(asking.findings) == []


@pytest.mark.parametrize("actor", [*PEOPLE, *STRANGERS])
def test_a_post_to_another_s_row_is_one_to_a_missing_one(world, actor):
    """Looking at them is tests/doors/test_pages.py."""
    asking = asker(world, actor)
    for pattern in OF_ROW:
        model = next(MODELS[word] for word in pattern.split("/") if word in MODELS)
        for _, id in asking.hidden_rows(model):
            one, two = (
                asking.ask(
                    pattern, "POST", pattern.replace("{id}", i), form={"post": "yes"}, sent=(i,)
                )
                for i in (id, MISSING_ID)
            )
            asking.differ(pattern, "another's row answers unlike a missing one", one, two)
    assert sorted(asking.findings) == []
