"""Deliverables over REST: from planned to accepted, files with their parts, comparing, previews, receipts, kinds."""

import datetime
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile

from deliverables import commenting, releasing, writing
from deliverables.models import Comment, DeliverableVersion, Recipient, Release
from practice import files
from practice.models import Event, StoredFile
from tests import make
from tests.callers import Form
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def sent(name, content):
    return Form({"content": SimpleUploadedFile(name, content)})


def test_the_plan_is_drawn_up_before_an_engagement_begins_and_once(cast, api):
    # Long after any day on which the test may run: the first quarter is not over.
    day = datetime.date(2099, 1, 1)
    row = build.engagement(cast, status="proposed", point=None, starts_on=day)
    ada, asked = api(cast.ada), {"engagement": str(row.pk)}
    drawn = ada.post("deliverables/draw-up/", asked)
    again = ada.post("deliverables/draw-up/", asked)
    there = ada.get(f"deliverables/?engagement={row.pk}").json()["results"]
    assert (drawn.status_code, drawn.json()) == (200, again.json())
    assert drawn.json()["deliverables"] == [one["id"] for one in there]
    assert [one["code"] for one in there] == ["DV-01", "DV-02", "DV-03", "DV-05", "DV-07"]


def test_the_whole_way_from_planned_to_accepted(cast, engagement, api):
    ada, olu, priya = api(cast.ada), api(cast.olu), api(cast.priya)
    made = ada.post("deliverables/", {"engagement": str(engagement.pk), "code": "DV-05"})
    assert (made.status_code, made.json()["status"]) == (201, "planned")
    one = f"deliverables/{made.json()['id']}/"
    version = ada.post(f"{one}begin/", {"text": "# Map\n\nWhat we have."})
    assert (version.status_code, version.json()["state"]) == (201, "draft")
    written = f"deliverable-versions/{version.json()['id']}/"
    stale = ada.patch(written, {"text": "# Map\n"}, If_Match='"9"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    ada.patch(written, {"text": "# Map\n\nWhat we lack."}, If_Match=version["ETag"])
    assert ada.post(f"{written}submit/").json()["state"] == "submitted"
    assert olu.post(f"{one}pass-on/").json()["status"] == "reviewed"
    said = {"to": [str(cast.priya.pk)], "answer_by": "2099-01-01"}
    release = ada.post(f"{one}release/", said)
    assert (release.status_code, release.json()["state"]) == (201, "open")
    before_them = f"releases/{release.json()['id']}/"
    for number in range(1, len(release.json()["criteria"]) + 1):
        assert priya.post(f"{before_them}tick/", {"number": number}).status_code == 200

    answered = priya.post(f"{before_them}answer/", {"answer": "accepted"})

    assert (answered.status_code, answered.json()["state"]) == (200, "accepted")
    row = ada.get(f"{one}?expand=accepted").json()
    assert (row["status"], row["accepted"]) == ("accepted", version.json()["id"])
    assert row["expanded"]["accepted"]["sha256"] == answered.json()["sha256"]
    told = priya.get(f"{before_them}receipt/").json()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["public_key"]))
    key.verify(bytes.fromhex(told["signature"]), told["receipt"].encode())
    assert json.loads(told["receipt"])["version"]["sha256"] == answered.json()["sha256"]


def test_there_is_a_receipt_of_what_was_accepted_only(cast, engagement, api):
    release = owing.released(cast, engagement)
    answer = api(cast.priya).get(f"releases/{release.pk}/receipt/")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_receipt")


