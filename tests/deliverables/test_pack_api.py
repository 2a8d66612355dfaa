"""Packs over REST: what they miss, the archive, links whose address is told once."""

import io
import zipfile

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from deliverables import packs
from deliverables.models import Pack, PackShare
from practice.models import Replay
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def pack(cast, engagement):
    owing.accepted(cast, owing.released(cast, engagement))
    pieces = ["DV-05", "DV-06"]
    return packs.make(engagement, title="Evidence", pieces=pieces, by=make.actor(cast.ada), at=NOW)


def test_a_pack_of_the_catalogue_is_opened_by_its_key_and_once(cast, engagement, api):
    ada, said = api(cast.ada), {"engagement": str(engagement.pk), "key": "day_90"}
    made = ada.post("packs/", said)
    assert (made.status_code, made.json()["pieces"]) == (201, ["DV-06", "DV-18", "DV-17", "DV-07"])
    again = ada.post("packs/", said)
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    wrong = ada.post("packs/", {**said, "key": "eu", "title": "Mine"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["key"])
    changed = ada.patch(f"packs/{made.json()['id']}/", {"title": "Mine"})
    assert (changed.status_code, changed.json()["code"]) == (409, "pack_of_the_catalogue")


def test_one_pack_tells_what_fills_it_and_what_is_missing(cast, pack, api):
    told = api(cast.bot).get(f"packs/{pack.pk}/").json()["completeness"]
    assert (told["complete"], told["accepted"]) == (False, 1)
    first, second = told["pieces"]
    assert (first["status"], first["version_number"], first["missing"]) == ("accepted", 1, "")
    assert (second["deliverable"], second["missing"]) == (None, "Not planned in this engagement.")


def test_the_archive_comes_from_the_api_too(cast, pack, api):
    answer = api(cast.bot).get(f"packs/{pack.pk}/archive/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "manifest.sha256" in archive.namelist()
    assert answer["Content-Disposition"] == 'attachment; filename="evidence.zip"'
    assert answer["Cache-Control"] == "private, no-store"


def test_the_address_of_a_link_is_told_once_and_never_kept(cast, pack, api):
    ada, said = api(cast.ada), {"recipient": "An auditor"}
    path, key = f"packs/{pack.pk}/share/", {"Idempotency_Key": "one"}
    made = ada.post(path, said, **key)
    address = made.json()["secret"]
    assert (made.status_code, made.json()["recipient"]) == (201, "An auditor")
    again = ada.post(path, said, **key)
    assert (again.json()["id"], again.json()["secret"]) == (made.json()["id"], None)
    token = address.removesuffix("/").rpartition("/")[2]
    assert token.encode() not in bytes(Replay.objects.get().body)
    assert Browser().get(f"/packs/{token}/").status_code == 200
    row = ada.get(f"pack-shares/{made.json()['id']}/").json()
    assert (row["views"], "secret" in row, "token_hash" in row) == (1, False, False)
    assert ada.post(f"pack-shares/{row['id']}/revoke/").json()["revoked_at"] is not None
    assert Browser().get(f"/packs/{token}/").status_code == 404


def test_a_key_reads_and_revokes_and_shares_nothing(cast, pack, api):
    writer = api(make.key(cast.practice, "Writer", ("read", "write")))
    assert writer.post(f"packs/{pack.pk}/share/", {"recipient": "A"}).status_code == 403
    assert not PackShare.objects.exists()


def test_a_pack_is_removed_as_long_as_nobody_was_given_it(cast, pack, api):
    ada = api(cast.ada)
    ada.post(f"packs/{pack.pk}/share/", {"recipient": "An auditor"})
    kept = ada.delete(f"packs/{pack.pk}/")
    assert (kept.status_code, kept.json()["code"]) == (409, "pack_was_shared")
    other = ada.post(
        "packs/", {"engagement": str(pack.engagement_id), "title": "Other", "pieces": ["DV-01"]}
    ).json()["id"]
    assert ada.delete(f"packs/{other}/").status_code == 204
    assert list(Pack.objects.values_list("pk", flat=True)) == [pack.pk]


def test_a_list_of_packs_takes_as_many_statements_with_one_as_with_five(cast, pack, api):
    ada, counts = api(cast.ada), []
    for more in (0, 4):
        for number in range(more):
            says = {"title": f"P{number}", "pieces": ["DV-01"]}
            packs.make(pack.engagement, by=make.actor(cast.ada), at=NOW, **says)
        with CaptureQueriesContext(connection) as seen:
            found = ada.get("packs/").json()["results"]
        counts.append((len(seen), len(found)))
    assert counts == [(counts[0][0], 1), (counts[0][0], 5)]
