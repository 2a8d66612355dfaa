"""A board report on paper: it says what the content says, and no text, however long or odd, breaks it."""

import io
import re
import unicodedata

import pypdf
import pytest

from deliverables import board_paper
from tests.deliverables.board_content import HASH, SEAL, content, systems
from tests.on_paper import boxes, by_poppler, close, pages, text
from tests.ops.needs import needed
from tests.payloads import CORPUS

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def read(told, seal=SEAL) -> str:
    return " ".join(pages(board_paper.paper(told, seal=seal)))


def figures(told) -> list[str]:
    """Every value on it, as it is shown."""
    shown = [told["summary"], *(section["figures"] for section in told["sections"])]
    found = [one[name] for group in shown for one in group for name in ("value", "before", "note")]
    for section in told["sections"]:
        found += [cell for one in section["tables"] for row in one["rows"] for cell in row]
        for one in section["charts"]:
            values = [point["value"] for series in one["series"] for point in series["points"]]
            found += [f"{float(value):,.{_places(value)}f}" for value in values if value] * (
                one["kind"] != "line" or len(one["series"]) == 1
            )
    return [one for one in found if one]


def _places(value: str) -> int:
    return len(value.partition(".")[2])


def test_every_figure_stands_on_it_as_the_content_has_it():
    said = close(read(content()))
    assert [one for one in figures(content()) if close(one) not in said] == []


def test_another_reader_of_pdf_finds_the_same_figures():
    with needed():
        said = close(by_poppler(board_paper.paper(content(), seal=SEAL)))
    assert [one for one in figures(content()) if close(one) not in said] == []


def test_the_cover_says_whose_report_it_is_of_what_and_what_is_inside():
    cover = pages(board_paper.paper(content(), seal=SEAL))[0]
    for words in (
        "Lantern Partners",
        "AI and technology report to the board",
        "Orchard, Q1 2026",
        "Two hats. 1 January 2026 to 31 March 2026. Edition 1.",
        "Figures as of 31 March 2026, 21:00 UTC. Written by Ada. Issued on 9 April 2026, 08:30 UTC.",
        content()["cover_line"],
        content()["notes"][0],
        "AI spend this quarter 28,770.50 EUR Last quarter: 24,000.00 EUR",
        "One decision is asked of the board",
        content()["confidentiality"],
    ):
        assert words in cover


def test_every_page_has_its_number_and_says_that_it_is_confidential():
    made = pages(board_paper.paper(content(), seal=SEAL))
    for number, page in enumerate(made, start=1):
        assert f"{content()['confidentiality']} {number} / {len(made)}" in page


def test_what_was_issued_carries_its_hash_and_a_draft_says_that_it_is_one():
    issued, draft = close(read(content())), pages(board_paper.paper(content(), seal=None))
    assert HASH in issued
    assert SEAL["log_head"] in issued
    assert "DRAFT" not in issued
    assert all("DRAFT" in page for page in draft)
    assert "Draft, not issued." in draft[0]
    assert HASH not in close(" ".join(draft))


def test_a_correction_says_so_on_its_cover():
    told = content(edition=2, corrects="Lumen Cloud was 9,250.50 EUR.")
    cover = pages(board_paper.paper(told, seal=SEAL))[0]
    assert "Edition 2." in cover
    assert "This edition corrects an earlier one. Lumen Cloud was 9,250.50 EUR." in cover


def test_the_same_content_gives_the_same_bytes():
    assert board_paper.paper(content(), seal=SEAL) == board_paper.paper(content(), seal=SEAL)


def test_what_is_asked_of_the_board_stands_with_its_options_and_the_answer():
    said = read(content())
    asked = content()["asks"][0]
    assert asked["question"] in said
    assert "It does so for staff since January, with 2 complaints in 4,100 answers." in said
    assert "☐ Yes, from May ☑ Yes, for orders only ☐ Not yet" in said
    assert "The board’s answer: Yes, for orders only, given by Marta." in said


def test_a_table_of_three_hundred_rows_has_its_head_on_every_page():
    made = pages(board_paper.paper(systems(300), seal=SEAL))
    with_rows = [page for page in made if "System 0" in page or "System 1" in page]
    with_rows += [page for page in made if "System 2" in page and page not in with_rows]
    assert len(with_rows) > 5
    assert all("System Owner Spend" in page for page in with_rows)
    rows = re.findall(r"System (\d{3}) Ada", " ".join(made))
    assert rows == [f"{n:03}" for n in range(300)]


