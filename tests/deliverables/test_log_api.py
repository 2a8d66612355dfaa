"""The sealed log over REST: what everybody reads and does there, and the download that a client checks."""

import io
import json
import zipfile

import pytest

from deliverables import anchors, bundle, verify_log
from deliverables.models import Anchor, Opening, SealedEntry, SigningKey
from practice import access
from tests.deliverables import logged, sealed
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def log(cast):
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    logged.decision(engagement, cast.ada, client_sees=True)
    logged.decision(engagement, cast.ada, client_sees=False, reason="Not for the client.")
    made = sealed.of(engagement)
    anchors.anchor(made, by=access.system(made.practice_id), at=NOW)
    return made


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def unpacked(answer) -> dict:
    assert answer.status_code == 200, answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("verify_log.py") == bundle.VERIFIER.read_bytes()
        return json.loads(archive.read("log.json"))


def test_the_sponsor_downloads_a_log_that_checks_itself_and_reads_of_it_what_is_theirs(
    api, cast, log
):
    answer = api(cast.priya).get(f"decision-logs/{log.pk}/bundle/")
    said = unpacked(answer)
    found = verify_log.check(said, kept=[(2, log.head)])
    assert (found.status, found.entries, found.withheld) == (verify_log.INTACT, 2, 1)
    assert "Not for the client." not in json.dumps(said)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="decision-log-')
    assert answer["Cache-Control"] == "private, no-store"


def test_ravi_of_another_client_finds_no_log_here(api, cast, log):
    ravi = api(cast.ravi)
    assert rows(ravi.get("decision-logs/")) == []
    for path in ("", "bundle/"):
        assert ravi.get(f"decision-logs/{log.pk}/{path}").status_code == 404


def test_entries_and_what_opens_them_are_read_by_whom_the_decision_is_for(api, cast, log):
    for place, numbers in ((cast.ada, [1, 2]), (cast.priya, [1])):
        listed = rows(api(place).get(f"sealed-entries/?engagement={log.engagement_id}"))
        assert [row["number"] for row in listed] == numbers
    first, second = SealedEntry.objects.order_by("number")
    opened = rows(api(cast.priya).get(f"sealed-entries/{first.pk}/openings/"))
    assert {row["name"] for row in opened} >= {"reason", "question"}
    assert api(cast.priya).get(f"sealed-entries/{second.pk}/openings/").status_code == 404


def test_the_sponsor_has_a_head_signed_and_reads_it(api, cast, log):
    priya = api(cast.priya)
    assert priya.post(f"decision-logs/{log.pk}/anchor/").status_code == 200
    heads = rows(priya.get(f"log-heads/?engagement={log.engagement_id}"))
    assert [(head["number"], head["hash"], head["published_on"]) for head in heads] == [
        (2, log.head, None)
    ] * 2
    key = SigningKey.objects.get().public_key
    assert {head["public_key"] for head in heads} == {key}
    assert verify_log.signatures()(key, heads[1]["signature"], heads[1]["text"])
    assert Anchor.objects.count() == 2


def test_an_owner_erases_over_rest_and_others_do_not(api, cast, log):
    entry = SealedEntry.objects.get(number=1)
    wish = {"entry": str(entry.pk), "names": ["reason"], "reason": "Asked to."}
    path = f"decision-logs/{log.pk}/erase/"
    assert api(cast.ada).post(path, wish).status_code == 403
    assert api(cast.olu).post(path, {"reason": "Asked to."}).status_code == 400
    assert api(cast.olu).post(path, wish).json()["length"] == 3
    again = api(cast.olu).post(path, wish)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_erase")
    assert not Opening.objects.filter(entry=entry, name="reason").exists()


def test_keys_are_listed_without_what_they_are_derived_from_and_rotated_by_an_owner(api, cast, log):
    (row,) = rows(api(cast.ada).get("signing-keys/"))
    assert set(row) == {
        "id",
        "version",
        "created_at",
        "public_key",
        "since_at",
        "until_at",
        "introduction",
        "introduction_signature",
    }
    path = f"signing-keys/{row['id']}/rotate/"
    assert api(cast.ada).post(path).status_code == 403
    assert api(cast.olu).post(path).json()["until_at"] is not None
    again = api(cast.olu).post(path)
    assert (again.status_code, again.json()["code"]) == (409, "key_retired")
    assert len(rows(api(cast.olu).get("signing-keys/"))) == 2
