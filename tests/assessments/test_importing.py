"""Files of the register: read by heading, tried dry, written whole or not at all, the same again for nothing."""

import datetime
import time
from decimal import Decimal

import pytest

from assessments import importing, register_files, systems, vendor_contracts
from assessments.models import SpendLine, System, Vendor, VendorContract
from practice import access
from practice.csv_files import RowsWrong
from practice.models import Event
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.assessments import estate
from tests.make import NOW

SYSTEMS = """external_id,name,kind,owner,risk_owner,vendor,data_classes,in_production,profiles_persons
A-1,Search,workload,Priya,nora@orchard.test,CLOUD,personal; internal,yes,
A-2,"Notes,
on two lines",Shadow AI,Somebody,,Cloudmind,,no,no
"""


@pytest.fixture
def take(cast):
    def taken(kind, content, *, by=cast.ada, client=cast.orchard, dry_run=False, **more):
        acts = {"by": make.actor(by), "at": NOW}
        return importing.take(client, kind=kind, content=content, dry_run=dry_run, **more, **acts)

    return taken


def faults(rows):
    return [(row.line.number, f.column, f.why) for row in rows for f in row.faults]


def wrong(refused):
    return [
        (row["line"], error["column"])
        for row in refused.value.facts["rows"]
        for error in row["errors"]
    ]


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_systems_are_put_down_with_their_people_vendor_and_data(cast, take):
    nora = make.contact(cast.orchard, "Nora", "viewer", email="nora@orchard.test")
    vendor = estate.vendor(cast.orchard, external_id="CLOUD")
    before = len(kinds())

    result = take("systems", SYSTEMS)

    assert result.counts == {"add": 2, "change": 0, "same": 0, "error": 0}
    search, notes = System.objects.order_by("external_id")
    assert (search.owner, search.risk_owner, search.vendor) == (cast.priya, nora, vendor)
    assert (search.data_classes, search.in_production) == (["personal", "internal"], True)
    assert (search.profiles_persons, notes.profiles_persons) == (None, False)
    assert (notes.name, notes.kind, notes.owner_name) == (
        "Notes,\non two lines",
        "shadow",
        "Somebody",
    )
    assert {row.discovered_how for row in (search, notes)} == {"import"}
    assert {row.status for row in (search, notes)} == {"discovered"}
    assert kinds()[before:] == ["system.added", "system.added"]


def test_the_same_file_again_changes_nothing(cast, take):
    estate.vendor(cast.orchard, external_id="CLOUD")
    take("systems", SYSTEMS)
    before = len(kinds())
    assert take("systems", SYSTEMS).counts == {"add": 0, "change": 0, "same": 2, "error": 0}
    assert (System.objects.count(), len(kinds())) == (2, before)


def test_a_dry_run_writes_nothing(cast, take):
    result = take("vendors", "name\nCloudmind", dry_run=True)
    assert (result.written, result.counts["add"], Vendor.objects.count()) == (False, 1, 0)
    assert importing.as_json(result.rows[0])["id"] is None


def test_a_change_is_told_field_by_field_and_an_absent_column_is_left_alone(cast, take):
    row = estate.system(cast.orchard, external_id="A-1", purpose="Finds", ai_model="m1")
    before = len(kinds())
    take("systems", "external_id,name,ai_model\nA-1,Search,m2")
    row.refresh_from_db()
    assert (row.purpose, row.ai_model, row.version) == ("Finds", "m2", 2)
    event = Event.objects.order_by("id").last()
    assert kinds()[before:] == ["system.changed"]
    assert (event.before, event.after) == ({"ai_model": "m1"}, {"ai_model": "m2"})


def test_an_empty_cell_empties_what_may_be_empty(cast, take):
    row = estate.system(cast.orchard, external_id="A-1", purpose="Finds", in_production=True)
    take("systems", "external_id,purpose,in_production,kind\nA-1,,,")
    row.refresh_from_db()
    assert (row.purpose, row.in_production, row.kind) == ("", True, "workload")