NAMES = {
    "Japanese": "果樹園株式会社",
    "Chinese": "果园有限公司",
    "Korean": "과수원 주식회사",
    "Russian": "Яблоневый сад",
    "Greek": "Οπωρώνας",
    "Armenian": "Պտղատու այգի",
    "Georgian": "ბაღი",
    "Vietnamese": "Vườn cây ăn quả",
    "Hindi": "फलों का बाग",
    "Thai": "สวนผลไม้",
    "Hebrew": "בוסתן",
    "Arabic": "بستان الفاكهة",
}
# The reader in Python turns words from right to left around, and does not heed what joined letters stand for.
BY_ANOTHER = {"Arabic", "Hebrew", "Hindi", "Thai"}


def named(name: str) -> dict:
    """A report in which this name stands on the cover, in words (also bold and as code), a table, a chart and a question."""
    told = content(client={"name": name}, author=name, cover_line=name)
    section = told["sections"][0]
    section["words"] = f"{name} **{name}** *{name}* `{name}`"
    section["tables"][0]["rows"][0][0] = name
    section["charts"][0]["series"][0]["points"][0]["label"] = name
    told["asks"][0]["options"][0] = name
    return told


@pytest.mark.parametrize("script", sorted(NAMES))
def test_names_in_every_script_have_letters_and_no_boxes(script):
    made = board_paper.paper(named(NAMES[script]), seal=SEAL)
    assert set(boxes(made)) == {0}


@pytest.mark.parametrize("script", sorted({*NAMES} - BY_ANOTHER))
def test_names_in_other_scripts_can_be_copied(script):
    said = close(" ".join(pages(board_paper.paper(named(NAMES[script]), seal=SEAL))))
    assert said.count(close(NAMES[script])) >= 9


@pytest.mark.parametrize("script", sorted(BY_ANOTHER))
def test_names_from_right_to_left_or_with_joined_letters_can_be_copied(script):
    name = NAMES[script]
    made = board_paper.paper(content(client={"name": name}), seal=SEAL)
    with needed():
        assert name in unicodedata.normalize("NFC", by_poppler(made))


def test_a_letter_that_no_face_has_would_be_found():
    """That the tests above could fail."""
    assert sum(boxes(board_paper.paper(named("ᠮᠣᠩᠭᠣᠯ"), seal=SEAL))) > 0


def test_an_emoji_is_said_by_its_name():
    made = board_paper.paper(named("Fast \U0001f680 \U0001f1e9\U0001f1ea"), seal=SEAL)
    assert set(boxes(made)) == {0}
    assert " ".join(pages(made)).count("Fast [rocket] [DE]") >= 7


def test_a_word_longer_than_its_line_breaks_and_stays_whole_for_copying():
    told = content(cover_line=LONG * 2)
    told["sections"][0]["words"] = LONG * 3
    told["summary"][0]["value"] = LONG
    told["asks"][0]["options"] = [LONG * 2]
    said = close(read(told))
    assert said.count(close(LONG)) == 8


def test_words_read_from_the_right_begin_at_the_right():
    assert board_paper.from_right("12 שלום, then English")
    assert not board_paper.from_right("English, then שלום")
    assert not board_paper.from_right("12.00")


def test_no_letter_turns_the_direction_of_a_figure():
    told = content()
    told["summary"][0]["value"] = "\u202e12.00 EUR\u202c"
    assert "\u202e" not in read(told)


def everywhere(words: str) -> dict:
    """A report whose every text is these words."""
    told = content()

    def put(value, name=""):
        if isinstance(value, dict):
            return {key: put(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [put(inner, name) for inner in value]
        fixed = ("kind", "colour", "starts_on", "ends_on", "as_of", "align", "id", "key")
        return words if isinstance(value, str) and name not in fixed else value

    return put(told)


@pytest.mark.parametrize("group", range(8))
def test_whatever_people_write_stays_text_and_nothing_is_read_or_fetched(group):
    """G1: a text that was acted on would not stand there as it was written."""
    for payload in CORPUS[group::8]:
        made = board_paper.paper(everywhere(payload), seal=SEAL)
        raw = pypdf.PdfReader(io.BytesIO(made))
        marks = [mark.get_object() for page in raw.pages for mark in page.get("/Annots", [])]
        # The lines of what is inside lead within the paper; nothing leads out of it, and nothing runs.
        assert {str(mark["/Subtype"]) for mark in marks} <= {"/Link"}
        assert {str(mark["/A"]["/S"]) for mark in marks if "/A" in mark} <= {"/GoTo"}
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(raw.trailer["/Root"])
        if payload.isascii() and payload.isprintable() and len(payload) < 100:
            assert close(payload) in close(text(made))
