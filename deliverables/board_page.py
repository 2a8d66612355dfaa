"""How a section of a board report is laid out on a page, at both sites: words, pictures, cells that know their heads, and
figures that lead to their rows."""

from typing import Any

from deliverables import board_charts
from practice import markdown

Links = dict[str, str]


def laid_out(told: dict[str, Any], links: Links) -> dict[str, Any]:
    section = told["key"]
    return {
        **told,
        "html": markdown.html(told["words"]),
        "pictures": [(_titled(chart), board_charts.svg(chart)) for chart in told["charts"]],
        "figures": [
            {**one, "link": links.get(f"{section}/figures/{one['key']}", "")}
            for one in told["figures"]
        ],
        "tables": [
            {
                **table,
                "rows": [
                    {
                        "cells": list(zip(table["columns"], row, strict=True)),
                        "link": links.get(f"{section}/tables/{table['key']}/{n}", ""),
                    }
                    for n, row in enumerate(table["rows"], start=1)
                ],
            }
            for table in told["tables"]
        ],
    }


def _titled(chart: dict[str, Any]) -> str:
    """What it is counted in stands beside its title on paper, too."""
    return f"{chart['title']} ({chart['unit']})" if chart["unit"] else str(chart["title"])


def summary(content: dict[str, Any], links: Links) -> list[dict[str, Any]]:
    """The figures of the summary lead where those of their section lead."""
    of_sections = [
        (one, f"{section['key']}/figures/{one['key']}")
        for section in content.get("sections", [])
        for one in section["figures"]
    ]
    return [
        {**one, "link": next((links.get(at, "") for same, at in of_sections if same == one), "")}
        for one in content.get("summary", [])
    ]
