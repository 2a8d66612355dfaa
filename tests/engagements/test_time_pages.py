"""The desk's and the portal's pages of time: what they show, what they take, and to whom."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from engagements import balances, pictures, timesheet, week
from engagements.hat_shares import measure
from engagements.models import Expense, Period, Stage, TimeEntry
from practice.models import StoredFile
from tests import make
from tests.engagements import build

TODAY = timezone.now().date()
MONDAY = TODAY - datetime.timedelta(days=TODAY.weekday() + 7)


@pytest.fixture
def work(cast):
    return build.engagement(cast, starts_on=(MONDAY - datetime.timedelta(days=70)).replace(day=1))


@pytest.fixture
def entry(cast, work):
    return timesheet.note(
        work,
        worked_on=MONDAY,
        minutes=90,
        hat="CTO",
        note="Roadmap",
        by=make.actor(cast.ada),
        at=timezone.now(),
    )


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1:30", 90),
        ("1.5", 90),
        ("1,25", 75),
        ("2h", 120),
        ("90m", 90),
        ("90 min", 90),
        ("0:05", 5),
        ("1:75", None),
        ("25", None),
        ("-1", None),
        ("soon", None),
        ("NaN", None),
    ],
)
def test_a_length_is_read_as_people_type_it(typed, minutes):
    assert week.length(typed) == minutes


def test_the_week_shows_what_was_noted_and_takes_a_whole_week_at_once(page, cast, work, entry):
    ada = page(cast.ada)
    link = reverse("desk:time-week-of", args=[MONDAY.isoformat()])

    assert "1:30 h" in text(ada.get(link))
    answer = ada.post(
        link,
        {"for": f"{work.pk}:CAIO", "d0": "1:00", "d2": "0.5", "note": "Policy", "billable": "on"},
    )

    assert answer.status_code == 302
    assert list(
        TimeEntry.objects.filter(hat="CAIO")
        .order_by("worked_on")
        .values_list("worked_on", "minutes")
    ) == [(MONDAY, 60), (MONDAY + datetime.timedelta(days=2), 30)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"for": "CTO", "d0": "soon"}, "Write a length as"),
        ({"for": "CTO"}, "Say how long"),
        ({"for": "CIO", "d1": "1"}, "Tuesday: This is no hat of the engagement."),
        ({"for": "x", "d1": "1"}, "no hat"),
    ],
)
def test_the_week_says_what_is_wrong_and_keeps_what_was_typed(page, cast, work, typed, said):
    link = reverse("desk:time-week-of", args=[MONDAY.isoformat()])

    answer = page(cast.ada).post(
        link, {**typed, "for": f"{work.pk}:{typed['for']}", "note": "Kept"}
    )

    assert (answer.status_code, said in text(answer), 'value="Kept"' in text(answer)) == (
        200,
        True,
        True,
    )
    assert TimeEntry.objects.count() == 0


def test_one_wrong_day_keeps_the_whole_line_out(page, cast, work):
    ahead = TODAY - datetime.timedelta(days=TODAY.weekday()) + datetime.timedelta(days=7)
    link = reverse("desk:time-week-of", args=[ahead.isoformat()])

    answer = page(cast.ada).post(link, {"for": f"{work.pk}:CTO", "d0": "1"})

    assert "has not come yet" in text(answer)
    assert TimeEntry.objects.count() == 0


def test_a_week_that_is_none_is_not_there(page, cast):
    assert page(cast.ada).get("/desk/time/week/2026-13-01/").status_code == 404
    assert page(cast.ada).get("/desk/time/week/0001-01-01/").status_code == 404


def test_without_an_engagement_the_week_says_what_to_do(page, cast):
    assert "No engagement of yours runs" in text(page(cast.ben).get(reverse("desk:time-week")))


def test_an_entry_is_corrected_and_removed_on_its_page(page, cast, entry):
    ada = page(cast.ada)
    link = reverse("desk:engagements_timeentry_change", args=[entry.pk])
    form = {
        "worked_on": MONDAY.isoformat(),
        "minutes": "45",
        "hat": "CAIO",
        "note": "Roadmap",
        "billable": "on",
        "seen_version": "1",
    }

    assert ada.post(link, form).status_code == 302
    assert TimeEntry.objects.values_list("minutes", "hat").get() == (45, "CAIO")
    assert (
        ada.post(
            reverse("desk:engagements_timeentry_delete", args=[entry.pk]), {"post": "yes"}
        ).status_code
        == 302
    )
    assert TimeEntry.objects.count() == 0


CSV = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Ada,ada@lantern.test,O,P,,Roadmap,Yes,{on},09:00:00,{on},10:30:00,01:30:00,{tags}\n"
)


def test_a_file_is_tried_and_then_taken_in_without_choosing_it_again(page, cast, work):
    ada, link = page(cast.ada), reverse("desk:time-file")
    how = {"engagement": str(work.pk), "dates": "iso", "hat_from": "tags"}
    file = CSV.format(on=MONDAY, tags="CTO").encode()

    tried = ada.post(link, {**how, "act": "try", "file": SimpleUploadedFile("t.csv", file)})
    packed = tried.context["packed"]
    taken = ada.post(link, {**how, "act": "take", "packed": packed})

    assert "Take these rows in" in text(tried)
    assert taken.status_code == 302
    assert TimeEntry.objects.values_list("minutes", "hat").get() == (90, "CTO")


def test_a_file_with_a_wrong_row_shows_it_and_offers_no_taking_in(page, cast, work):
    how = {"engagement": str(work.pk), "dates": "iso", "hat_from": "tags", "act": "take"}
    file = SimpleUploadedFile("t.csv", CSV.format(on=MONDAY, tags="lunch").encode())

    answer = page(cast.ada).post(reverse("desk:time-file"), {**how, "file": file})

    assert "Names no hat" in text(answer)
    assert "Take these rows in" not in text(answer)


@pytest.mark.parametrize("packed", ["!!!", "eA=="])
def test_a_packed_file_that_is_none_asks_for_one(page, cast, work, packed):
    how = {"engagement": str(work.pk), "dates": "iso", "hat_from": "tags", "packed": packed}

    assert "Choose a file." in text(page(cast.ada).post(reverse("desk:time-file"), how))


def test_finance_looks_at_time_and_takes_in_no_file(page, cast, entry):
    fin = page(cast.fin)

    assert fin.get(reverse("desk:time-file")).status_code == 403
    assert fin.get(reverse("desk:engagements_timeentry_changelist")).status_code == 200


def test_the_balance_page_shows_pictures_and_closes_and_opens_a_month(page, cast, work, entry):
    ada, link = page(cast.ada), reverse("desk:time-balance", args=[work.pk])
    month = work.starts_on.isoformat()

    shown = text(ada.get(link))
    assert "Allowance by month" in shown
    assert "CAIO" in shown
    ada.post(link, {"act": "close", "month": month})
    assert [str(day) for day in Period.objects.values_list("starts_on", flat=True)] == [month]
    ada.post(link, {"act": "again", "reason": "A day was missing."})
    assert Period.objects.count() == 0
    assert ada.post(link, {"act": "close", "month": "soon"}).status_code == 302


def test_the_balance_of_anothers_engagement_is_not_there(page, cast, work):
    link = reverse("desk:time-balance", args=[work.pk])

    assert page(cast.zoe).get(link).status_code == 404
    assert page(cast.ben).get(link).status_code == 404


def test_an_expense_is_put_down_with_its_receipt(page, cast, work):
    png = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
        b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    form = {
        "engagement": str(work.pk),
        "member": str(cast.ada.pk),
        "spent_on": MONDAY.isoformat(),
        "amount": "12.50",
        "currency": "",
        "what": "Train",
        "billable": "on",
        "upload": SimpleUploadedFile("ticket.png", png),
    }

    answer = page(cast.ada).post(reverse("desk:engagements_expense_add"), form)

    assert answer.status_code == 302
    expense = Expense.objects.get()
    assert (expense.currency, expense.receipt.name) == ("EUR", "ticket.png")
    assert StoredFile.objects.get().client_id == work.client_id
    shown = page(cast.fin).get(reverse("desk:engagements_expense_change", args=[expense.pk]))
    assert shown.status_code == 200


def test_a_sponsor_sees_the_allowance_and_the_hats_where_the_terms_allow(page, cast, work, entry):
    priya, link = page(cast.priya), reverse("portal:balance")

    assert (
        "Allowance by month" in text(priya.get(link)),
        "Share of each hat" in text(priya.get(link)),
    ) == (
        True,
        False,
    )
    Stage.objects.update(client_sees_balance=False, client_sees_hats=True)
    both = text(priya.get(link))
    assert ("Allowance by month" in both, "Share of each hat" in both) == (False, True)
    assert "Nothing to show." in text(page(cast.ravi).get(link))


def test_the_portals_home_says_what_is_left(page, cast, work, entry):
    assert "used" in text(page(cast.priya).get("/portal/"))


def test_a_board_member_sees_hats_and_no_allowance(page, cast, work, entry):
    Stage.objects.update(client_sees_hats=True)
    told = text(page(cast.marta).get(reverse("portal:balance")))

    assert ("Allowance by month" in told, "Share of each hat" in told) == (False, True)


def test_pictures_say_in_words_what_they_show(cast, work, entry):
    months = balances.of(work, at=timezone.now())

    assert "1:30 h of 32:00 h used, 30:30 h left" in pictures.balance(months)
    assert pictures.balance([]) == ""
    assert "CAIO is losing" in pictures.hats(measure({"CTO": 50, "CAIO": 50}, {"CTO": 60}))