def test_what_carries_no_id_is_found_by_its_name(cast, take):
    row = estate.system(cast.orchard, "Search")
    assert take("systems", "name,ai_model\n search ,m2").counts["change"] == 1
    row.refresh_from_db()
    assert (row.ai_model, System.objects.count()) == ("m2", 1)


def test_two_of_one_name_are_told_apart_by_id_alone(cast, take):
    estate.system(cast.orchard, "Search")
    estate.system(cast.orchard, "Search")
    result = take("systems", "name,ai_model\nSearch,m2", dry_run=True)
    assert faults(result.rows) == [
        (2, "", "Several rows are like this one: say which by external_id or id.")
    ]


def test_naming_the_risk_owner_is_an_event_of_its_own_and_the_approved_keep_one(cast, take):
    row = estate.system(cast.orchard, external_id="A-1")
    before = len(kinds())
    take("systems", "external_id,risk_owner,purpose\nA-1,Priya,Finds")
    assert kinds()[before:] == ["system.changed", "system.risk_owner_named"]
    acts = {"by": make.actor(cast.ada), "at": NOW}
    systems.move(row, to="assessed", **acts)
    systems.move(row, to="approved", **acts)
    result = take("systems", "external_id,risk_owner\nA-1,", dry_run=True)
    assert [(line, column) for line, column, _ in faults(result.rows)] == [(2, "risk_owner")]


def test_a_step_is_not_taken_by_a_file(cast, take):
    estate.system(cast.orchard, external_id="A-1")
    content = "external_id,name,kind,status\nA-1,Search,workload,approved\nA-2,New,shadow,In use"
    result = take("systems", content, dry_run=True)
    assert [(line, column) for line, column, _ in faults(result.rows)] == [
        (2, "status"),
        (3, "status"),
    ]


def test_vendors_are_looked_at_anew_as_when_put_down_by_hand(cast, take):
    by_hand = estate.vendor(cast.orchard, "By hand", review_months=2)
    take("vendors", "name,review_months,country\nFrom a file,2,pt")
    row = Vendor.objects.get(name="From a file")
    assert (row.review_on, row.country) == (by_hand.review_on, "PT")
    assert len(estate.entries("vendor_review")) == 2
    take("vendors", "name,review_months\nFrom a file,1")
    row.refresh_from_db()
    assert row.review_on == datetime.date(2026, 4, 2)
    assert len(estate.entries("vendor_review")) == 2


CONTRACTS = """external_id;vendor;name;annual_spend;currency;starts_on;renews_on;auto_renew;notice_days
C-1;Cloudmind;Seats;1200,50;eur;2026-01-01;2027-01-01;yes;30
"""


def test_contracts_owe_the_agenda_what_they_would_by_hand(cast, take):
    estate.vendor(cast.orchard)
    take("contracts", CONTRACTS)
    row = VendorContract.objects.get()
    assert (row.annual_spend, row.notice_on) == (Decimal("1200.50"), datetime.date(2026, 12, 2))
    assert len(estate.entries("vendor_contract", "vendor_notice", "vendor_contract_turn")) == 3
    take("contracts", CONTRACTS.replace("2027-01-01", "2027-02-01"))
    row.refresh_from_db()
    assert row.notice_on == datetime.date(2027, 1, 2)


def test_what_is_over_is_not_changed_by_a_file(cast, take):
    contract = estate.contract(estate.vendor(cast.orchard), external_id="C-1")
    vendor_contracts.end(contract, **estate.acts(cast.orchard))
    assert take("contracts", "external_id,name\nC-1,Seats").counts["same"] == 1
    result = take("contracts", "external_id,name\nC-1,Chairs", dry_run=True)
    assert faults(result.rows) == [(2, "", "This contract is over.")]


def test_who_sees_no_fees_sends_none(cast, take):
    make.assignment(cast.ben, cast.orchard)
    estate.vendor(cast.orchard)
    with pytest.raises(NotAllowed):
        take("contracts", CONTRACTS, by=cast.ben)
    with pytest.raises(NotAllowed):
        take("spend", "month,amount,vendor\n2026-01,1,Cloudmind", by=cast.ben)


