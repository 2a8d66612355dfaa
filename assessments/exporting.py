"""The register as files: the columns an actor may see, of the rows they may see, as CSV, JSON and XLSX."""

import datetime
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from assessments import register_files
from assessments.models import SpendLine, System, Vendor, VendorContract
from practice import access, csv_files
from practice.access import Actor
from practice.models import Client, Contact
from practice.refusals import Invalid
from practice.rest.render import dumps

MODELS: dict[str, Any] = {
    "systems": System,
    "vendors": Vendor,
    "contracts": VendorContract,
    "spend": SpendLine,
}
# Columns that are called otherwise than their field.
FIELDS = {"month": "month_on"}
# Columns that name another row, and what that is.
POINTERS: dict[str, Any] = {"client": Client, "vendor": Vendor, "system": System}
PERSONS = ("owner", "risk_owner")
AT_ONCE = 1000
FORMATS = ("csv", "json", "xlsx")


def columns(kind: str, by: Actor) -> list[str]:
    """Those that a file has, without what this actor does not see."""
    of, model = register_files.known()[kind], MODELS[kind]
    hidden = access.hidden_fields(by, model)
    return [
        name
        for name in (*of.columns, *of.told)
        if FIELDS.get(name, name) not in hidden
        # A client's reviewer reads systems and no vendors.
        and (name not in POINTERS or access.may(by, POINTERS[name].reach.resource, "view"))
    ]


def rows(kind: str, found: QuerySet[Any], by: Actor) -> Iterator[list[Any]]:
    """The values of each row, in the order of the columns. `found` is what the actor sees, narrowed and ordered."""
    tell = [_teller(kind, name, by) for name in columns(kind, by)]
    fields = {field.attname for field in MODELS[kind]._meta.concrete_fields}
    for row in found.values(*fields).iterator(chunk_size=AT_ONCE):
        yield [one(row) for one in tell]


def _teller(kind: str, name: str, by: Actor) -> Callable[[dict[str, Any]], Any]:
    if name in POINTERS and not (kind == "vendors" and name == "vendor"):
        named = _named(POINTERS[name], by)
        return lambda row: named.get(row[f"{name}_id"], "")
    if name in PERSONS:
        people = dict(access.visible_to(by, Contact).values_list("id", "name"))
        return lambda row: people.get(row[f"{name}_id"], "") or row[f"{name}_name"]
    if name == "month":
        return lambda row: f"{row['month_on']:%Y-%m}"
    return lambda row: row[FIELDS.get(name, name)]


def _named(model: Any, by: Actor) -> dict[UUID, str]:
    """By name; where several at a client have it, by what else tells them apart."""
    if model is Client:
        return dict(access.visible_to(by, Client).values_list("id", "name"))
    seen = list(access.visible_to(by, model).values_list("id", "client_id", "name", "external_id"))
    alike = Counter((client, name.strip().casefold()) for _, client, name, _ in seen)
    return {
        id: name if alike[client, name.strip().casefold()] == 1 else external or str(id)
        for id, client, name, external in seen
    }


def answer(kind: str, form: str, found: QuerySet[Any], by: Actor) -> HttpResponseBase:
    """As a download, the same at every door."""
    access.require(by, MODELS[kind].reach.resource, "view")
    if form not in FORMATS:
        raise Invalid({"format": [f"One of: {', '.join(FORMATS)}."]})
    names, told = columns(kind, by), rows(kind, found, by)
    if form == "xlsx":
        made: HttpResponseBase = FileResponse(_xlsx(kind, names, told), content_type=MEDIA[form])
    else:
        lines = _csv(names, told) if form == "csv" else _json(names, told)
        made = StreamingHttpResponse(lines, content_type=MEDIA[form])
    made["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "private, no-store"
    return made


def _csv(names: list[str], told: Iterator[list[Any]]) -> Iterator[bytes]:
    yield from csv_files.lines([names])
    yield from csv_files.lines([_text(value) for value in row] for row in told)


def _json(names: list[str], told: Iterator[list[Any]]) -> Iterator[bytes]:
    before = b"["
    for row in told:
        yield before + dumps(dict(zip(names, row, strict=True)))
        before = b",\n"
    yield b"[]" if before == b"[" else b"]"


def _xlsx(kind: str, names: list[str], told: Iterator[list[Any]]) -> Any:
    # Only whoever asks for a spreadsheet needs what writes one.
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet(kind)
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "0.00"})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.set_column(column, column, 18)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(told, 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(number, column, value, money)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, day)
            elif (text := _text(value)) != "":
                # As a string whatever it begins with: it is never a formula, nor an address to follow.
                sheet.write_string(number, column, str(text))
    book.close()
    file.seek(0)
    return file


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if isinstance(value, UUID) else value


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
