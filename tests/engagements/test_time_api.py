"""Time, expenses, months and balances over REST: what the answers hold, and who gets which."""

import datetime
from decimal import Decimal

import pytest

from engagements import periods, timesheet
from engagements.models import Expense, Stage, TimeEntry
from tests import make
from tests.engagements import build
from tests.make import NOW


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


@pytest.fixture
def entry(cast, work):
    by = make.actor(cast.ada)
    return timesheet.note(
        work, worked_on=day("2026-02-10"), minutes=90, hat="CTO", note="Roadmap", by=by, at=NOW
    )


def test_time_is_noted_read_changed_and_removed(api, cast, work):
    ada = api(cast.ada)
    body = {
        "engagement": str(work.pk),
        "worked_on": "2026-02-10",
        "minutes": 45,
        "hat": "CAIO",
        "note": "Policy",
    }

    made = ada.post("time-entries/", body)
    row = made.json()

    assert made.status_code == 201
    assert (row["member"], row["booked_on"], row["hat"]) == (str(cast.ada.pk), "2026-02-10", "CAIO")
    changed = ada.patch(f"time-entries/{row['id']}/", {"minutes": 50}, If_Match='"1"')
    assert (changed.status_code, changed.json()["minutes"]) == (200, 50)
    stale = ada.patch(f"time-entries/{row['id']}/", {"minutes": 55}, If_Match='"1"')
    assert stale.json()["code"] == "stale"
    assert ada.delete(f"time-entries/{row['id']}/").status_code == 204


def test_a_refusal_names_the_field_or_carries_its_code(api, cast, work):
    ada = api(cast.ada)
    body = {"engagement": str(work.pk), "worked_on": "2025-12-01", "minutes": 45, "hat": "CTO"}

    early = ada.post("time-entries/", body)

    assert (early.status_code, list(early.json()["errors"])) == (400, ["worked_on"])


@pytest.mark.parametrize("who", ["zoe", "ben", "priya"])
def test_time_is_not_there_for_others(api, cast, entry, who):
    answer = api(getattr(cast, who)).get(f"time-entries/{entry.pk}/")

    assert answer.status_code == 404
    assert api(cast.zoe).get(f"balances/?engagement={entry.engagement_id}").status_code == 404


def test_lists_narrow_by_engagement_hat_and_day(api, cast, entry):
    ada = api(cast.ada)

    assert (
        len(ada.get(f"time-entries/?engagement={entry.engagement_id}&hat=CTO").json()["results"])
        == 1
    )
    assert ada.get("time-entries/?worked_from=2026-02-11").json()["results"] == []


def test_an_expense_is_noted_read_changed_and_removed(api, cast, work):
    ada = api(cast.ada)
    body = {
        "engagement": str(work.pk),
        "spent_on": "2026-02-10",
        "amount": "120.50",
        "what": "Train",
        "currency": "EUR",
    }

    row = ada.post("expenses/", body).json()

    assert (row["amount"], row["currency"], row["member_name"]) == ("120.50", "EUR", "Ada")
    assert ada.patch(f"expenses/{row['id']}/", {"what": "Bus"}).json()["what"] == "Bus"
    assert ada.delete(f"expenses/{row['id']}/").status_code == 204


