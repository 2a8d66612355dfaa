"""The frozen content of a board report as its paper and its charts are given it: of Orchard, where Ada wears two hats."""

import copy
from typing import Any

HASH = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
SEAL = {"hash": HASH, "log_head": f"41:{HASH[::-1]}", "issued_at": "2026-04-09T08:30:00+00:00"}


def figure(key: str, label: str, value: str, **more: Any) -> dict[str, Any]:
    amount, _, currency = value.replace(",", "").partition(" ")
    money = len(currency) == 3
    known = {"amount": amount if money else None, "currency": currency if money else None}
    return {"key": key, "label": label, "value": value, "note": "", "before": None, "rows": []} | (
        known | more
    )


def column(label: str, align: str = "left") -> dict[str, str]:
    return {"key": label.lower().replace(" ", "_"), "label": label, "align": align}


def table(key: str, title: str, columns: list[dict[str, str]], rows: list[list[str]], empty: str):
    return {"key": key, "title": title, "columns": columns, "rows": rows, "empty": empty}


def points(**values: str | None) -> list[dict[str, Any]]:
    return [{"label": label.replace("_", " "), "value": value} for label, value in values.items()]


def chart(key: str, title: str, kind: str, unit: str, **series: list[dict[str, Any]]):
    told = [
        {"label": label.replace("_", " "), "points": values} for label, values in series.items()
    ]
    return {"key": key, "title": title, "kind": kind, "unit": unit, "series": told}


VENDORS = chart(
    "vendors",
    "Spend by vendor",
    "bars",
    "EUR",
    This_quarter=points(Hyperion_Models="18400.00", Lumen_Cloud="9250.50", Tally_Notes="1120.00"),
    Last_quarter=points(Hyperion_Models="14100.00", Lumen_Cloud="9900.00", Tally_Notes="0.00"),
)
TREND = chart(
    "trend",
    "Spend over eight quarters",
    "line",
    "EUR",
    Spend=points(
        Q2_2024="8100.00",
        Q3_2024="11950.00",
        Q4_2024="12400.00",
        Q1_2025=None,
        Q2_2025="17300.00",
        Q3_2025="21050.00",
        Q4_2025="24000.00",
        Q1_2026="28770.50",
    ),
)
LEVERS = chart(
    "levers",
    "Spend by lever",
    "shares",
    "EUR",
    Spend=points(Model_choice="17262.30", Caching="5754.10", Batching="5754.10"),
)
INCIDENTS = chart(
    "incidents",
    "Incidents and near misses",
    "line",
    "",
    Incidents=points(Q2_2025="3", Q3_2025="1", Q4_2025="2", Q1_2026="1"),
    Near_misses=points(Q2_2025="1", Q3_2025="4", Q4_2025="6", Q1_2026="5"),
)
WORDS = """Spend rose by **4,770.50 EUR**, which is what the new support assistant costs; the plan had 5,200.00 EUR.

- The assistant answers 61 % of first questions without a colleague.
- Lumen's price per call fell, *and* we call it less:
  1. answers are cached for a day,
  2. batches run at night.

> The sponsor asked whether prices are fixed. They are until the contract ends.

See [the contract register](https://orchard.test/register) for terms."""

