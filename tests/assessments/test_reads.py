"""The written read: issued once chosen, frozen, readable as a PDF whatever people wrote."""

import datetime

import pytest

from assessments import known, reads, scoring
from assessments.models import Read
from practice import clients
from tests import make
from tests.assessments.test_assessments import SHEETS, assessed, choose
from tests.make import NOW

HOSTILE = '#read("/etc/passwd") $x$ *b* <script>alert(1)</script> =1+1 \\ [ ] { } // `raw`'


def issued(cast, name="A3", **other):
    made = assessed(cast, name)
    choose(cast, made, **other)
    return reads.issue(made, by=make.actor(cast.ada), at=NOW)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_fixture_company_can_be_given_a_read(cast, name):
    read = issued(cast, name)
    assert read.content["client"] == "Orchard"
    assert len(read.content["told"]) == len(SHEETS[name]["facts"])
    assert all(lens["bias"] and lens["file"] for lens in read.content["lenses"])
    assert reads.as_pdf(read).startswith(b"%PDF-")


def test_a_read_needs_a_recommendation_first(cast):
    made = assessed(cast)
    with pytest.raises(reads.ChooseFirst):
        reads.issue(made, by=make.actor(cast.ada), at=NOW)


def test_what_was_issued_does_not_change_with_the_client(cast):
    read = issued(cast)
    before = reads.as_pdf(read)
    clients.change(cast.orchard, by=make.actor(cast.ada), at=NOW, name="Orchid")
    again = Read.objects.get(pk=read.pk)
    assert again.content["client"] == "Orchard"
    assert reads.as_pdf(again) == before


def test_the_client_sees_the_read_and_nothing_of_how_it_was_made(cast):
    from practice import access

    read = issued(cast)
    sponsor = make.actor(cast.priya)
    assert list(access.visible_to(sponsor, Read)) == [read]
    assert list(access.visible_to(sponsor, scoring.Assessment)) == []
    assert list(access.visible_to(make.actor(cast.ravi), Read)) == []


def test_whatever_people_write_stays_text_in_the_pdf(cast):
    read = issued(cast, reason=HOSTILE)
    assert read.content["recommendation"]["reason"] == HOSTILE
    assert reads.as_pdf(read).startswith(b"%PDF-")


def test_a_split_panel_names_the_step_that_binds_least(cast):
    read = issued(cast, "A2")
    assert (read.content["split"], read.content["next_step"]) == (True, "a day of advice")


def test_the_date_is_the_clients(cast):
    made = assessed(cast)
    choose(cast, made)
    clients.change(cast.orchard, by=make.actor(cast.ada), at=NOW, time_zone="Pacific/Auckland")
    made.client.refresh_from_db()
    late = NOW.replace(hour=20)
    assert (
        reads.issue(made, by=make.actor(cast.ada), at=late).content["issued_on"] == "3 March 2026"
    )
    assert known.now_of(cast.orchard)
    assert late.date() == datetime.date(2026, 3, 2)