def test_a_file_is_sent_as_a_form_and_given_out_in_parts(cast, engagement, api):
    row = owing.planned(engagement, cast.ada)
    made = api(cast.ada).post(f"deliverables/{row.pk}/upload/", sent("map.txt", b"0123456789"))
    assert (made.status_code, made.json()["form"]) == (201, "file")
    assert (made.json()["media_type"], made.json()["size"]) == ("text/plain", 10)
    path = f"deliverable-versions/{made.json()['id']}/content/"
    whole = api(cast.ada).get(path)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert whole["Content-Disposition"].startswith("attachment")
    assert whole["X-Content-Type-Options"] == "nosniff"
    part = api(cast.ada).get(path, Range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert part["Content-Range"] == "bytes 2-4/10"
    beyond = api(cast.ada).get(path, Range="bytes=20-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */10")


def test_what_is_no_wanted_file_leaves_neither_file_nor_version(cast, engagement, api):
    row = owing.planned(engagement, cast.ada)
    answer = api(cast.ada).post(f"deliverables/{row.pk}/upload/", sent("x.exe", b"MZ\x00\x01"))
    assert answer.status_code == 400
    assert (DeliverableVersion.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_same_file_under_another_hat_is_refused_and_not_kept(cast, engagement, api):
    ada = api(cast.ada)
    caio, cto = (owing.planned(engagement, cast.ada, code=code) for code in ("DV-05", "DV-02"))
    assert ada.post(f"deliverables/{caio.pk}/upload/", sent("a.txt", b"One")).status_code == 201
    answer = ada.post(f"deliverables/{cto.pk}/upload/", sent("b.txt", b"One"))
    assert (answer.status_code, answer.json()["code"]) == (409, "bundled_document")
    assert StoredFile.objects.count() == 1
    assert Event.objects.filter(kind="deliverable.bundle_refused").count() == 1


def test_a_file_that_tells_of_fees_is_not_handed_in(cast, engagement, api):
    row, ada = owing.planned(engagement, cast.ada), api(cast.ada)
    told = {"name": "fees.txt", "content": b"100 a day", "commercial": True}
    file = files.keep(cast.orchard, by=make.actor(cast.ada), at=NOW, **told)
    answer = ada.post(f"deliverables/{row.pk}/hand-in/", {"file": str(file.pk)})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


def test_two_texts_are_compared_line_by_line(cast, engagement, api):
    row = owing.planned(engagement, cast.ada)
    first = owing.reviewed(row, cast.ada, cast.olu, "One\nTwo\nThree")
    row.refresh_from_db()
    second = owing.written(row, cast.ada, "One\n2\nThree\nFour")
    told = api(cast.ada).get(f"deliverable-versions/{second.pk}/diff/?against={first.pk}").json()
    assert told["old"] == str(first.pk)
    assert told["hunks"] == [
        {
            "old_start": 1,
            "old_lines": 3,
            "new_start": 1,
            "new_lines": 4,
            "lines": [
                {"change": "same", "text": "One"},
                {"change": "gone", "text": "Two"},
                {"change": "new", "text": "2"},
                {"change": "same", "text": "Three"},
                {"change": "new", "text": "Four"},
            ],
        }
    ]
    assert api(cast.ada).get(f"deliverable-versions/{second.pk}/diff/").json() == told


def test_texts_too_long_and_versions_of_others_are_not_compared(cast, engagement, api):
    row = owing.planned(engagement, cast.ada)
    long = owing.written(row, cast.ada, "Line\n" * 3_001)
    other = owing.written(owing.planned(engagement, cast.ada, code="DV-07"), cast.ada)
    ada = api(cast.ada)
    refused = ada.get(f"deliverable-versions/{long.pk}/diff/")
    assert (refused.status_code, refused.json()["code"]) == (422, "too_long_to_compare")
    refused = ada.get(f"deliverable-versions/{long.pk}/diff/?against={other.pk}")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_text")


def test_a_preview_lets_nothing_act_and_fetches_nothing(cast, engagement, api):
    text = "# Map\n\n<script>alert(1)</script>\n\n![x](https://far.test/x.png)\n\n[y](javascript:z)"
    version = owing.written(owing.planned(engagement, cast.ada), cast.ada, text)
    html = api(cast.ada).get(f"deliverable-versions/{version.pk}/preview/").json()["html"]
    assert "Map</h2>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_reading_what_was_released_is_noted_of_the_contact_and_of_nobody_else(
    cast, engagement, api
):
    release = owing.released(cast, engagement, to=[cast.priya, cast.marta])
    path = f"deliverable-versions/{release.pinned_id}/"
    api(cast.ada).get(f"{path}content/")
    for door in ("", "content/", "preview/"):
        assert api(cast.priya).get(path + door).status_code == 200
    seen = dict(Recipient.objects.values_list("contact__name", "times_opened"))
    assert seen == {"Priya": 3, "Marta": 0}


def test_what_is_said_to_the_client_is_of_a_version_that_the_client_has(cast, engagement, api):
    release = owing.released(cast, engagement)
    ada, row = api(cast.ada), release.deliverable
    draft = owing.written(row, cast.ada, "Not for you yet.")
    path, body = f"deliverables/{row.pk}/comment/", {"body": "B", "internal": False}
    refused = ada.post(path, body | {"pinned": str(draft.pk)})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["internal"])
    assert ada.post(path, body | {"pinned": str(release.pinned_id)}).status_code == 201
    assert ada.post(path, {"body": "B"}).status_code == 400
    assert Comment.objects.count() == 1


