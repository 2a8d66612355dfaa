"""Charts of a board report: their measures, their words, and what they never do."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from deliverables import board_charts
from tests.deliverables.board_content import INCIDENTS, LEVERS, TREND, VENDORS, chart, points
from tests.deliverables.test_receipts import TYPST
from tests.doors.nasty import PARAMETERS
from tests.practice.test_markdown import HOSTILE

D = Decimal


def parsed(told) -> ET.Element:
    return ET.fromstring(f"<page>{board_charts.svg(told)}</page>")


def test_bars_end_where_their_value_ends():
    rows = board_charts.drawn(VENDORS).rows
    assert [(label, [(bar.at, bar.wide, bar.shown) for bar in bars]) for label, bars in rows] == [
        ("Hyperion Models", [(D(0), D("100.00"), "18,400.00"), (D(0), D("76.63"), "14,100.00")]),
        ("Lumen Cloud", [(D(0), D("50.27"), "9,250.50"), (D(0), D("53.80"), "9,900.00")]),
        ("Tally Notes", [(D(0), D("6.09"), "1,120.00"), (D(0), D("0.00"), "0.00")]),
    ]


def test_a_loss_ends_left_of_nought():
    drawn = board_charts.drawn(chart("n", "Net", "bars", "EUR", Net=points(a="-100", b="300")))
    assert drawn.zero == D("25.00")
    assert [(bar.at, bar.wide) for _, bars in drawn.rows for bar in bars] == [
        (D("0.00"), D("25.00")),
        (D("25.00"), D("75.00")),
    ]


def test_shares_are_of_the_whole():
    shown = [bars[0].shown for _, bars in board_charts.drawn(LEVERS).rows]
    assert shown == ["60.0 %, 17,262.30", "20.0 %, 5,754.10", "20.0 %, 5,754.10"]


def test_of_what_holds_a_loss_or_nothing_there_are_no_shares():
    for told in (points(a="-1", b="2"), points(a="0", b="0")):
        drawn = board_charts.drawn(chart("s", "S", "shares", "", One=told))
        assert not any("%" in bars[0].shown for _, bars in drawn.rows)


def test_a_line_has_round_ticks_and_a_gap_where_nobody_measured():
    drawn = board_charts.drawn(TREND)
    assert [shown for _, shown in drawn.ticks] == [
        "0",
        "5,000",
        "10,000",
        "15,000",
        "20,000",
        "25,000",
        "30,000",
    ]
    assert [[point.shown for point in run] for run in drawn.lines[0].stretches] == [
        ["8,100.00", "11,950.00", "12,400.00"],
        ["17,300.00", "21,050.00", "24,000.00", "28,770.50"],
    ]
    assert drawn.lines[0].stretches[0][0].y == D("73.00")


@pytest.mark.parametrize(
    "values", [("0", "0"), ("-5", "-1"), ("0.001", "0.002"), ("1e12", "3e12"), ("7",), (None,)]
)
def test_any_scale_has_between_two_and_eight_ticks(values):
    told = points(**{f"q{n}": value for n, value in enumerate(values)})
    ticks = board_charts.drawn(chart("l", "L", "line", "", One=told)).ticks
    assert 2 <= len(ticks) <= 8
    assert [down for down, _ in ticks] == sorted((down for down, _ in ticks), reverse=True)


def test_what_is_seen_is_also_said():
    told = parsed(LEVERS)[0]
    assert told.attrib["role"] == "img"
    assert told[0].text == "Spend by lever"
    assert told[1].text == (
        "Model choice 17,262.30 EUR, Caching 5,754.10 EUR, Batching 5,754.10 EUR"
    )


def test_several_series_have_a_key_and_one_has_none():
    assert [one.text for one in parsed(INCIDENTS)[1].iter("li")] == [None, None]
    assert ["".join(one.itertext()).strip() for one in parsed(INCIDENTS)[1].iter("li")] == [
        "Incidents",
        "Near misses",
    ]
    assert len(parsed(LEVERS)) == 1


def test_a_label_too_long_for_its_line_is_cut_there_and_nowhere_else():
    long = "A vendor whose name is much longer than any line of a phone"
    told = chart("v", "V", "bars", "", One=[{"label": long, "value": "1"}])
    drawn = board_charts.drawn(told)
    assert drawn.rows[0][0] == f"{long[:48]}…"


@pytest.mark.parametrize("kind", ["bars", "line", "shares"])
@pytest.mark.parametrize("several", [False, True])
def test_nothing_that_people_write_becomes_markup(kind, several):
    for text in (*PARAMETERS, *HOSTILE, *TYPST):
        words = "".join(c for c in text if c.isprintable())
        one = {"label": words, "points": [{"label": words, "value": "1"}]}
        told = {"key": "k", "title": words, "kind": kind, "unit": words}
        told["series"] = [one, one] if several else [one]
        page = parsed(told)
        assert page[0][0].text == (words or None)
        assert {mark.tag for mark in page.iter()} <= {
            *("page", "svg", "title", "desc", "text", "rect", "line", "circle", "ul", "li")
        }
        assert not [
            name
            for mark in page.iter()
            for name in mark.attrib
            if name.startswith("on") or "href" in name or name == "style"
        ]


def test_a_chart_without_anything_says_so():
    assert parsed(chart("e", "Empty", "bars", "EUR"))[0][1].text == "Nothing to show."