CONTENT: dict[str, Any] = {
    "version": 1,
    "practice": {"name": "Lantern Partners", "colour": "#0b6e4f"},
    "client": {"name": "Orchard"},
    "engagement": {"id": "0192f0c1-0000-7000-8000-000000000001", "title": "Two hats"},
    "title": "AI and technology report to the board",
    "cover_line": "Spend is on plan, two of three capabilities moved a level, and one risk needs the board's word.",
    "confidentiality": "Confidential. For the board of Orchard and whom it names; not to be passed on.",
    "quarter": {"label": "Q1 2026", "starts_on": "2026-01-01", "ends_on": "2026-03-31"},
    "edition": 1,
    "corrects": "",
    "as_of": "2026-03-31T21:00:00+00:00",
    "author": "Ada",
    "notes": ["The engagement was paused from 2 to 9 February."],
    "summary": [
        figure("spend", "AI spend this quarter", "28,770.50 EUR", before="24,000.00 EUR"),
        figure("plan", "Against plan", "-429.50 EUR", note="The plan was 29,200.00 EUR."),
        figure("systems", "Systems in use", "14", before="12"),
        figure("accepted", "Deliverables accepted", "5 of 6", before="4 of 4"),
        figure("risks", "Risks above appetite", "1", before="2"),
        figure("days", "Days used", "18:30 h of 24:00 h", note="5:30 h left"),
    ],
    "sections": [
        {
            "key": "spend",
            "title": "AI spend",
            "words": WORDS,
            "by": "",
            "figures": [
                figure("calls", "Cost for a thousand calls", "4.12 EUR", before="5.80 EUR"),
                figure("usd", "In dollars, not added", "1,900.00 USD"),
            ],
            "charts": [TREND, VENDORS, LEVERS],
            "tables": [
                table(
                    "contracts",
                    "Contracts by vendor",
                    [
                        column("Vendor"),
                        column("What for"),
                        column("This quarter", "right"),
                        column("Last quarter", "right"),
                        column("Ends"),
                    ],
                    [
                        [
                            "Hyperion Models",
                            "Support assistant and search in contracts",
                            "18,400.00 EUR",
                            "14,100.00 EUR",
                            "2027-01-31",
                        ],
                        [
                            "Lumen Cloud",
                            "Transcripts of calls, in batches at night",
                            "9,250.50 EUR",
                            "9,900.00 EUR",
                            "2026-09-30",
                        ],
                        ["Tally Notes", "Notes of meetings", "1,120.00 EUR", "", "monthly"],
                    ],
                    "No contract.",
                )
            ],
        },
        {
            "key": "capability",
            "title": "Capability progress",
            "words": "Two of three areas reached the level that was planned for March.",
            "by": "Ben",
            "figures": [],
            "charts": [],
            "tables": [
                table("late", "Late deliverables", [column("Deliverable")], [], "Nothing is late.")
            ],
        },
        {
            "key": "risk",
            "title": "Risk posture",
            "words": "The posture is **guarded**, one step better than last quarter.",
            "by": "",
            "figures": [],
            "charts": [INCIDENTS],
            "tables": [
                table(
                    "obligations",
                    "Obligations of the next 180 days",
                    [column("Due"), column("What"), column("Who")],
                    [
                        ["2026-06-30", "Renew the insurance of the assistant", "Priya"],
                        ["2026-08-02", "Mark what the assistant writes as machine-made", "Ada"],
                    ],
                    "Nothing falls due.",
                )
            ],
        },
    ],
    "asks": [
        {
            "question": "May the assistant answer customers without a colleague reading along?",
            "context": "It does so for **staff** since January, with 2 complaints in 4,100 answers.",
            "options": ["Yes, from May", "Yes, for orders only", "Not yet"],
            "answer": "Yes, for orders only",
            "answered_by": "Marta",
        }
    ],
}


def content(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(CONTENT) | changes


def systems(many: int) -> dict:
    told = content()
    told["sections"][1]["tables"] = [
        table(
            "systems",
            "Systems",
            [column("System"), column("Owner"), column("Spend", "right")],
            [[f"System {n:03}", "Ada", f"{n * 10},{n:03}.00 EUR"] for n in range(many)],
            "No system.",
        )
    ]
    return told


def long_report() -> dict:
    told = systems(700)
    told["sections"][2]["words"] = "\n\n".join(
        f"## Part {n}\n\n{content()['sections'][0]['words']}" for n in range(60)
    )
    told["sections"] += [content()["sections"][0] | {"key": f"more{n}"} for n in range(12)]
    return told
