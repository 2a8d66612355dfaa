"""The register as files: what the actor sees, nothing that a spreadsheet runs, and taken in again it changes nothing."""

import csv
import io
import json
import re
import zipfile
from decimal import Decimal

import pytest

from assessments import exporting, importing, systems
from assessments.models import System
from practice import access
from tests import make
from tests.assessments import estate
from tests.make import NOW

KINDS = list(exporting.MODELS)


@pytest.fixture
def register(cast):
    """One of everything at Orchard, some of it hard to write down; and something at Quarry."""
    nasty = {"purpose": "=HYPERLINK(1)", "expected_outcome": 'Two\nlines, "quoted"; \'half'}
    cloud = estate.vendor(cast.orchard, external_id="V-1", note="'=1+1", website="https://c.test")
    twins = [estate.vendor(cast.orchard, "Twin", external_id=f"T-{n}") for n in (1, 2)]
    search = estate.system(
        cast.orchard, vendor=twins[1], data_classes=["personal", "internal"], **nasty
    )
    systems.name_risk_owner(search, contact=cast.priya, **estate.acts(cast.orchard))
    systems.move(search, to="assessed", **estate.acts(cast.orchard))
    estate.system(cast.orchard, owner_name="-Somebody", profiles_persons=True)
    estate.contract(
        cloud, annual_spend=Decimal("1200.50"), renews_on=estate.JANUARY.replace(year=2028)
    )
    estate.contract(cloud)
    for amount in ("10.00", "-2.50", "10.00"):
        estate.line(cast.orchard, 13, amount, vendor=cloud, system=search)
    estate.vendor(cast.quarry, "Elsewhere")
    return cast.orchard


def file(who, kind, form="csv", **narrowed):
    by = make.actor(who)
    found = access.visible_to(by, exporting.MODELS[kind]).filter(**narrowed).order_by("id")
    answer = exporting.answer(kind, form, found, by)
    raw = b"".join(answer.streaming_content)
    if form == "xlsx":
        # Not the answer: that would end a request, and with it the connection of the test.
        answer.file_to_stream.close()
    return raw


def read(raw):
    return list(csv.DictReader(io.StringIO(raw.decode(), newline="")))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_out_and_taken_in_again_changes_nothing(cast, register, kind):
    raw = file(cast.ada, kind)
    acts = {"by": make.actor(cast.ada), "at": NOW}
    result = importing.take(register, kind=kind, content=raw, **acts)
    assert [row.faults for row in result.rows if row.faults] == []
    assert {row.action for row in result.rows} == {"same"}
    assert (len(result.rows), result.left_out) == (len(read(raw)), ())


def test_no_cell_of_a_csv_is_a_formula_and_a_credit_stays_a_figure(cast, register):
    cells = [cell for kind in KINDS for row in read(file(cast.ada, kind)) for cell in row.values()]
    run = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert run == ["-2.50"]
    assert "'=HYPERLINK(1)" in cells


def sheet(raw):
    return zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_link(cast, register):
    raw = file(cast.ada, "systems", "xlsx")
    assert (
        "<f>" in sheet(raw),
        "hyperlink" in sheet(raw).lower().replace("=hyperlink(1)", ""),
    ) == (
        False,
        False,
    )
    assert "=HYPERLINK(1)" in sheet(raw)
    assert re.search(r"<v>1200\.50?</v>", sheet(file(cast.ada, "contracts", "xlsx")))


def test_json_keeps_yes_no_and_lists(cast, register):
    rows = json.loads(file(cast.ada, "systems", "json"))
    assert [row["profiles_persons"] for row in rows] == [None, True]
    assert rows[0]["data_classes"] == ["personal", "internal"]
    assert json.loads(file(cast.ada, "systems", "json", status="retired")) == []
    assert json.loads(file(cast.ada, "spend", "json"))[1]["amount"] == "-2.50"


def test_a_file_has_the_rows_and_columns_of_its_reader(cast, register):
    make.assignment(cast.ben, cast.orchard)
    assert {row["client"] for row in read(file(cast.olu, "vendors"))} == {"Orchard", "Quarry"}
    assert {row["client"] for row in read(file(cast.ada, "vendors"))} == {"Orchard"}
    assert "annual_spend" in read(file(cast.ada, "contracts"))[0]
    assert "annual_spend" not in read(file(cast.ben, "contracts"))[0]


def test_a_reviewer_reads_systems_without_vendors_and_without_other_people(cast, register):
    person = make.user("reviewer@orchard.test")
    reviewer = make.contact(cast.orchard, "Rea", "reviewer", person, email=person.email)
    row = read(file(reviewer, "systems"))[0]
    assert ("vendor" in row, row["risk_owner"]) == (False, "")


def test_the_file_is_narrowed_as_the_list_is(cast, register, api):
    answer = api(cast.ada).get("systems/export/?risk_owned=false&format=json")
    rows = json.loads(b"".join(answer.streaming_content))
    assert [row["owner"] for row in rows] == ["-Somebody"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="systems.json"'
    assert api(cast.ada).get("systems/export/?format=pdf").status_code == 400
    assert api(cast.ada).get("systems/export/?cursor=1").status_code == 400
    assert api(cast.fin).get("systems/export/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_asks_as_much_for_one_row_as_for_three(cast, rows, django_assert_num_queries):
    for number in range(rows):
        estate.system(cast.orchard, f"S{number}", vendor=estate.vendor(cast.orchard, f"V{number}"))
    by = make.actor(cast.ada)
    with django_assert_num_queries(5):
        told = list(exporting.rows("systems", System.objects.all(), by))
    assert len(told) == rows
