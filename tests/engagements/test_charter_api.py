"""Charters, hats, deputies and reporting lines over REST: the way from a draft to one in force."""

import pytest

from engagements.models import Charter
from tests import make
from tests.engagements import build
from tests.engagements.test_charters import accepted, offered

LIMIT = {
    "per_decision": "5000.00",
    "per_period": "20000.00",
    "period": "quarter",
    "currency": "EUR",
}


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_charter_goes_from_draft_to_force(cast, api, engagement):
    ada, priya = api(cast.ada), api(cast.priya)
    charter = ok(ada.post("charters/", {"engagement": str(engagement.pk)}), 201)
    path = f"charters/{charter['id']}"
    refused = ada.post(f"{path}/offer/")
    for hat in ("CTO", "CAIO"):
        ok(ada.post("spending-limits/", {"charter": charter["id"], "hat": hat, **LIMIT}), 201)
    right = ok(ada.get(f"rights/?charter={charter['id']}&code=DR-06"))["results"][0]
    changed = ok(ada.patch(f"rights/{right['id']}/", {"caio": "A"}))
    own = ok(ada.post("rights/", {"charter": charter["id"], "label": "Press", "cto": "D"}), 201)
    offered = ok(ada.post(f"{path}/offer/"))
    stale = priya.post(f"{path}/accept/", {"sha256": "0" * 64})
    agreed = ok(priya.post(f"{path}/accept/", {"sha256": offered["sha256"]}))
    late = ada.patch(f"rights/{right['id']}/", {"caio": "I"})

    codes = [(a.status_code, a.json()["code"]) for a in (refused, stale, late)]
    assert codes == [
        (409, "charter_incomplete"),
        (412, "charter_changed"),
        (409, "charter_not_a_draft"),
    ]
    assert [one["key"] for one in refused.json()["missing"]] == ["CAIO", "CTO"]
    assert (changed["caio"], own["code"], agreed["status"]) == ("A", "OR-01", "accepted")
    assert agreed["accepted_by"] == str(cast.priya.pk)


def test_a_charter_is_declined_with_a_reason(cast, api, engagement):
    charter = offered(engagement, make.actor(cast.ada))
    path = f"charters/{charter.pk}/decline/"

    unsaid = api(cast.priya).post(path, {"sha256": charter.sha256, "reason": " "})
    board = api(cast.marta).post(path, {"sha256": charter.sha256, "reason": "No."})
    told = ok(api(cast.priya).post(path, {"sha256": charter.sha256, "reason": "Too far."}))

    assert (unsaid.status_code, board.status_code) == (400, 403)
    assert (told["status"], told["answered_reason"]) == ("declined", "Too far.")


def test_matrix_rapid_and_raci_are_read_by_sponsor_and_board(cast, api, engagement):
    charter = accepted(engagement, make.actor(cast.ada), make.actor(cast.priya))

    for person in (cast.priya, cast.marta, cast.ada, cast.bot):
        views = {
            name: ok(api(person).get(f"charters/{charter.pk}/{name}/"))
            for name in ("matrix", "rapid", "raci")
        }
        third = {
            name: [cell["letter"] for cell in view["rows"][2]["cells"]]
            for name, view in views.items()
        }
        assert third == {
            "matrix": ["A", "D", "I"],
            "rapid": ["A", "D", "I"],
            "raci": ["C", "A", "C"],
        }
    assert api(cast.ravi).get(f"charters/{charter.pk}/matrix/").status_code == 404


def test_the_matrix_asks_the_database_as_often_for_any_number_of_rights(
    cast, api, engagement, django_assert_num_queries
):
    charter = accepted(engagement, make.actor(cast.ada), make.actor(cast.priya))
    key = api(cast.bot)
    key.get("charters/")

    with django_assert_num_queries(5):
        ok(key.get(f"charters/{charter.pk}/matrix/"))


def test_hats_deputies_and_lines_over_rest(cast, api, engagement):
    ada, priya, id = api(cast.ada), api(cast.priya), str(engagement.pk)
    worn = ok(
        ada.post(
            "wearings/",
            {"engagement": id, "hat": "CAIO", "member": str(cast.ben.pk), "since_on": "2026-04-01"},
        ),
        201,
    )
    noted = ok(ada.patch(f"wearings/{worn['id']}/", {"depth_evidence": "Two models live."}))
    read_by_client = ok(priya.get(f"wearings/{worn['id']}/"))
    deputy = ok(
        ada.post(
            "deputies/",
            {
                "wearing": worn["id"],
                "member": str(cast.ada.pk),
                "since_on": "2026-05-01",
                "until_on": "2026-05-10",
            },
        ),
        201,
    )
    agreed = ok(priya.post(f"deputies/{deputy['id']}/accept/"))
    gone = ok(ada.post(f"deputies/{deputy['id']}/withdraw/"))
    line = ok(
        ada.post(
            "reporting-lines/",
            {"engagement": id, "hat": "CAIO", "reports_to": "CEO", "since_on": "2026-04-01"},
        ),
        201,
    )
    off = ok(ada.post(f"wearings/{worn['id']}/take-off/", {"until_on": "2026-06-01"}))

    assert noted["depth_evidence"] == "Two models live."
    assert "depth_evidence" not in read_by_client
    assert (agreed["accepted_by"], agreed["hat"]) == (str(cast.priya.pk), "CAIO")
    assert gone["withdrawn_at"] is not None
    assert (line["reports_to"], off["until_on"]) == ("CEO", "2026-06-01")


def test_one_of_two_acceptances_at_once_holds(cast, api, engagement):
    charter = offered(engagement, make.actor(cast.ada))
    priya = api(cast.priya)

    first, second = (
        priya.post(f"charters/{charter.pk}/accept/", {"sha256": charter.sha256}) for _ in range(2)
    )

    assert (first.status_code, second.json()["code"]) == (200, "charter_not_offered")
    assert Charter.objects.filter(status="accepted").count() == 1
