"""Verbs and corrections over HTTP that no longer story tells: what each does, and what it says when it refuses."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from engagements import bursts, charter_rights, charters, contracts, deputies, moves
from engagements.models import (
    Burst,
    Charter,
    ContractVersion,
    Deputy,
    Move,
    Right,
    SpendingLimit,
    Stage,
    Wearing,
)
from practice.models import AgendaEntry, Event
from tests import make
from tests.engagements import build
from tests.make import NOW

LIMIT = {"per_decision": "10.00", "per_period": "20.00", "period": "month", "currency": "EUR"}


@pytest.fixture
def work(cast):
    return build.engagement(cast)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


def told(answer):
    found = answer.json()
    return answer.status_code, found.get("code", found.get("status"))


def today():
    return timezone.now().date()


# Dates that were dealt with.


@pytest.fixture
def review(work):
    """The strategy review of the quarter, open."""
    with transaction.atomic():
        build.replanned(work, at=NOW)
    return AgendaEntry.objects.get(kind="strategy_review", subject_id=work.pk)


def test_a_review_is_settled_once_and_the_log_says_who_did_it(cast, api, work, review):
    path = f"engagements/{work.pk}/settle-date/"
    body = {"kind": "strategy_review", "period": review.period}
    assert api(cast.ada).post(path, body).json()["id"] == str(work.pk)
    review.refresh_from_db()
    assert (review.status, review.next_at) == ("done", None)
    event = Event.objects.get(kind="engagement.date_settled")
    assert (event.actor_id, event.after["period"]) == (cast.ada.pk, review.period)
    assert told(api(cast.ada).post(path, body)) == (409, "nothing_due")


def test_what_cannot_be_settled_is_named(cast, api, work, review):
    path = f"engagements/{work.pk}/settle-date/"
    for body, field in (
        ({"kind": "phase_turn", "period": ""}, "kind"),
        ({"kind": "radar_sweep"}, "kind"),
        ({"period": review.period}, "kind"),
        ({"kind": "strategy_review", "period": "x" * 21}, "period"),
        ({"kind": "strategy_review", "entry": "x"}, "entry"),
    ):
        answer = api(cast.ada).post(path, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    other = {"kind": "strategy_review", "period": "FY1999Q1"}
    assert told(api(cast.ada).post(path, other)) == (409, "nothing_due")
    review.refresh_from_db()
    assert review.status == "open"


def test_who_may_settle_a_date(cast, api, work, review):
    path = f"engagements/{work.pk}/settle-date/"
    body = {"kind": "strategy_review", "period": review.period}
    people = (cast.priya, cast.marta, cast.fin, cast.ben, cast.ravi, cast.zoe, cast.bot)
    codes = [api(who).post(path, body).status_code for who in people]
    assert codes == [403, 403, 403, 404, 404, 404, 403]
    writes = make.key(cast.practice, "Writes", ("read", "write"))
    assert api(writes).post(path, body).status_code == 200


def test_a_review_is_settled_at_the_desk(cast, page, work, review):
    browser, link = page(cast.ada), f"/desk/engagements/engagement/{work.pk}/settle-date/"
    assert review.title in browser.get(link).content.decode()
    assert browser.post(link, {"entry": "strategy_review|FY1999Q1"}).status_code == 200
    answer = browser.post(link, {"entry": f"strategy_review|{review.period}"})
    review.refresh_from_db()
    assert (answer.status_code, review.status) == (302, "done")


# A suggestion that a consultant makes their own.


@pytest.fixture
def suggestion(work, ada):
    return moves.suggest(work, to_point="RETAINER_HIGH", reason="Facts.", by=ada, at=NOW)


def test_a_suggestion_is_put_forward_with_its_day_and_terms(cast, api, suggestion):
    path = f"moves/{suggestion.pk}/"
    assert api(cast.priya).get(path).status_code == 404
    body = {"effective_on": today().isoformat(), "fee_amount": "45000.00"}
    put = api(cast.ada).post(f"{path}put-forward/", body, If_Match='"1"').json()
    assert (put["status"], put["fee_amount"], put["cause"]) == ("proposed", "45000.00", "facts")
    assert (put["effective_on"], put["needs_agreement"]) == (today().isoformat(), True)
    assert api(cast.priya).get(path).json()["status"] == "proposed"
    assert told(api(cast.priya).post(f"{path}agree/")) == (200, "effective")
    assert Stage.objects.get(until_on=None).fee_amount == 45000


def test_what_is_no_suggestion_any_more_is_not_put_forward(cast, api, suggestion, work):
    path, body = f"moves/{suggestion.pk}/put-forward/", {"effective_on": today().isoformat()}
    assert told(api(cast.ada).post(path, body, If_Match='"7"')) == (412, "stale")
    assert api(cast.ada).post(path, {}).json()["errors"].keys() == {"effective_on"}
    early = api(cast.ada).post(path, {"effective_on": "2025-01-01"})
    assert told(early) == (409, "before_present")
    assert told(api(cast.ada).post(path, body)) == (200, "proposed")
    assert told(api(cast.ada).post(path, body)) == (409, "move_settled")
    assert Move.objects.get().pk == suggestion.pk


def test_who_may_put_a_suggestion_forward(cast, api, suggestion):
    path, body = f"moves/{suggestion.pk}/put-forward/", {"effective_on": today().isoformat()}
    people = (cast.priya, cast.marta, cast.fin, cast.ben, cast.ravi, cast.zoe, cast.bot)
    codes = [api(who).post(path, body).status_code for who in people]
    assert codes == [404, 404, 404, 404, 404, 404, 403]
    blind = api(make.key(cast.practice, "Blind", ("read", "write")))
    assert blind.post(path, body | {"fee_amount": "1.00"}).status_code == 403
    # Under the present terms a key that sees no fees may.
    answer = blind.post(path, body)
    assert (answer.status_code, "fee_amount" in answer.json()) == (200, False)


def test_a_suggestion_is_put_forward_at_the_desk(cast, page, suggestion):
    browser, link = page(cast.ada), f"/desk/engagements/move/{suggestion.pk}/forward/"
    assert browser.get(link).status_code == 200
    unsaid = browser.post(link, {"effective_on": ""})
    assert (unsaid.status_code, "This field is required." in unsaid.content.decode()) == (200, True)
    assert browser.post(link, {"effective_on": today().isoformat()}).status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.effective_on) == ("proposed", today())
    assert page(cast.ben).post(link, {"effective_on": today().isoformat()}).status_code == 404


# Corrections.


def test_an_engagement_is_changed_and_what_has_begun_keeps_its_first_day(cast, api, work):
    path, caller = f"engagements/{work.pk}/", api(cast.ada)
    body = {"name": "Both hats", "curve": "midmarket_days", "hats": {"CTO": 30, "CAIO": 70}}
    changed = caller.patch(path, body, If_Match='"1"').json()
    assert (changed["name"], changed["curve"], changed["version"]) == (
        "Both hats",
        "midmarket_days",
        2,
    )
    hats = caller.get(f"engagement-hats/?engagement={work.pk}").json()["results"]
    assert {row["hat"]: row["target"] for row in hats} == {"CTO": 30, "CAIO": 70}
    assert told(caller.patch(path, {"starts_on": "2026-05-01"})) == (409, "has_begun")
    assert told(caller.patch(path, {"name": "Third"}, If_Match='"1"')) == (412, "stale")
    wrong = caller.patch(path, {"hats": {"CTO": 30}}).json()
    assert list(wrong["errors"]) == ["hats"]


def test_a_contract_is_changed_as_a_draft_and_accepted_on_behalf_as_an_offer(cast, api, work, ada):
    caller = api(cast.ada)
    version = contracts.draft(work, title="Contract", by=ada, at=NOW)
    path = f"contracts/{version.pk}/"
    assert caller.patch(path, {"title": "Letter"}).json()["title"] == "Letter"
    said = {"contact": str(cast.priya.pk), "note": "By letter."}
    early = caller.post(f"{path}accept-on-behalf/", said)
    assert told(early) == (409, "contract_not_offered")
    caller.post(f"{path}offer/")
    assert told(caller.patch(path, {"title": "Other"})) == (409, "contract_not_draft")
    for wrong in ({"contact": str(cast.marta.pk)}, {"contact": str(cast.ravi.pk)}, {"note": " "}):
        answer = caller.post(f"{path}accept-on-behalf/", said | wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(wrong))
    done = caller.post(f"{path}accept-on-behalf/", said).json()
    assert (done["status"], done["accepted_by"], done["recorded_by"]) == (
        "accepted",
        str(cast.priya.pk),
        str(cast.ada.pk),
    )
    key = api(make.key(cast.practice, "Writes", ("read", "write")))
    assert key.post(f"{path}accept-on-behalf/", said).status_code == 403
    assert ContractVersion.objects.get().title == "Letter"


def test_a_charter_is_accepted_on_behalf_of_the_content_that_was_read(cast, api, work, ada):
    charter = charters.draft(work, by=ada, at=NOW)
    for hat in ("CTO", "CAIO"):
        charter_rights.set_limit(charter, hat=hat, by=ada, at=NOW, **LIMIT)
    charter = charters.offer(charter, by=ada, at=NOW)
    caller, path = api(cast.ada), f"charters/{charter.pk}/accept-on-behalf/"
    said = {"contact": str(cast.priya.pk), "note": "By letter.", "sha256": charter.sha256}
    assert told(caller.post(path, said | {"sha256": "0" * 64})) == (412, "charter_changed")
    assert api(cast.priya).post(path, said).status_code == 403
    done = caller.post(path, said).json()
    assert (done["status"], done["recorded_by"]) == ("accepted", str(cast.ada.pk))
    assert told(caller.post(path, said)) == (409, "charter_not_offered")


def test_a_deputy_is_accepted_on_behalf_or_declined_but_once(cast, api, work, ada):
    worn = Wearing.objects.get(engagement=work, hat="CTO")
    since = NOW.date() + datetime.timedelta(days=1)
    days = {"since_on": since, "until_on": since + datetime.timedelta(days=7)}
    first = deputies.name(worn, member=cast.ben, **days, by=ada, at=NOW)
    path, priya = f"deputies/{first.pk}/", api(cast.priya)
    assert priya.post(f"{path}decline/", {"reason": " "}).status_code == 400
    assert api(cast.marta).post(f"{path}decline/", {"reason": "No."}).status_code == 403
    assert told(priya.post(f"{path}decline/", {"reason": "No."}, If_Match='"7"')) == (412, "stale")
    done = priya.post(f"{path}decline/", {"reason": "Somebody senior."}).json()
    assert (done["answered_reason"], done["declined_at"] is not None, done["accepted_at"]) == (
        "Somebody senior.",
        True,
        None,
    )
    caller, said = api(cast.ada), {"contact": str(cast.priya.pk), "note": "On the phone."}
    for verb, body in (("accept-on-behalf", said), ("withdraw", {})):
        assert told(caller.post(f"{path}{verb}/", body)) == (409, "deputy_settled")
    assert told(priya.post(f"{path}accept/")) == (409, "deputy_settled")
    # The days are free for another.
    second = deputies.name(worn, member=cast.olu, **days, by=ada, at=NOW)
    done = caller.post(f"deputies/{second.pk}/accept-on-behalf/", said).json()
    assert (done["accepted_by"], done["recorded_by"]) == (str(cast.priya.pk), str(cast.ada.pk))
    assert deputies.standing_in(work, "CTO", since) is None  # accepted today, not on that day
    assert Deputy.objects.get(pk=second.pk).status == "accepted"


def test_a_burst_is_taken_back(cast, api, work, ada):
    until = today() + datetime.timedelta(days=60)
    days = {"since_on": today() + datetime.timedelta(days=30), "until_on": until}
    burst = bursts.plan(work, **days, cause="product", extra=2, by=ada, at=NOW)
    path = f"bursts/{burst.pk}/"
    assert told(api(cast.ada).delete(path, If_Match='"7"')) == (412, "stale")
    assert api(cast.priya).delete(path).status_code == 403
    assert api(cast.ada).delete(path, If_Match='"1"').status_code == 204
    assert Burst.objects.count() == 0
    assert Event.objects.get(kind="burst.cancelled").before["extra"] == "2.00"


def test_rights_and_limits_of_a_draft_are_changed_and_removed(cast, api, work, ada):
    charter, caller = charters.draft(work, by=ada, at=NOW), api(cast.ada)
    limit = charter_rights.set_limit(charter, hat="CTO", by=ada, at=NOW, **LIMIT)
    own = charter_rights.add_own_right(charter, label="Press", cto="D", by=ada, at=NOW)
    path = f"spending-limits/{limit.pk}/"
    assert caller.patch(path, {"per_period": "25.00"}).json()["per_period"] == "25.00"
    wrong = caller.patch(path, {"per_period": "-1.00"})
    assert list(wrong.json()["errors"]) == ["per_period"]
    of_the_book = Right.objects.get(charter=charter, code="DR-01")
    assert told(caller.delete(f"rights/{of_the_book.pk}/")) == (422, "right_of_the_catalogue")
    assert caller.delete(f"rights/{own.pk}/").status_code == 204
    assert caller.delete(path).status_code == 204
    assert (SpendingLimit.objects.count(), Right.objects.filter(code="OR-01").count()) == (0, 0)
    assert Charter.objects.get().status == "draft"


def test_a_charter_reads_as_rapid_and_raci(cast, api, work):
    charter = build.charter(cast, work)
    for view, decides in (("matrix", "D"), ("rapid", "D"), ("raci", "A")):
        found = api(cast.priya).get(f"charters/{charter.pk}/{view}/").json()
        assert [one["key"] for one in found["columns"]][:2] == ["cto", "caio"]
        row = next(one for one in found["rows"] if one["code"] == "DR-01")
        letters = {cell["column"]: cell["letter"] for cell in row["cells"]}
        assert letters["cto"] == decides, view
        assert len(found["rows"]) == Right.objects.filter(charter=charter).count()
        assert api(cast.ravi).get(f"charters/{charter.pk}/{view}/").status_code == 404