def test_an_expense_sent_twice_with_one_key_is_spent_once(api, cast, work):
    ada = api(cast.ada)
    body = {
        "engagement": str(work.pk),
        "spent_on": "2026-02-10",
        "amount": "84.20",
        "what": "Train",
    }
    first = ada.post("expenses/", body, Idempotency_Key="train-1")
    again = ada.post("expenses/", body, Idempotency_Key="train-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    other = ada.post("expenses/", body | {"amount": "84.21"}, Idempotency_Key="train-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert list(Expense.objects.values_list("amount", flat=True)) == [Decimal("84.20")]


def test_the_balance_tells_used_and_left_of_every_month(api, cast, entry):
    told = api(cast.ada).get(f"balances/?engagement={entry.engagement_id}").json()

    assert told["results"][1] == {
        "starts_on": "2026-02-01",
        "unit": "minutes",
        "currency": "",
        "allowance": "1920.00",
        "rolled_in": "0.00",
        "used": "90.00",
        "left": "1830.00",
        "over": "0.00",
        "expired": "1830.00",
        "billed": "0.00",
        "carried": [],
        "owed": "0.00",
        "locked": False,
    }


def test_a_sponsor_reads_the_balance_where_the_terms_allow(api, cast, entry):
    path = f"balances/?engagement={entry.engagement_id}"

    assert api(cast.priya).get(path).json()["results"][1]["left"] == "1830.00"
    Stage.objects.update(client_sees_balance=False)
    assert api(cast.priya).get(path).json()["results"] == []
    assert api(cast.marta).get(path).status_code == 403
    assert api(cast.ravi).get(path).status_code == 404


def test_money_is_for_those_who_see_fees(api, cast):
    work = build.engagement(cast, terms={"allowance_unit": "money", "allowance": "9000"})
    make.assignment(cast.ben, cast.orchard)
    path = f"balances/?engagement={work.pk}"

    assert api(cast.ben).get(path).json()["results"] == []
    assert api(cast.bot).get(path).json()["results"] == []
    paid = make.key(cast.practice, "Books", ("read", "commercial"))
    assert api(paid).get(path).json()["results"][0]["unit"] == "money"


def test_a_month_is_closed_and_opened_again(api, cast, work):
    ada = api(cast.ada)
    made = ada.post("periods/", {"engagement": str(work.pk), "month": "2026-01-01"})

    assert (made.status_code, made.json()["allowance"], made.json()["unit"]) == (
        201,
        "1920.00",
        "minutes",
    )
    again = ada.post("periods/", {"engagement": str(work.pk), "month": "2026-01-01"})
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    path = f"periods/{made.json()['id']}/unlock/"
    assert ada.post(path, {}).status_code == 400
    assert ada.post(path, {"reason": "A day was missing."}).status_code == 204
    assert ada.get("periods/").json()["results"] == []


def test_closing_out_of_order_says_which_month_is_next(api, cast, work):
    answer = api(cast.ada).post("periods/", {"engagement": str(work.pk), "month": "2026-02-01"})

    assert (answer.status_code, answer.json()["code"], answer.json()["next"]) == (
        409,
        "months_in_order",
        "2026-01-01",
    )


def test_a_sponsor_sees_closed_months_only_where_the_terms_allowed(api, cast, work):
    row = periods.lock(work, month=day("2026-01-01"), by=make.actor(cast.ada), at=NOW)

    assert len(api(cast.priya).get("periods/").json()["results"]) == 1
    type(row).objects.update(client_sees=False)
    assert api(cast.priya).get("periods/").json()["results"] == []


def test_the_hat_balance_names_the_losing_hat(api, cast, django_assert_num_queries):
    from django.utils import timezone

    work = build.engagement(cast, starts_on=timezone.now().date() - datetime.timedelta(days=40))
    worked_on = timezone.now().date() - datetime.timedelta(days=2)
    timesheet.note(
        work,
        worked_on=worked_on,
        minutes=600,
        hat="CTO",
        by=make.actor(cast.ada),
        at=timezone.now(),
    )

    told = api(cast.ada).get(f"hat-balances/?engagement={work.pk}").json()["results"]

    assert told[0]["window"] == "rolling"
    assert (told[0]["status"], told[0]["losing"]) == ("one_hat_wins", ["CAIO"])
    assert [(hat["hat"], hat["share"], hat["minutes"]) for hat in told[0]["hats"]] == [
        ("CTO", "100.0", 600),
        ("CAIO", "0.0", 0),
    ]
    assert api(cast.priya).get(f"hat-balances/?engagement={work.pk}").json()["results"] == []
    Stage.objects.update(client_sees_hats=True)
    assert len(api(cast.priya).get(f"hat-balances/?engagement={work.pk}").json()["results"]) == len(
        told
    )


def test_without_an_engagement_there_is_nothing_to_compute(api, cast):
    answer = api(cast.ada).get("balances/")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["engagement"])
    assert list(api(cast.ada).get("balances/?engagement=x&month=1").json()["errors"]) == ["month"]
    assert api(cast.ada).get("balances/?engagement=x").status_code == 404


TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Ada,ada@lantern.test,Orchard,Two hats,,Roadmap,Yes,2026-02-10,09:00:00,2026-02-10,10:30:00,01:30:00,CTO\n"
)


def test_a_file_is_tried_and_then_taken_in(api, cast, work):
    ada = api(cast.ada)
    body = {"engagement": str(work.pk), "content": TOGGL, "dates": "iso"}

    tried = ada.post("time-entries/import/", body).json()
    taken = ada.post("time-entries/import/", {**body, "dry_run": False}).json()

    assert (tried["layout"], tried["written"], tried["counts"]["add"]) == ("toggl", False, 1)
    assert tried["rows"][0]["line"] == 2
    assert (taken["written"], taken["counts"]["add"]) == (True, 1)
    assert TimeEntry.objects.get().minutes == 90
    again = ada.post("time-entries/import/", {**body, "dry_run": False}).json()
    assert again["counts"] == {"add": 0, "change": 0, "same": 1, "skip": 0, "error": 0}
    wrong = ada.post(
        "time-entries/import/", {**body, "content": TOGGL.replace("CTO", "CIO"), "dry_run": False}
    )
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["rows"][0]["line"]) == (
        422,
        "rows_wrong",
        2,
    )


def test_amounts_are_text_with_cents(api, cast, work):
    told = api(cast.ada).get(f"balances/?engagement={work.pk}").json()["results"][0]

    assert Decimal(told["left"]) == Decimal("1920")
