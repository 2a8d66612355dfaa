"""Signs on paper: what no face has is said by its name, and nothing else is."""

import unicodedata

import pytest

from practice import pdf, signs
from tests import on_paper

KINDS = ("So", "Sk", "Sm", "Sc")
SIGNS = [
    chr(code)
    for code in (*range(0x2010, 0x2E80), *range(0x1F000, 0x1FB00))
    if unicodedata.category(chr(code)) in KINDS
]
TEMPLATE = """#let d = json(bytes(sys.inputs.at("data")))
#set page(width: 200pt, height: 40pt)
#set text(font: "Libertinus Serif")
#d.signs.map(one => block(one)).join(pagebreak())
"""


@pytest.fixture(scope="module")
def lacking(tmp_path_factory):
    template = tmp_path_factory.mktemp("signs") / "signs.typ"
    template.write_text(TEMPLATE)
    found = on_paper.boxes(pdf.render(template, {"signs": SIGNS}))
    assert len(found) == len(SIGNS)
    return {sign for sign, boxes in zip(SIGNS, found, strict=True) if boxes}


def test_exactly_the_signs_that_no_face_has_are_said_by_name(lacking):
    assert len(lacking) > 1500
    assert {sign for sign in SIGNS if signs.said(sign) != sign} == lacking


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Go \U0001f680 now", "Go [rocket] now"),
        ("\U0001f469\u200d\U0001f4bb", "[woman][personal computer]"),
        ("\U0001f44d\U0001f3fd", "[thumbs up sign]"),
        ("\U0001f1e9\U0001f1ea, \U0001f1eb\U0001f1f7", "[DE], [FR]"),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", "[DE][FR]"),
        (
            "\u2705 done, \u2611 ticked \u26a0",
            "[white heavy check mark] done, \u2611 ticked \u26a0",
        ),
        ("12 \u2265 3 \u2192 果樹園 12.00 \u20b9", "12 \u2265 3 \u2192 果樹園 12.00 \u20b9"),
    ],
)
def test_a_sign_is_said_by_its_name_and_a_flag_by_its_country(written, said):
    assert signs.said(written) == said
