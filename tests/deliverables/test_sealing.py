"""Entries of a log: numbered without gaps, chained, sealed, and refused by the database to be anything else."""

import datetime
import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings, strategies

from deliverables import anchors, canonical, chain, checking, seals, verify_log
from deliverables.models import Chain, Opening, SealedEntry
from practice import access
from tests.deliverables import sealed
from tests.engagements import build
from tests.make import NOW

LATER = NOW + datetime.timedelta(days=1)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def test_entries_are_numbered_from_one_and_each_names_the_hash_before_it(engagement):
    log = sealed.log(engagement, 3)
    rows = list(SealedEntry.objects.order_by("number").values_list("number", "previous", "hash"))
    hashes = [hash for _, _, hash in rows]
    assert [(number, previous) for number, previous, _ in rows] == [
        (1, chain.START),
        (2, hashes[0]),
        (3, hashes[1]),
    ]
    assert (log.length, log.head) == (3, hashes[2])


def test_a_hash_is_of_place_and_body_and_anybody_can_compute_it(engagement):
    entry = sealed.entry(engagement)
    header = (
        f'{{"at":"{chain.moment(entry.sealed_at)}","body":"{chain.sha256(entry.body)}",'
        f'"format":"remit-log/1","log":"{engagement.pk}","previous":"{chain.START}","seq":1}}'
    )
    assert entry.hash == chain.sha256(header)


def test_names_and_free_text_are_in_no_entry_and_open_their_seals(engagement, cast):
    entry = sealed.entry(engagement, about=cast.ada)
    said = json.loads(entry.body)
    assert said["open"] == {"right": "DR-10", "amount": "1.00", "number": 1}
    assert said["subject"] == {"kind": "engagement", "id": str(engagement.pk)}
    assert "Because" not in entry.body
    assert "Somebody" not in entry.body
    opened = {o.name: (o.salt, json.loads(o.value)) for o in entry.openings.all()}
    assert {name: value for name, (_, value) in opened.items()} == {
        "decider": "Somebody Named",
        "question": "Which 1?",
        "reason": "Because of 1.",
    }
    assert said["sealed"] == {n: chain.commitment(n, *one) for n, one in opened.items()}


def test_the_same_value_is_sealed_differently_each_time(engagement):
    one, other = sealed.entry(engagement, 1, reason="No"), sealed.entry(engagement, 2, reason="No")
    seal_of = [json.loads(entry.body)["sealed"]["reason"] for entry in (one, other)]
    assert seal_of[0] != seal_of[1]


def test_an_empty_value_is_left_out(engagement):
    entry = sealed.entry(engagement, reason="", question=None)
    assert json.loads(entry.body)["sealed"] == {}
    assert not Opening.objects.exists()


@pytest.mark.parametrize("value", [1.5, NOW, {"a": (1, 2)}, {1: "one"}, 2**53, "\ud800"])
def test_what_others_could_write_differently_is_refused(engagement, value):
    with pytest.raises(seals.NotCanonical):
        sealed.entry(engagement, reason=value)
    assert not SealedEntry.objects.exists()


def test_an_entry_goes_with_the_transaction_that_makes_it(engagement):
    sealed.entry(engagement, 1)
    with transaction.atomic():
        sealed.entry(engagement, 2)
        transaction.set_rollback(True)
    sealed.entry(engagement, 2)
    assert sealed.of(engagement).length == 2
    assert checking.check(sealed.of(engagement), at=NOW).faults == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sealed_outside_a_transaction(engagement):
    with pytest.raises(RuntimeError):
        seals.append(
            engagement=engagement,
            kind="decision.decided",
            subject=engagement,
            open={},
            sealed={},
            by=access.system(engagement.practice_id),
            at=NOW,
        )


def test_each_engagement_has_a_log_of_its_own(cast, engagement):
    other = build.engagement(cast, client=cast.quarry, lead=cast.olu)
    sealed.log(engagement, 2)
    sealed.log(other, 1)
    assert dict(Chain.objects.values_list("engagement_id", "length")) == {
        engagement.pk: 2,
        other.pk: 1,
    }


CHANGES = [
    "UPDATE deliverables_sealedentry SET body = 'x'",
    "UPDATE deliverables_sealedentry SET number = 9",
    "DELETE FROM deliverables_sealedentry",
    "UPDATE deliverables_opening SET value = 'x'",
    "UPDATE deliverables_anchor SET hash = 'x'",
    "DELETE FROM deliverables_anchor",
    "UPDATE deliverables_headfeed SET text = 'x'",
    "DELETE FROM deliverables_headfeed",
]
TABLES = ("sealedentry", "opening", "anchor", "headfeed")


def refused(statement: str, parameters: tuple[Any, ...] = ()) -> str:
    with (
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
    return str(refusal.value)


@pytest.fixture
def published(engagement):
    sealed.log(engagement, 2)
    by = access.system(engagement.practice_id)
    with transaction.atomic():
        anchors.publish(engagement.practice_id, by, LATER)
    return engagement


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_remove_what_was_sealed(published, statement):
    said = refused(statement)
    assert "append-only" in said or "written once" in said


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_a_table(published, table):
    if connection.vendor == "sqlite":
        # It knows no TRUNCATE, and its way of dropping all rows at once asks no trigger only where there is none.
        if table != "opening":
            assert "append-only" in refused(f"DELETE FROM deliverables_{table}")
        return
    connection.check_constraints()  # else it is the waiting ones that refuse
    said = refused(f"TRUNCATE deliverables_{table} CASCADE")
    assert "append-only" in said or "written once" in said


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_replace_a_row_by_its_id_or_by_its_number(published, table):
    model = {m._meta.model_name: m for m in (SealedEntry, Opening)}.get(table)
    if connection.vendor == "postgresql":
        # There a row takes the place of another by an update, which is refused as such.
        said = refused(
            f"INSERT INTO deliverables_{table} SELECT * FROM deliverables_{table} "
            "ON CONFLICT (id) DO UPDATE SET version = 2"
        )
        assert "append-only" in said or "written once" in said
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
    try:
        said = refused(
            f"INSERT OR REPLACE INTO deliverables_{table} SELECT * FROM deliverables_{table}"
        )
        assert "append-only" in said or "written once" in said
        if model is not None:
            columns = [c.column for c in model._meta.concrete_fields]
            fresh = ", ".join("hex(randomblob(16))" if c == "id" else f'"{c}"' for c in columns)
            named = ", ".join(f'"{c}"' for c in columns)
            said = refused(
                f"REPLACE INTO deliverables_{table} ({named}) SELECT {fresh} FROM deliverables_{table}"
            )
            assert "unique" in said
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


DOCUMENTS = [
    {"b": 1, "a": [True, False, None], "": {}},
    {"\u20ac": "Euro", "\r": "CR", "\ufb33": "Dalet", "1": "one", "\U0001f600": "Smile", "ö": "o"},
    ["\u0000\u001f\u007f", '"\\/', "\b\f\n\r\t", "\u2028"],
    {"n": [0, -1, 2**53 - 1, -(2**53 - 1)]},
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_check_writes_a_value_as_the_program_does(document):
    assert verify_log.canonical(document) == canonical.text(document)


TEXTS = strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = strategies.none() | strategies.booleans() | TEXTS
PLAIN |= strategies.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
VALUES = strategies.recursive(
    PLAIN,
    lambda inner: strategies.lists(inner, max_size=5) | strategies.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_the_check_and_the_program_write_whatever_value_to_the_same_letter(value):
    assert verify_log.canonical(value) == canonical.text(value)
