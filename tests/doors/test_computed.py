"""Answers that are computed over rows: they hold nothing of anybody else's, and another's row is a missing one."""

import pytest

from tests.doors.asking import MISSING_ID, Asker
from tests.doors.routes import Route, routes
from tests.doors.who import SEES

OF_ENGAGEMENT = ("/api/v1/balances/", "/api/v1/hat-balances/", "/api/v1/decision-report/")
CHECK = "/api/v1/decision-check/"
SPEND = "/api/v1/spend-report/"
COMPUTED = (*OF_ENGAGEMENT, CHECK, SPEND, "/api/v1/portfolio/")
# Who is told of a month's balance, and who of the hats where the terms let the client see them.
BALANCE = {"olu", "ada", "amy", "fin", "priya", "bot", "writer", "limited", "limited_writer"}
HATS = BALANCE - {"fin"} | {"marta"}
REPORT = HATS | {"reviewer", "viewer"}
# Who may write a proposal, and so may ask what would become of it.
ASKED = {"olu", "ada", "amy", "writer", "limited_writer"}
# Who sees what AI costs: not who works without fees, nor a key without their scope.
SPENT = {"olu", "ada", "priya", "marta", "writer"}
PORTFOLIO = {"olu", "ada", "zoe", "bot", "writer", "limited", "limited_writer", "zoes_bot"}


def asker(world, actor):
    return Asker(world, actor, world.callers()[actor], own_name=world.own_name(actor))


@pytest.mark.parametrize("actor", SEES)
def test_no_computed_answer_holds_or_tells_anything_of_anybody_else(world, actor):
    asking, rows = asker(world, actor), world.rows
    asking.ask("portfolio", "GET", "/api/v1/portfolio/")
    for path in (*OF_ENGAGEMENT, f"{CHECK}?code=DR-01&hat=CTO"):
        mark = "&" if "?" in path else "?"
        for (_, model), row in rows.items():
            if model == "engagement":
                one = asking.ask(
                    path, "GET", f"{path}{mark}engagement={row.pk}", sent=(str(row.pk),)
                )
                if not asking.exists(world.canaries.ids[str(row.pk)]):
                    two = asking.ask(
                        path, "GET", f"{path}{mark}engagement={MISSING_ID}", sent=(MISSING_ID,)
                    )
                    asking.differ(
                        path, "another's engagement answers unlike a missing one", one, two
                    )
    assert sorted(asking.findings) == []


@pytest.mark.parametrize("actor", SEES)
def test_no_report_of_spending_holds_or_tells_anything_of_another_client(world, actor):
    asking = asker(world, actor)
    for (_, model), row in world.rows.items():
        if model == "client":
            one = asking.ask(SPEND, "GET", f"{SPEND}?client={row.pk}", sent=(str(row.pk),))
            if not asking.exists(world.canaries.ids[str(row.pk)]):
                two = asking.ask(SPEND, "GET", f"{SPEND}?client={MISSING_ID}", sent=(MISSING_ID,))
                asking.differ(SPEND, "another's client answers unlike a missing one", one, two)
    assert sorted(asking.findings) == []


def answered(world, path, more="", of="engagement") -> set[str]:
    id = world.id("orchard", of)
    return {
        name
        for name, caller in world.callers().items()
        if caller.get(f"{path}?{of}={id}{more}").status_code == 200
    }


def test_who_is_told_of_balances_hats_and_the_portfolio(world):
    assert answered(world, "balances/") == BALANCE
    assert answered(world, "hat-balances/") == HATS
    assert answered(world, "decision-report/") == REPORT
    assert answered(world, "decision-check/", "&code=DR-01&hat=CTO") == ASKED
    assert answered(world, "spend-report/", of="client") == SPENT
    told = {n for n, c in world.callers().items() if c.get("portfolio/").status_code == 200}
    assert told == PORTFOLIO


def test_a_client_is_told_its_hats_only_where_the_terms_say_so(world):
    id = world.id("orchard", "engagement")
    path, priya, olu = f"hat-balances/?engagement={id}", "priya", "olu"
    callers = world.callers()
    assert callers[priya].get(path).json()["results"] != []
    stage = world.rows["orchard", "stage"]
    type(stage).objects.filter(pk=stage.pk).update(client_sees_hats=False)
    assert callers[priya].get(path).json()["results"] == []
    assert callers[olu].get(path).json()["results"] != []


def test_a_client_is_told_its_balance_only_where_the_terms_say_so(world):
    id = world.id("orchard", "engagement")
    stage = world.rows["orchard", "stage"]
    type(stage).objects.filter(pk=stage.pk).update(client_sees_balance=False)
    callers = world.callers()
    told = [
        len(callers[n].get(f"balances/?engagement={id}").json()["results"])
        for n in ("priya", "olu")
    ]
    assert told[0] < told[1]


def test_every_computed_answer_is_asked_here():
    """Routes under the API that are no resource and take part in reading rows."""
    known = {route.pattern for route in routes() if not route.is_resource and _reads_rows(route)}
    assert known == set(COMPUTED)


def _reads_rows(route: Route) -> bool:
    module = getattr(route.view, "__module__", "")
    of_ours = ("engagements.", "deliverables.", "assessments.api.spend")
    data = ("spectrum", "deliverable-catalogue")
    return module.startswith(of_ours) and not any(name in route.pattern for name in data)