def test_after_it_was_taken_back_nothing_is_said_to_the_client(cast, engagement):
    release = owing.released(cast, engagement)
    releasing.withdraw(release, by=make.actor(cast.ada), at=NOW)
    with pytest.raises(commenting.Invalid):
        commenting.comment(
            release.deliverable, body="B", internal=False, by=make.actor(cast.ada), at=NOW
        )


def test_what_was_dropped_rests_until_it_is_taken_up(cast, engagement, api):
    ada, row = api(cast.ada), owing.planned(engagement, cast.ada)
    version = owing.written(row, cast.ada)
    writing.submit(version, by=make.actor(cast.ada), at=NOW)
    one = f"deliverables/{row.pk}/"
    assert ada.post(f"{one}drop/", {"reason": "Later"}).json()["status"] == "dropped"
    assert list(row.reviews.values_list("state", flat=True)) == ["withdrawn"]
    assert ada.post(f"{one}take-up/").json()["status"] == "in_progress"
    again = ada.post(f"{one}begin/", {"text": "Again"}).json()["id"]
    ada.post(f"{one}drop/", {"reason": "Later"})
    refused = ada.post(f"deliverable-versions/{again}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "deliverable_dropped")


def test_the_list_is_narrowed_by_what_is_open_owed_and_whose(cast, engagement, api):
    open_ = owing.planned(engagement, cast.ada, due_on=NOW.date(), owner=cast.ada)
    owing.accepted(cast, owing.released(cast, engagement, code="DV-07"))
    ada = api(cast.ada)

    def found(query):
        return [row["code"] for row in ada.get(f"deliverables/?{query}").json()["results"]]

    assert found("open=true") == ["DV-05"]
    assert found("open=false") == ["DV-07"]
    assert found(f"owner={cast.ada.pk}") == ["DV-05"]
    assert found(f"due_from={NOW.date()}") == ["DV-05"]
    assert found(f"due_until={NOW.date()}") == []
    assert found("hat=CAIO&status=accepted") == ["DV-07"]
    assert found(f"q={open_.title[:9]}") == ["DV-05"]


def test_own_kinds_are_kept_beside_the_catalogue(cast, engagement, api):
    ada = api(cast.ada)
    says = {"code": "OWN-1", "title": "Letter", "hat": "CTO", "criteria": ["One"], "text": "# L"}
    made = ada.post("deliverable-kinds/", says)
    assert (made.status_code, made.json()["text"]) == (201, "# L")
    path = f"deliverable-kinds/{made.json()['id']}/"
    owed = {"engagement": str(engagement.pk), "code": "OWN-1"}
    assert ada.post("deliverables/", owed).json()["criteria"] == ["One"]
    assert ada.post(f"{path}retire/").json()["retired_at"] is not None
    refused = ada.post("deliverables/", owed)
    assert (refused.status_code, refused.json()["code"]) == (409, "kind_retired")
    listed = ada.get("deliverable-kinds/?retired=true").json()["results"]
    assert [row["code"] for row in listed] == ["OWN-1"]
    assert "text" not in listed[0]
    assert ada.post(f"{path}bring-back/").json()["retired_at"] is None


def test_a_key_of_one_client_plans_an_own_kind_that_it_does_not_see(cast, engagement, api):
    api(cast.ada).post("deliverable-kinds/", {"code": "OWN-1", "title": "L", "hat": "CTO"})
    key = api(make.key(cast.practice, "Limited", ("read", "write"), cast.orchard))
    made = key.post("deliverables/", {"engagement": str(engagement.pk), "code": "OWN-1"})
    assert (made.status_code, made.json()["title"]) == (201, "L")


def test_the_catalogue_is_read_whole_and_kind_by_kind(cast, api):
    told = api(cast.ada).get("deliverable-catalogue/").json()
    assert len(told["kinds"]) == 28
    one = api(cast.ada).get("deliverable-catalogue/DV-05/").json()
    assert one["hats"] == ["CAIO"]
    assert one["text"].startswith("#")
    assert api(cast.ada).get("deliverable-catalogue/DV-99/").status_code == 404
    assert api(cast.priya).get("deliverable-catalogue/").status_code == 403


def test_what_waits_is_released_once_at_a_time(cast, engagement):
    release = owing.released(cast, engagement)
    with pytest.raises(releasing.NotReviewed):
        releasing.release(release.deliverable, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    assert Release.objects.count() == 1
