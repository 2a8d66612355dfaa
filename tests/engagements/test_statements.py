"""Every page and answer of engagements asks as many statements for three engagements, with three of everything that
belongs to one, as for one with one of each."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Charter, ContractVersion, Engagement, Move
from practice.desk import desk
from practice.models import Client
from tests.doors.routes import routes
from tests.engagements import grown

FIRST = "No. 0"
HOUSE = ("portfolio", "radar", "rate-card", "time-week", "time-file")


def is_ours(model) -> bool:
    return model._meta.app_label == "engagements"


def one_of(model, **where):
    """The same row before and after: of the first engagement, else the first of the house."""
    named = {"engagement__name": FIRST} if hasattr(model, "engagement") else where
    rows = model.objects.filter(**named | where) if model is not Engagement else model.objects
    return rows.order_by("id").first()


def of_the_desk() -> Iterator[str]:
    """With every page and every act of a row, as they are registered."""
    yield from ("/desk/", desk.page_of(Client.objects.get(name="Orchard")))
    yield from (reverse(f"desk:{name}") for name in HOUSE)
    yield reverse("desk:time-week-of", args=["2026-02-02"])
    yield reverse("desk:time-balance", args=[one_of(Engagement).pk])
    for model, admin in desk._registry.items():
        if is_ours(model):
            page = desk.page_of(one_of(model))
            yield from (desk.link(model), page)
            for part in (*admin.pages, *admin.acts):
                yield page.removesuffix("change/") + f"{part.name}/"


def of_the_portal() -> Iterator[str]:
    for name in ("index", "where", "balance", "charters", "people"):
        yield reverse(f"portal:{name}")
    waiting = one_of(Move, status="proposed")
    for name, row in (
        ("charter", one_of(Charter)),
        ("contract", one_of(ContractVersion)),
        ("move", waiting),
    ):
        yield reverse(f"portal:{name}", args=[row.pk])


def of_the_api() -> Iterator[str]:
    """Every answer, found by its address: a new one is counted as soon as it is there."""
    of = f"?engagement={one_of(Engagement).pk}"
    for route in routes():
        for operation in route.operations():
            if operation.method == "GET" and operation.view.__module__.startswith("engagements."):
                row = one_of(operation.view.model) if operation.of_one else None
                computed = operation.pattern.endswith("balances/")
                yield operation.path(row.pk if row else "") + (of if computed else "")


DOORS = {"olu": of_the_desk, "priya": of_the_portal, "bot": of_the_api}


@pytest.mark.parametrize("who", DOORS)
def test_three_of_everything_cost_no_statement_more_than_one(cast, page, api, who):
    caller = api(cast.olu) if who == "bot" else page(getattr(cast, who))
    grown.house(cast, 0)
    first = grown.engagement(cast, FIRST, 1)
    paths = list(DOORS[who]())

    def asked() -> dict[str, tuple[int, int]]:
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                status = caller.get(path).status_code
            found[path] = (status, len(captured))
        return found

    # What is asked once and kept is asked now.
    asked()
    one = asked()
    grown.more(cast, first, 1)
    grown.more(cast, first, 2)
    for number in (1, 2):
        grown.house(cast, number)
        grown.engagement(cast, f"No. {number}", 3)
    three = asked()

    assert {path: figures for path, figures in three.items() if figures != one[path]} == {}
    assert len(paths) > 7
    assert {path: figures for path, figures in three.items() if figures[0] > 302} == {}
