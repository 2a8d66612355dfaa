"""The spectrum, prices and handover as data: what they say, and that a broken file is refused by file and key."""

import pytest

from engagements import handover, prices, spectrum
from engagements.checks import the_spectrum_is_sound


def test_what_is_shipped_is_sound():
    assert the_spectrum_is_sound(None) == []


def test_curves_say_what_is_planned_for_a_month():
    curves = spectrum.spectrum().curves
    hours, days = curves["smb_hours"], curves["midmarket_days"]
    assert [(hours.at(n).low, hours.at(n).high) for n in (1, 3, 4, 12, 30)] == [
        (15, 20),
        (15, 20),
        (8, 12),
        (8, 12),
        (8, 12),
    ]
    assert [(days.at(n).low, days.at(n).high) for n in (1, 11, 12)] == [(4, 5), (4, 5), (2, 3)]


def test_every_price_has_a_source_and_a_segment():
    assert sorted(prices.prices()) == [f"PR-{n:02}" for n in range(1, 12)]
    assert all(price.source and price.segment for price in prices.prices().values())
    assert list(prices.of("RETAINER")) == ["PR-03", "PR-06", "PR-07"]


BROKEN = [
    ("spectrum", 'source = "S4-E1"', 'sauce = "S4-E1"', "points.ADVISORY.sauce: no such key"),
    ("spectrum", "order = 2", "order = 1", "points.ADVISORY.order: two points"),
    ("spectrum", "order = 2", 'order = "2"', "points.SPRINT.order: int is expected"),
    ("spectrum", 'kind = "down"', 'kind = "up"', "moves[5].kind: from RETAINER_HIGH"),
    ("spectrum", 'from = "SPRINT"', 'from = "SPIRIT"', "moves[2]: 'SPIRIT' is not one of"),
    ("spectrum", "[points.FULL_TIME]", "[points.FULLTIME]", "points: 'FULLTIME' is not one of"),
    (
        "spectrum",
        "low = 6, high = 24",
        "low = 60, high = 24",
        "points.RETAINER.length: low is above",
    ),
    ("spectrum", '"C-08"', '"C-99"', "points.SPRINT.conflicts: 'C-99' is not one of"),
    ("spectrum", 'phase = "months_4_12"', 'phase = "later"', "exit_tests[10].phase: 'later'"),
    ("spectrum", 'hats = ["CIO"]', 'hats = ["CEO"]', "exit_tests[6].hats: 'CEO'"),
    ("spectrum", "since = 4,", "since = 1,", "curves.smb_hours.months: months begin with 1"),
    ("spectrum", 'when = "combined"', 'when = "two"', "milestones[3].when: 'two'"),
    ("prices", "low = 3_000", "low = 30_000", "PR-01.bands: low is above high"),
    ("prices", 'words = "seven figures"', 'words = ""', "PR-11: neither figures nor words"),
    ("prices", "[PR-04]", "[PR-14]", "PR-04: is named by RETAINER_HIGH"),
    ("handover", '"FULL_TIME"', '"FULL"', "full_time_hire.points: there is no point FULL"),
]


@pytest.mark.parametrize(("name", "was", "now", "said"), BROKEN)
def test_a_broken_file_is_refused_by_file_and_key(monkeypatch, tmp_path, name, was, now, said):
    module = {"spectrum": spectrum, "prices": prices, "handover": handover}[name]
    text = module.FILE.read_text()
    assert was in text
    file = tmp_path / f"{name}.toml"
    file.write_text(text.replace(was, now, 1))
    monkeypatch.setattr(module, "FILE", file)
    caches = (spectrum.spectrum, spectrum.moves, prices.prices, handover.items)
    for read in caches:
        read.cache_clear()
    try:
        told = [error.msg for error in the_spectrum_is_sound(None)]
    finally:
        monkeypatch.undo()
        for read in caches:
            read.cache_clear()
    assert [one for one in told if one.startswith(f"{name}.toml: {said}")] != [], told
