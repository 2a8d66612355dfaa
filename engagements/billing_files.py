"""An exported batch as files. The content is frozen once as text; every file is made from that text alone."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from engagements.models import BillingBatch, BillingLine
from practice import csv_files

FORM = "remit.billing/1"
COLUMNS = (
    "batch",
    "line",
    "key",
    "kind",
    "client",
    "engagement",
    "hat",
    "what",
    "from_on",
    "until_on",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "currency",
    "tax_code",
    "po_number",
)


def freeze(batch: BillingBatch, lines: Sequence[BillingLine]) -> str:
    """The batch as it is handed over: sorted keys, no spaces, figures as text. The same rows give the same letters."""
    content = {
        "form": FORM,
        "batch": batch.number,
        "client": {"id": str(batch.client_id), "name": batch.client.name},
        "from_on": batch.from_on.isoformat(),
        "until_on": batch.until_on.isoformat(),
        "currency": batch.currency,
        "po_number": batch.po_number,
        "total": str(batch.total),
        "lines": [_line(line) for line in lines],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def as_json(content: str) -> bytes:
    return content.encode()


def as_csv(content: str) -> bytes:
    read: dict[str, Any] = json.loads(content)
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    common = {"batch": str(read["batch"]), "client": read["client"]["name"]}
    for line in read["lines"]:
        row = {**common, **line, "engagement": line["engagement"]["name"]}
        writer.writerow([csv_files.cell(row[name]) for name in COLUMNS])
    return told.getvalue().encode()


def _line(line: BillingLine) -> dict[str, Any]:
    return {
        "line": str(line.pk),
        "key": line.key,
        "kind": line.kind,
        "engagement": {"id": str(line.engagement_id), "name": line.engagement.name},
        "hat": line.hat,
        "what": line.what,
        "from_on": line.from_on.isoformat(),
        "until_on": line.until_on.isoformat(),
        "quantity": f"{line.quantity:.4f}",
        "unit": line.unit,
        "unit_price": f"{line.unit_price:.4f}",
        "amount": f"{line.amount:.2f}",
        "currency": line.currency,
        "tax_code": line.tax_code,
        "po_number": line.po_number,
    }


def answer(batch: BillingBatch, content: str, kind: str) -> HttpResponse:
    """As a download, for the API and for the desk."""
    made, media = MADE[kind]
    found = HttpResponse(made(content), content_type=media)
    found["Content-Disposition"] = f'attachment; filename="batch-{batch.number}.{kind}"'
    found["X-Content-Type-Options"] = "nosniff"
    return found


MADE = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
