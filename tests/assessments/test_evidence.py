"""Evidence of governance with its expiry, and the checklist of what vendors of models are asked for."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments import evidence, gpai
from assessments.evidence import Withdrawn
from assessments.models import Evidence
from practice import clockwork, files, notices
from practice.models import Notice
from practice.refusals import Invalid, NotAllowed, Taken
from tests import make
from tests.assessments import estate
from tests.assessments.estate import entries

LAST = datetime.date(2026, 9, 30)


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


def kept(cast, client=None):
    home = client or cast.orchard
    return files.keep(home, name="a.txt", content=b"Proof", commercial=False, **acts(cast.olu))


def shown(cast, **details):
    usual = {"title": "Oversight plan", "article": "Article 14", "valid_until_on": LAST}
    return evidence.add(cast.orchard, **usual | details, **acts(cast.ada))


def test_it_is_of_a_system_an_article_or_both_and_its_last_day_is_on_the_agenda(cast):
    system, file = estate.system(cast.orchard), kept(cast)
    row = shown(cast, system=system, file=file)
    assert (row.system, row.article, row.file) == (system, "Article 14", file)
    assert entries(evidence.EXPIRY) == [("evidence_expiry", "2026-09-30", "open")]
    shown(cast, article="", system=system, valid_until_on=None)
    assert entries(evidence.EXPIRY) == [("evidence_expiry", "2026-09-30", "open")]


def test_of_nothing_it_is_no_evidence(cast):
    with pytest.raises(Invalid) as wrong:
        shown(cast, article=" ")
    assert list(wrong.value.errors) == ["article"]
    row = shown(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(article="")


def test_another_clients_system_and_file_do_not_exist_here(cast):
    for name, row in (
        ("system", estate.system(cast.quarry)),
        ("file", kept(cast, cast.quarry)),
    ):
        with pytest.raises(Invalid) as wrong:
            evidence.add(cast.orchard, title="T", article="A", **{name: row}, **acts(cast.olu))
        assert wrong.value.errors == {name: ["There is no such thing here."]}


def test_a_newer_file_with_another_day_settles_the_old_one(cast):
    row, later = shown(cast), datetime.date(2027, 9, 30)
    for _ in range(2):
        evidence.change(row, file=kept(cast), valid_until_on=later, **acts(cast.ada))
    assert entries(evidence.EXPIRY) == [
        ("evidence_expiry", "2026-09-30", "done"),
        ("evidence_expiry", "2027-09-30", "open"),
    ]


def test_what_is_withdrawn_owes_nothing_and_stays_as_it_is(cast):
    row = evidence.withdraw(shown(cast), **acts(cast.ada))
    assert (row.withdrawn_on, entries(evidence.EXPIRY)) == (
        make.NOW.date(),
        [("evidence_expiry", "2026-09-30", "cancelled")],
    )
    for verb in (evidence.withdraw, evidence.change):
        with pytest.raises(Withdrawn):
            verb(row, **acts(cast.ada))


def test_its_letter_goes_out_thirty_days_ahead_once_and_names_it(cast):
    shown(cast)
    then = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
    for _ in range(2):
        clockwork.tick(at=then, clock=lambda: then)
    letter = notices.LETTERS["evidence_expires"](Notice.objects.get(kind="evidence_expires"), then)
    assert letter.subject == "Evidence expires: Oversight plan"
    assert "which shows Article 14, at Orchard" in letter.text


def test_a_sponsor_reads_evidence_and_gathers_none(cast):
    with pytest.raises(NotAllowed):
        evidence.add(cast.orchard, title="T", article="A", **acts(cast.priya))


def test_the_checklist_names_what_the_vendors_law_owes(cast):
    assert [(key, item.article) for key, item in gpai.checklist().items.items()] == [
        ("documentation", "Article 53(1)(b)"),
        ("copyright", "Article 53(1)(c)"),
        ("training_summary", "Article 53(1)(d)"),
        ("incidents", "Article 55(1)(c)"),
    ]
    assert "Confirm with counsel" in gpai.checklist().says


def test_an_item_is_once_per_vendor_and_says_since_when_it_stands(cast):
    vendor = estate.vendor(cast.orchard)
    row = gpai.add(vendor, item="copyright", **acts(cast.ada))
    assert (row.status, row.status_on) == ("missing", make.NOW.date())
    with pytest.raises(Taken):
        gpai.add(vendor, item="copyright", **acts(cast.ada))
    with pytest.raises(Invalid):
        gpai.add(vendor, item="magic", **acts(cast.ada))
    later = make.NOW + datetime.timedelta(days=3)
    row = gpai.change(row, status="received", link="https://v.test/c", **acts(cast.ada, later))
    assert (row.status, row.status_on) == ("received", later.date())


@pytest.mark.parametrize(
    "wrong", [{"link": "javascript:1"}, {"status_on": datetime.date(2099, 1, 1)}]
)
def test_what_an_item_cannot_say_is_refused(cast, wrong):
    with pytest.raises(Invalid) as refused:
        gpai.add(estate.vendor(cast.orchard), item="incidents", **wrong, **acts(cast.ada))
    assert list(refused.value.errors) == list(wrong)
