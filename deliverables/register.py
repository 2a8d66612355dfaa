"""The decision log as a register on paper: one row for each decision, in a PDF. Made of rows somebody may see."""

import datetime
from pathlib import Path
from typing import Any

from deliverables import telling
from deliverables.models import Decision
from practice import brand, pdf
from practice.identity import Here
from practice.models import Client
from practice.models.people import Hat
from practice.quarters import local_day

TEMPLATE = Path(__file__).parent / "typst" / "register.typ"


def as_pdf(
    rows: list[Decision],
    client: Client,
    engagement: str,
    here: Here,
    *,
    narrowed: bool,
    head: str,
    at: datetime.datetime,
) -> bytes:
    day = local_day(at, client.time_zone)
    return pdf.render(
        TEMPLATE,
        {
            "title": "Decision register",
            "practice": here.practice.name,
            "colour": brand.colour_of(here),
            "client": client.name,
            "engagement": engagement,
            "made_on": f"{day.day} {day:%B %Y}",
            "narrowed": narrowed,
            "head": head,
            "rows": [_told(row) for row in rows],
        },
    )


def _told(row: Decision) -> dict[str, Any]:
    moment = telling.moment_of(row)
    return {
        "number": str(row.number),
        "on": local_day(moment, row.client.time_zone).isoformat(),
        "hat": Hat(row.hat).label,
        "right": row.code,
        "question": row.question,
        "choice": row.choice,
        "reason": row.reason,
        "amount": f"{row.amount:,.2f} {row.currency}" if row.amount is not None else "",
        "state": row.get_status_display(),
        "told": telling.sentences(row),
    }