def test_spend_is_found_by_its_month_system_vendor_and_currency(cast, take):
    vendor, system = estate.vendor(cast.orchard), estate.system(cast.orchard)
    content = "month,system,vendor,amount,currency\n2026-01,Search,Cloudmind,10.5,EUR\n"
    take("spend", content)
    take("spend", content.replace("10.5", "-11"))
    row = SpendLine.objects.get()
    assert (row.system, row.vendor, row.amount) == (system, vendor, Decimal("-11.00"))
    take("spend", content.replace("EUR", "USD"))
    assert SpendLine.objects.count() == 2


def test_two_sums_of_one_month_need_ids_of_their_own(cast, take):
    estate.vendor(cast.orchard)
    twice = "month,vendor,amount\n2026-01,Cloudmind,1\n2026-01,Cloudmind,2\n"
    assert faults(take("spend", twice, dry_run=True).rows) == [
        (3, "", "The same as the row on line 2.")
    ]
    named = "external_id,month,vendor,amount\nI-1,2026-01,Cloudmind,1\nI-2,2026-01,Cloudmind,2\n"
    assert take("spend", named).counts["add"] == 2


THREE_BAD = """month,vendor,amount,currency
2026-01,Cloudmind,10.00,EUR
2026-13,Cloudmind,10.00,EUR
2026-01,"Nobody
at all",10.00,USD

2026-02,Cloudmind,"1,000.00",EUR
2026-02,Cloudmind,1000.00,EUR
"""


def test_three_bad_rows_are_told_by_line_and_column_and_nothing_is_written(cast, take):
    estate.vendor(cast.orchard)
    before = len(kinds())
    with pytest.raises(RowsWrong) as refused:
        take("spend", THREE_BAD)
    assert wrong(refused) == [(3, "month"), (4, "vendor"), (7, "amount")]
    assert (SpendLine.objects.count(), len(kinds())) == (0, before)


def test_partial_takes_the_others(cast, take):
    estate.vendor(cast.orchard)
    result = take("spend", THREE_BAD, partial=True)
    assert result.counts == {"add": 2, "change": 0, "same": 0, "error": 3}
    assert SpendLine.objects.count() == 2


def test_every_rule_of_the_verb_holds_for_a_row(cast, take):
    estate.vendor(cast.orchard)
    content = "month,vendor,amount,currency\n2026-04,Cloudmind,1,EUR\n2026-01,Cloudmind,0,EUR\n"
    content += "2026-01,,1,EUR\n2026-01,Cloudmind,1,euros\n1999-01,Cloudmind,1,EUR\n"
    result = take("spend", content, dry_run=True)
    assert [(line, column) for line, column, _ in faults(result.rows)] == [
        (2, "month"),
        (3, "amount"),
        (4, "vendor"),
        (5, "currency"),
        (6, "month"),
    ]


def test_another_clients_rows_do_not_exist_in_a_file(cast, take):
    elsewhere = estate.system(cast.quarry, external_id="Q-1")
    estate.vendor(cast.quarry)
    content = f"id,external_id,name,kind,vendor\n{elsewhere.pk},,S,shadow,\n,X,S,shadow,Cloudmind\n"
    result = take("systems", content, dry_run=True)
    assert [(line, column) for line, column, _ in faults(result.rows)] == [(2, "id"), (3, "vendor")]
    take("systems", "external_id,name,kind\nQ-1,Ours,shadow")
    elsewhere.refresh_from_db()
    assert (elsewhere.name, System.objects.count()) == ("Search", 2)


