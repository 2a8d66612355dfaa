"""Suite `api`: the client list (a page of 50) and one client, read with an API key."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Count
from django.test import override_settings

from benchmarks import data, floor, measure, reference
from benchmarks.measure import Application, Call, Timed
from practice.models import Contact
from practice.wsgi import application as product

PAGES = (1, 50, 200)
EACH = 20


class Disagreement(Exception):
    """Product, reference and floor do not tell the same: their times cannot be compared."""


@dataclass(frozen=True)
class Result:
    calls: dict[str, dict[str, Timed]]
    """Page → product, reference or floor → times."""
    figures: dict[str, float]
    """By the names that gates.toml knows."""
    sizes: dict[str, dict[str, int]]


def run(rows: int, rounds: int) -> Result:
    facts = data.load(rows)
    others = {"reference": _reference(), "floor": floor.application}
    pages = {
        "client list": _calls(others, facts.key, "clients/", "limit=50"),
        "client detail": _calls(others, facts.key, f"clients/{facts.client_ids[rows // 2]}/", ""),
    }
    for size in PAGES:
        _agree(_calls(others, facts.key, "clients/", f"limit={size}"), facts.client_ids[:size])
    _agree_on_one(pages["client detail"])
    timed = {
        name: measure.in_turns(calls, rounds=rounds, each=EACH) for name, calls in pages.items()
    }
    figures = _ratios(timed) | _statements(pages, facts.key)
    sizes = {
        name: {who: len(call()) for who, call in calls.items()} for name, calls in pages.items()
    }
    return Result(timed, figures, sizes)


def _reference() -> Application:
    with override_settings(MIDDLEWARE=reference.MIDDLEWARE):
        handler = WSGIHandler()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        return handler(environ, start_response)

    return application


def _calls(others: dict[str, Application], key: str, path: str, query: str) -> dict[str, Call]:
    return {
        "product": Call(product, f"/api/v1/{path}", key, query),
        "reference": Call(others["reference"], f"/reference/{path}", key, query),
        "floor": Call(others["floor"], f"/floor/{path}", key, query),
    }


def _agree(calls: dict[str, Call], ids: tuple[UUID, ...]) -> None:
    """On ids in order, on names and on counts; and the counts with the rows that they count."""
    told = {
        who: [_told(row) for row in orjson.loads(call())["results"]] for who, call in calls.items()
    }
    counted = Contact.objects.filter(client_id__in=ids).values("client_id").annotate(n=Count("id"))
    counts = {row["client_id"]: row["n"] for row in counted}
    for who, rows in told.items():
        if [row["id"] for row in rows] != list(ids):
            raise Disagreement(f"{who} lists other clients, or in another order")
        if [row["contacts_count"] for row in rows] != [counts.get(id, 0) for id in ids]:
            raise Disagreement(f"{who} counts contacts wrongly")
        if rows != told["reference"]:
            raise Disagreement(f"{who} and the reference do not show the same rows and keys")


def _agree_on_one(calls: dict[str, Call]) -> None:
    told = {who: _told(orjson.loads(call())) for who, call in calls.items()}
    for who, row in told.items():
        if row != told["reference"]:
            raise Disagreement(f"{who} and the reference do not show the same client")


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Engines write ids and moments in their own ways; the reading is what has to agree."""
    ids = {name: UUID(row[name]) for name in ("id", "responsible")}
    return {**row, **ids, "created_at": row["created_at"][:19].replace(" ", "T")}


def _ratios(timed: dict[str, dict[str, Timed]]) -> dict[str, float]:
    found = {}
    for name, by in timed.items():
        for other in ("reference", "floor"):
            found[f"{name}: product ÷ {other}"] = measure.ratio(
                by["product"].cpu_ms, by[other].cpu_ms
            ).median
    return found


def _statements(pages: dict[str, dict[str, Call]], key: str) -> dict[str, float]:
    found: dict[str, float] = {
        f"{name}: statements": measure.statements(calls["product"]) for name, calls in pages.items()
    }
    at = [
        measure.statements(Call(product, "/api/v1/clients/", key, f"limit={size}"))
        for size in PAGES
    ]
    return found | {"client list: statements more at 200 rows than at 1": max(at) - min(at)}
