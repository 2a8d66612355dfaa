"""Logging a decision at the desk over HTTP: the charter is asked first, and a refusal stands at its field."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from deliverables.models import Decision, DecisionLink
from engagements.desk.engagement_page import under
from practice import files
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

SAID = {
    "code": "DR-05",
    "hat": "CTO",
    "question": "Which gateway do we use?",
    "context": "Three teams call models on their own.",
    "option_label": ["Buy one", "", "Build one"],
    "option_note": ["", "", "Two months."],
    "chosen": "3",
    "reason": "It fits.",
    "amount": "",
    "currency": "EUR",
    "horizon": "quarter",
}


@pytest.fixture
def row(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


def text(answer) -> str:
    return answer.content.decode()


def at(row) -> str:
    return under(row, "log-decision")


def send(browser, row, do="decide", **says):
    return browser.post(at(row), {**SAID, "do": do, **says})


def check(browser, row, **asked) -> str:
    return text(browser.get(under(row, "decision-check"), {"code": "DR-05", "hat": "CTO", **asked}))


def test_one_page_logs_and_decides_it_with_everything_said(cast, page, row):
    how = {"by": make.actor(cast.ada), "at": NOW}
    file = files.keep(cast.orchard, name="offers.txt", content=b"Two offers.\n", **how)
    later = timezone.now().date() + datetime.timedelta(days=60)
    answer = send(
        page(cast.ada),
        row,
        amount="3000",
        review_on=later.isoformat(),
        spend_on="",
        client_sees="on",
        links=[f"file:{file.pk}"],
    )
    made = Decision.objects.get()
    assert answer.url == f"/desk/deliverables/decision/{made.pk}/change/"
    assert (made.status, made.code, made.hat, made.decider) == ("decided", "DR-05", "CTO", cast.ada)
    assert made.options == [
        {"label": "Buy one", "note": ""},
        {"label": "Build one", "note": "Two months."},
    ]
    assert (made.chosen, made.amount, made.currency) == (2, Decimal("3000.00"), "EUR")
    assert (made.review_on, made.horizon, made.client_sees) == (later, "quarter", True)
    assert list(DecisionLink.objects.values_list("kind", "target_id", "title")) == [
        ("file", file.pk, "offers.txt")
    ]


def test_without_an_amount_the_currency_says_nothing(cast, page, row):
    send(page(cast.ada), row, do="propose")
    made = Decision.objects.get()
    assert (made.status, made.amount, made.currency) == ("proposed", None, "")


def test_the_check_turns_from_ours_to_the_client_s_as_the_amount_passes_the_limit(cast, page, row):
    ada = page(cast.ada)
    assert "Yours to decide" in check(ada, row, amount="5000.00", currency="EUR")
    said = check(ada, row, amount="5000.01", currency="EUR")
    assert "Awaits the client" in said
    assert "More than the hat may spend by one decision, 5,000.00 EUR." in said
    assert "No rate from USD to EUR is recorded." in check(ada, row, amount="1", currency="usd")
    assert "Choose a right and a hat." in check(ada, row, code="")
    assert "Amount: Enter a number." in check(ada, row, amount="many", currency="EUR")
    assert Decision.objects.count() == 0


def test_the_check_says_who_else_wears_the_hat(cast, page, row):
    said = check(page(cast.olu), row)
    assert "This hat&#x27;s to decide, and somebody else wears it" in said
    assert "Ada wears the CTO hat" in said


def test_a_right_of_another_hat_is_refused_at_the_hat_with_its_holder_named(cast, page, row):
    answer = send(page(cast.ada), row, code="DR-03")
    form = answer.context["form"]
    assert answer.status_code == 200
    assert form.errors == {
        "hat": ["DR-03 (Hiring for the AI team) is decided by the CAIO hat (Ada), not by this hat."]
    }
    assert 'id="id_hat_error"' in text(answer)
    assert Decision.objects.count() == 0


def test_only_who_wears_the_hat_decides_and_others_log_it_as_a_proposal(cast, page, row):
    olu = page(cast.olu)
    answer = send(olu, row)
    assert list(answer.context["form"].errors) == ["hat"]
    assert Decision.objects.count() == 0
    send(olu, row, do="propose")
    assert Decision.objects.get().recorder == cast.olu


def test_a_tool_is_scored_first_and_the_refusal_says_by_whom(cast, page, row):
    answer = send(page(cast.ada), row, code="DR-10", hat="CAIO")
    assert list(answer.context["form"].errors) == ["code"]
    assert "Missing: CAIO, CTO." in answer.context["form"].errors["code"][0]


def test_what_is_wrong_stands_at_its_field(cast, page, row):
    answer = send(page(cast.ada), row, question="", reason=" ", option_label=["", "", ""])
    assert sorted(answer.context["form"].errors) == ["question", "reason"]
    answer = send(page(cast.ada), row, option_label=["", "", ""], option_note=["", "", ""])
    assert list(answer.context["form"].errors) == ["chosen"]
    answer = send(page(cast.ada), row, rate="1.1", amount="5", currency="USD")
    assert list(answer.context["form"].errors) == ["rate"]
    assert "<details open>" in text(answer)


def test_without_a_script_the_page_asks_on_submit_and_adds_an_option(cast, page, row):
    ada = page(cast.ada)
    answer = send(ada, row, look="1", amount="9000", question="")
    assert ("Awaits the client" in text(answer), "not logged yet" in text(answer)) == (True, False)
    answer = send(ada, row, more="1")
    assert [one["label"] for one in answer.context["rows"]] == ["Buy one", "", "Build one", ""]
    assert Decision.objects.count() == 0


def test_without_a_charter_the_page_says_where_one_is_drafted(cast, page):
    row = build.engagement(cast)
    said = text(page(cast.ada).get(at(row)))
    assert "No charter is accepted here" in said
    assert f"/desk/engagements/charter/?engagement__id__exact={row.pk}" in said
    assert send(page(cast.ada), row).status_code == 200
    assert Decision.objects.count() == 0


def test_a_proposal_is_changed_and_a_stale_page_is_told(cast, page, row):
    made = logged.decision(row, cast.ada, decide=False)
    ada, edit = page(cast.ada), under(made, "edit")
    assert "Buy one" in text(ada.get(edit))
    said = {**SAID, "code": "DR-06", "question": "Which one?", "seen_version": made.version}
    assert ada.post(edit, said).status_code == 302
    made.refresh_from_db()
    assert (made.question, made.chosen) == ("Which one?", 2)
    answer = ada.post(edit, {**said, "question": "Again?"})
    assert answer.context["form"].non_field_errors() == [
        "Somebody changed this in the meantime; read it again."
    ]


def test_another_takes_the_place_of_one_in_force(cast, page, row):
    former = logged.decision(row, cast.ada)
    ada, supersede = page(cast.ada), under(former, "supersede")
    assert "Takes the place of decision 1" in text(ada.get(supersede))
    ada.post(supersede, {**SAID, "code": "DR-06", "do": "decide"})
    former.refresh_from_db()
    assert (former.status, former.superseded_by) == ("superseded", Decision.objects.get(number=2))
    assert ada.get(supersede).status_code == 302


def test_who_may_not_see_the_engagement_finds_no_page(cast, page, row):
    for who in (cast.ben, cast.zoe):
        assert page(who).get(at(row)).status_code == 404
        assert page(who).get(under(row, "decision-check")).status_code == 404
    theirs = build.engagement(cast, client=cast.quarry, lead=cast.olu)
    logged.charter(cast, theirs, lead=cast.olu, sponsor=cast.ravi)
    other = logged.decision(theirs, cast.olu)
    asked = {"code": "DR-05", "hat": "CTO", "supersedes": str(other.pk)}
    for who in (cast.ada, cast.olu):
        assert page(who).get(under(row, "decision-check"), asked).status_code == 404