def test_an_external_id_belongs_to_one_row(cast, take):
    row = estate.system(cast.orchard, external_id="A-1")
    estate.system(cast.orchard, external_id="A-2")
    result = take("systems", f"id,external_id\n{row.pk},A-2", dry_run=True)
    assert faults(result.rows) == [(2, "external_id", "Another row has this external id.")]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffname,website\r\nCloudmind,https://cloudmind.test\r\n".encode(),
        b"Supplier Name;URL\nCloudmind;https://cloudmind.test",
        b'"NAME","Home-Page"\r\n" Cloudmind ","https://cloudmind.test"',
    ],
    ids=["mark and CRLF", "semicolons and other headings", "quotes and blanks"],
)
def test_files_of_many_programs_say_the_same(cast, take, content):
    content = content.replace(b"Home-Page", b"homepage")
    take("vendors", content)
    row = Vendor.objects.get()
    assert (row.name, row.website) == ("Cloudmind", "https://cloudmind.test")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nA\x00B", "This is not a text file. Save it as CSV UTF-8."),
        (b"name\nCaf\xe9", "The file is not in UTF-8. Save it as CSV UTF-8 and try again."),
        (
            "name\nA".encode("utf-16"),
            "The file is not in UTF-8. Save it as CSV UTF-8 and try again.",
        ),
        (b"", "The first line names no column of"),
        (b"colour\nred", "The first line names no column of"),
        (b"name\n", "The file has headings and no rows."),
        (b"name,vendor\nA,B", "Two headings of the first line stand for name."),
        (b'name\nA\n"B', "Line 3 is not CSV"),
        (b"name\n" + b"A" * 200_000, "Line 2 is not CSV"),
        (b"name\n" + b"A\n" * 1_000_001, "Larger than 2 MB; send it in parts."),
        (b"name\n" + b"A\n" * 10_001, "At most 10,000 rows at once; send it in parts."),
    ],
)
def test_what_is_no_such_file_is_refused_whole(cast, take, content, said):
    with pytest.raises(Invalid) as refused:
        take("vendors", content)
    assert refused.value.errors["content"][0][: len(said)] == said


def test_a_text_in_no_encoding_is_refused(cast, take):
    with pytest.raises(Invalid):
        take("vendors", "name\n\ud800")


def test_a_cell_that_a_spreadsheet_would_run_comes_back_as_it_was(cast, take):
    take("vendors", "name,note\nCloudmind,'=1+1\nQuoted,''=1+1\nPlain,'tis")
    assert list(Vendor.objects.order_by("name").values_list("note", flat=True)) == [
        "=1+1",
        "'tis",
        "'=1+1",
    ]


def test_headings_that_name_no_column_are_told_and_left_out(cast, take):
    result = take("vendors", "name,Colour,review_on\nCloudmind,red,2026-01-01")
    assert result.left_out == ("Colour",)


def test_more_cells_than_headings_are_a_fault_of_their_row(cast, take):
    result = take("vendors", "name,note\nA,b\nC,d,e", dry_run=True)
    assert faults(result.rows) == [(3, "", "More cells than the first line has headings.")]


def test_no_heading_stands_for_two_columns():
    assert tuple(register_files.known()) == register_files.KINDS


def test_the_system_alone_reaches_every_client(cast):
    acts = {"by": access.system(cast.practice.pk), "at": NOW}
    importing.take(cast.quarry, kind="vendors", content="name\nV", dry_run=False, **acts)
    assert Vendor.objects.get().client == cast.quarry


def test_the_facts_that_follow_are_counted_once_for_a_file(cast, take):
    estate.vendor(cast.orchard)
    take("spend", "month,vendor,amount\n2026-01,Cloudmind,1\n2026-02,Cloudmind,2\n", dry_run=True)
    assert estate.entries("estate_facts") == []
    take("spend", "month,vendor,amount\n2026-01,Cloudmind,1\n2026-02,Cloudmind,2\n")
    assert len(estate.entries("estate_facts")) == 1


@pytest.mark.long
def test_ten_thousand_lines_of_spending_are_taken_in_well_below_twenty_seconds(cast, take):
    for number in range(20):
        estate.vendor(cast.orchard, f"V{number}")
    lines = ["external_id,month,vendor,amount,currency,note"]
    lines += [
        f"I-{n},2025-{n % 12 + 1:02},V{n % 20},{n % 997 + 1}.50,EUR,Invoice {n}"
        for n in range(10_000)
    ]
    began = time.process_time()
    result = take("spend", "\n".join(lines))
    spent = time.process_time() - began
    assert result.counts["add"] == SpendLine.objects.count() == 10_000
    # Three times the median of five runs on two cores, in the time of the processor: others may be at work beside it.
    assert spent < 9.7
