"""Every route of the API and every page of both sites, as everybody, for own and others' rows: tests/doors/access.toml."""

import pytest

from practice.desk import desk
from practice.portal import portal
from tests.doors import statuses
from tests.doors.routes import operations

# The rounds go in parts, so that the workers share them.
PARTS = 3


def test_every_route_of_the_api_is_in_the_table():
    assert sorted(statuses.expected("api")) == sorted(o.name for o in operations())


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_route_answers_everybody_as_the_table_says(seeded, part):
    expected = statuses.expected("api")
    found = statuses.of_api(seeded, seeded.callers(), operations()[part::PARTS])
    wrong = {route: found[route] for route in found if found[route] != expected.get(route)}
    assert statuses.written("api", wrong) == statuses.written(
        "api", {route: expected.get(route, {}) for route in wrong}
    )


@pytest.mark.long
@pytest.mark.parametrize("site", [desk, portal], ids=lambda site: site.name)
def test_every_page_of_both_sites_answers_everybody_as_the_table_says(seeded, site):
    table = statuses.expected("pages")
    assert {page.split()[0] for page in table} <= {desk.name, portal.name}
    expected = {page: told for page, told in table.items() if page.split()[0] == site.name}
    found = statuses.of_pages(seeded, seeded.callers(), [site])
    wrong = {
        page: found.get(page, {})
        for page in {*found, *expected}
        if found.get(page) != expected.get(page)
    }
    assert statuses.written("pages", wrong) == statuses.written(
        "pages", {page: expected.get(page, {}) for page in wrong}
    )
