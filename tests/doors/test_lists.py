"""Every list of the API: the same number of statements however many rows, and every row once while others come and go."""

import base64
from urllib.parse import urlsplit

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.doors.routes import lists

LISTS = lists()
ALONE = {"/api/v1/practices/", "/api/v1/own-lenses/"}


def statements(caller, path) -> tuple[int, int]:
    """How many, and for how many rows."""
    caller.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = caller.get(path)
    assert answer.status_code == 200, answer.content
    return len(captured), len(answer.json()["results"])


def test_every_list_asks_the_same_number_of_questions_at_one_and_at_three_rows(world):
    caller = world.callers()["olu"]
    for operation in LISTS:
        path = operation.path()
        one, three = (statements(caller, f"{path}?limit={n}") for n in (1, 3))
        assert one[0] == three[0], path
        # The more rows there are the more is asked, if the count grows at all; of one's practice there is but one.
        assert one[1] == 1
        assert three[1] > 1 or path in ALONE, f"{path}: seed more rows in tests/doors/world.py"


def test_every_expansion_costs_at_most_one_statement_more_however_many_rows(world):
    caller = world.callers()["olu"]
    for operation in LISTS:
        path = operation.path()
        plain, _ = statements(caller, f"{path}?limit=3")
        for name in operation.view.shape.expands:
            # Where no row of the page points at anything, nothing is asked.
            costs = {statements(caller, f"{path}?limit={n}&expand={name}")[0] for n in (1, 3)}
            assert costs <= {plain, plain + 1}, (path, name)


def test_expanding_costs_one_statement_for_each_relation(world):
    caller = world.callers()["olu"]
    plain, _ = statements(caller, "assignments/")
    one, _ = statements(caller, "assignments/?expand=client")
    both, _ = statements(caller, "assignments/?expand=client,member")
    assert (one - plain, both - plain) == (1, 2)


def walked(caller, path, link, each=lambda: None):
    """All rows from page to page, and the last page's address."""
    rows = []
    while path:
        page = caller.get(path).json()
        rows.append([row["id"] for row in page["results"]])
        last, path = path, page[link] and _local(page[link])
        each()
    return rows, last


def _local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


# Equal names: only the id tells them apart, and a page ends between them.
NAMES = ("Birch", "Ash", "Ash", "Ash", "Cedar", "Ash")


@pytest.mark.parametrize("order", ["name", "-name", "created_at", "-created_at", "id", "-id"])
def test_pages_show_every_row_once_forward_and_back_while_rows_come(cast, api, settings, order):
    settings.API_RATE_PER_MINUTE = 10**9
    caller, there = api(cast.olu), {str(cast.orchard.pk), str(cast.quarry.pk)}
    there |= {str(make.client(cast.olu, name).pk) for name in NAMES}
    names = iter(f"{letter}{n}" for n in range(20) for letter in ("A", "M", "Z"))
    added: list[str] = []

    def another():
        if len(added) < 12:
            added.append(str(make.client(cast.olu, next(names)).pk))

    forward, last = walked(caller, f"clients/?order={order}&limit=2", "next", another)
    back, _ = walked(caller, last, "previous")
    for pages in (forward, back):
        rows = [id for page in pages for id in page]
        assert len(rows) == len(set(rows))
        assert there <= set(rows)
        assert set(rows) <= there | set(added)


@pytest.mark.parametrize("order", ["name", "-created_at", "id"])
def test_backward_pages_are_the_forward_pages_again(cast, api, order):
    caller = api(cast.olu)
    for name in NAMES:
        make.client(cast.olu, name)
    forward, last = walked(caller, f"clients/?order={order}&limit=3", "next")
    back, first = walked(caller, last, "previous")
    assert [id for page in reversed(back) for id in page] == [id for page in forward for id in page]
    assert caller.get(first).json()["previous"] is None
    assert caller.get(last).json()["next"] is None


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


ID = "0199aaaa-0000-7000-8000-00000000dead"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "%%%",
        "",
        "ä",
        cursor(),
        cursor("name", "A", ID),
        cursor("-name", "A", ID, False),
        cursor("created_at", "A", ID, False),
        cursor("name", None, ID, False),
        cursor("name", {"a": 1}, ID, False),
        cursor("name", "A", "no id", False),
        cursor("name", "A", 5, False),
        cursor("name", "A", ID, 1),
        cursor("name", "A\x00", ID, False),
        cursor("name", "A", ID, False, "more"),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_a_cursor_that_is_not_of_this_list_and_order_is_refused(cast, api, text):
    answer = api(cast.olu).get(f"clients/?order=name&cursor={text}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


def test_a_cursor_opens_nothing_that_its_bearer_does_not_see(cast, api):
    for n in range(4):
        make.client(cast.olu, f"Hill {n}")
    following = _local(api(cast.olu).get("clients/?limit=1").json()["next"])
    assert api(cast.ben).get(following).json()["results"] == []
    zoes = api(cast.zoe).get(following).json()["results"]
    assert {row["name"] for row in zoes} <= {"Harbour"}
