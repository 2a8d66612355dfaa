"""No code of the product knows a date of the law: they are in the table."""

import ast
import re
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
# Where a day that somebody types is shown in the form that is expected.
SHOWS_A_FORM = {
    "engagements/time_files.py": [
        "2026-03-31",
        "03/31/2026 (month first)",
        "31/03/2026 or 31.03.2026 (day first)",
        "`dates` says how days are written, because 03/04/2026 does not.",
    ]
}


def dates_in(source):
    """Days of 2026 to 2030 that code would know: as a call of date or datetime, or written in a string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and any(
            isinstance(part, ast.Constant) and part.value in range(2026, 2031)
            for part in [*node.args, *(word.value for word in node.keywords)]
        ):
            yield ast.unparse(node)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\b20(2[6-9]|30)[-/.]\d\d?\b|\b\d\d?[-/.]20(2[6-9]|30)\b", node.value)
        ):
            yield node.value


def test_no_code_of_the_product_knows_a_date_of_the_years_the_law_moves_in():
    known = {}
    for app in ("practice", "assessments", "engagements", "deliverables"):
        for file in sorted((REPO / app).rglob("*.py")):
            if "migrations" not in file.parts and (dates := [*dates_in(file.read_text())]):
                known[file.relative_to(REPO).as_posix()] = dates
    assert known == SHOWS_A_FORM


@pytest.mark.parametrize(
    "line",
    [
        "date(2027, 12, 2)",
        "datetime(year=2028, month=8, day=2)",
        "x = '2026-08-02'",
        "'02.08.2030'",
    ],
)
def test_the_search_for_dates_would_find_one(line):
    assert [*dates_in(line)]
