"""The spectrum as a picture: which marks and lines a course makes, and that its words say the same."""

import datetime

from engagements import pictures_spectrum
from engagements.pictures_spectrum import Step, Stop, draw, stays

JAN, MAR, JUN = (datetime.date(2026, month, 1) for month in (1, 3, 6))
WAY = [Stop("SPRINT", JAN), Stop("RETAINER", MAR)]


def wide(picture):
    return picture.sheets[0]


def test_stages_at_one_point_are_one_stay():
    assert stays([("RETAINER", JAN), ("RETAINER", MAR), ("SPRINT", JUN)]) == [
        Stop("RETAINER", JAN),
        Stop("SPRINT", JUN),
    ]


def test_each_stay_is_a_mark_in_its_column_and_a_row_below_the_one_before():
    sheet = wide(draw(WAY))
    assert [(m.kind, m.x, m.y, m.text) for m in sheet.marks] == [
        ("past", 228, 64, "1 Jan 2026"),
        ("present", 380, 110, "1 Mar 2026"),
    ]
    assert [(line.kind, line.path) for line in sheet.lines] == [("way", "M228 64V110H380")]
    assert [c.present for c in sheet.columns] == [False, False, True, False, False]


def test_a_proposed_move_is_a_dashed_step_and_its_end_stands_below_it():
    step = Step("RETAINER_HIGH", JUN, "Proposed", datetime.date(2027, 5, 31))
    sheet = wide(draw(WAY, step=step))
    assert [m.kind for m in sheet.marks] == ["past", "present", "step", "end"]
    assert [line.kind for line in sheet.lines] == ["way", "step", "planned"]
    assert sheet.marks[-1].text == "until 31 May 2027"


def test_a_step_down_is_named_on_the_side_from_which_no_line_comes():
    sheet = wide(draw([Stop("RETAINER", JAN), Stop("SPRINT", MAR)]))
    assert (sheet.marks[1].anchor, sheet.marks[1].text_x) == ("end", 228 - 14)


def test_what_has_ended_has_no_present_point():
    sheet = wide(draw(WAY, ended_on=JUN))
    assert not sheet.has_present
    assert [m.kind for m in sheet.marks] == ["past", "past", "end"]


def test_the_words_tell_what_the_picture_shows():
    step = Step("RETAINER_HIGH", JUN, "Proposed")
    assert draw(WAY, step=step).words == (
        "The way so far: Sprint since 1 Jan 2026, then Retainer since 1 Mar 2026. "
        "Proposed: High-intensity retainer from 1 Jun 2026."
    )
    assert draw([]).words == "It has not begun yet."


def test_every_word_stays_on_the_paper():
    for way in ([Stop(code, JAN)] for code in pictures_spectrum.spectrum.points()):
        for sheet in draw(way, ended_on=JUN).sheets:
            for mark in sheet.marks:
                wide_as = pictures_spectrum.LETTER * len(mark.text)
                left = mark.text_x - wide_as * {"start": 0, "middle": 0.5, "end": 1}[mark.anchor]
                assert 0 <= left <= left + wide_as <= sheet.width
