"""Taking files of the register in: what every row would do, and then all of it, what is right of it, or nothing."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from assessments import derived, register_files, vendor_contracts
from assessments.register_kinds import JUDGES
from assessments.register_rows import ACTIONS, ADD, CHANGE, ERROR, Judge, Row
from practice import access, events
from practice.access import Actor
from practice.csv_files import RowsWrong
from practice.models import Client
from practice.refusals import Invalid

BATCH = 500
# Facts follow from these.
COUNTED = ("systems", "spend")


@dataclass(frozen=True)
class Result:
    kind: str
    written: bool
    counts: dict[str, int]
    rows: list[Row]
    left_out: tuple[str, ...]
    """Headings of the file that name no column."""


def take(
    client: Client,
    *,
    kind: str,
    content: bytes | str,
    dry_run: bool = True,
    partial: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Result:
    """Take a CSV file of one kind into a client's register. A dry run only tells what would happen.

    Rows that are there already are changed, never made twice (docs/estate.md says how they are found). Where a row is
    wrong nothing is written, unless `partial` says to take the others.
    """
    if kind not in JUDGES:
        raise Invalid({"kind": [f"One of: {', '.join(JUDGES)}."]})
    judging = JUDGES[kind]
    resource = judging.model.reach.resource
    access.require(by, resource, "add")
    access.require(by, resource, "change")
    file = register_files.read(kind, content)
    if kind == "contracts":
        vendor_contracts.may_set_fees(by, dict.fromkeys(file.columns))
    with transaction.atomic():
        if not dry_run and kind in COUNTED:
            # First: the clock that counts holds its entry before it holds the client. Once for the file.
            derived.look(access.get(by, Client, client.pk), at=at)
        # Held, so that two files at once do not both make what neither has found.
        client = access.get(by, Client, client.pk, lock=not dry_run)
        judge: Judge = judging(client, file, by=by, at=at, lock=not dry_run)
        rows = [judge.row(line) for line in file.lines]
        counts = dict.fromkeys(ACTIONS, 0) | Counter(row.action for row in rows)
        if not dry_run:
            if counts[ERROR] and not partial:
                raise RowsWrong(
                    counts=counts, rows=[as_json(row) for row in rows if row.action == ERROR]
                )
            _write(judge, rows, by=by, at=at)
    return Result(kind, not dry_run, counts, rows, file.left_out)


def _write(judge: Judge, rows: list[Row], *, by: Actor, at: datetime.datetime) -> None:
    added = [row.found for row in rows if row.action == ADD]
    changed = [row for row in rows if row.action == CHANGE]
    names = {name for row in changed for name in row.touched}
    try:
        with transaction.atomic():
            judge.model.objects.bulk_create(added, batch_size=BATCH)
            if changed:
                # They are there, and held: all of them conflict, and a statement with a case for every row is slow.
                judge.model.objects.bulk_create(
                    [row.found for row in changed],
                    update_conflicts=True,
                    unique_fields=["id"],
                    update_fields=[*sorted(names), "version"],
                    batch_size=BATCH,
                )
    except IntegrityError as broken:
        if "unique" in str(broken).lower():
            raise judge.taken from broken
        raise
    written = [row for row in rows if row.action in (ADD, CHANGE)]
    # One for each row, as its verb would: who follows the log, or a webhook, misses none (decision 0022).
    events.record_many(
        (
            (kind, row.found, before, after)
            for row in written
            for kind, before, after in row.happened
        ),
        by=by,
        at=at,
    )
    for row in written:
        judge.plan(row.found)


def as_json(row: Row, *, written: bool = False) -> dict[str, Any]:
    """A row as the API tells it. What a dry run would add has no id yet."""
    there = row.found is not None and (written or row.action != ADD)
    return {
        "line": row.line.number,
        "action": row.action,
        "id": row.found.pk if there else None,
        "external_id": row.line.said.get("external_id", ""),
        "name": row.line.said.get("name", ""),
        "columns": sorted(row.touched),
        "errors": [{"column": fault.column, "why": fault.why} for fault in row.faults],
    }


def result_as_json(result: Result) -> dict[str, Any]:
    return {
        "kind": result.kind,
        "written": result.written,
        "counts": result.counts,
        "left_out": list(result.left_out),
        "rows": [as_json(row, written=result.written) for row in result.rows],
    }
