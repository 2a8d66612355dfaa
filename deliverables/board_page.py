"""How a section of a board report is laid out on a page, at both sites: words, pictures, and cells that know their heads."""

from typing import Any

from deliverables import board_charts
from practice import markdown


def laid_out(told: dict[str, Any]) -> dict[str, Any]:
    return {
        **told,
        "html": markdown.html(told["words"]),
        "pictures": [board_charts.svg(chart) for chart in told["charts"]],
        "tables": [
            {
                **table,
                "rows": [list(zip(table["columns"], row, strict=True)) for row in table["rows"]],
            }
            for table in told["tables"]
        ],
    }
