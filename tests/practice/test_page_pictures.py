"""Pages of a PDF become pictures in a program of its own, and no PDF gets out of its limits."""

import hashlib
import io
import resource
import subprocess
import sys
from uuid import uuid4

import pytest
from PIL import Image

from practice import file_kinds, file_store, page_drawer, page_pictures
from practice.models import StoredFile
from practice.page_pictures import MOST_PAGES
from tests.practice.hostile_pdfs import DRAWN, NOT_DRAWN, paper

# What is drawn is the same whatever the database.
pytestmark = pytest.mark.once
HERE = page_pictures.DRAWER.parent
TRIES = """
import pathlib, socket, sys
sys.path.insert(0, sys.argv[1])
import page_drawer
page_drawer.narrow()
def tried(act):
    try:
        act()
    except OSError:
        return "refused"
    except MemoryError:
        return "refused"
    return "done"
acts = [socket.socket, lambda: open("/etc/hostname"), lambda: bytearray(page_drawer.MEMORY)]
print(*map(tried, acts))
"""


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """The work it may do is limited all the same; how long that takes is up to the machine."""
    monkeypatch.setattr(page_pictures, "PATIENCE", 120)


def kept(content: bytes, media_type: str = "application/pdf") -> StoredFile:
    return StoredFile(
        id=uuid4(),
        practice_id=uuid4(),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=file_store.put(content),
    )


def resident() -> int:
    """What this process has in memory, in bytes."""
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * resource.getpagesize()


def image(picture: page_pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def test_each_page_is_its_own_picture_on_white():
    stored = kept(paper("One", "Two", "Three"))
    assert page_pictures.pages(stored) == 3
    made = [page_pictures.picture(stored, number) for number in (1, 2, 3)]
    assert len({one.content for one in made}) == 3
    first = image(made[0])
    assert (first.format, first.size) == ("WEBP", (made[0].width, made[0].height))
    assert first.size == (1240, 1755)
    assert first.convert("L").getextrema()[1] == 255
    # Something is drawn, and not everywhere.
    darks = sum(first.convert("L").histogram()[:100])
    assert 0 < darks < 100_000


@pytest.mark.parametrize("number", [0, -1, 2, MOST_PAGES, MOST_PAGES + 1])
def test_there_is_no_picture_of_a_page_that_is_not_there(number):
    assert page_pictures.picture(kept(paper("One")), number) is None


def test_what_is_no_pdf_is_not_even_tried():
    stored = kept(b"Text", "text/plain")
    assert (page_pictures.pages(stored), page_pictures.picture(stored, 1)) == (0, None)


def test_no_more_pages_are_leafed_through_than_a_few_hundred():
    assert page_pictures.pages(kept(paper(*["Page"] * (MOST_PAGES + 9)))) == MOST_PAGES


@pytest.mark.parametrize("name", [*NOT_DRAWN, *DRAWN])
def test_a_hostile_pdf_is_drawn_within_the_limits_or_not_at_all(name):
    content = (NOT_DRAWN | DRAWN)[name]()
    # It would have been taken: what the upload refuses needs no picture.
    assert file_kinds.media_type("a.pdf", content) == "application/pdf"
    stored = kept(content)
    size = len(content)
    before, was = resident(), resource.getrusage(resource.RUSAGE_CHILDREN)
    pages, picture = page_pictures.pages(stored), page_pictures.picture(stored, 1)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (picture is not None) == (name in DRAWN)
    assert 0 <= pages <= MOST_PAGES
    if picture is not None:
        assert picture.width <= page_drawer.WIDEST
        assert picture.height <= page_drawer.TALLEST
        assert len(picture.content) <= page_drawer.LARGEST_ANSWER
    # Two runs: one counts, one draws. A second more for what the system needs to notice.
    took = spent.ru_utime + spent.ru_stime - was.ru_utime - was.ru_stime
    assert took < 2 * (page_drawer.SECONDS + 1)
    assert resident() - before < 3 * size + 20 * 1024 * 1024


def test_the_drawer_opens_nothing_and_takes_no_more_memory_than_it_may():
    command = [sys.executable, "-I", "-c", TRIES, str(HERE)]
    told = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
    assert told.stdout == "refused refused refused\n"


def test_a_picture_is_made_once_and_so_is_its_refusal():
    good, bad = kept(paper("One")), kept(NOT_DRAWN["broken off"]())
    for stored in (good, bad):
        page_pictures.picture(stored, 1)
        page_pictures.pages(stored)

    def cost() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = cost()
    assert page_pictures.picture(good, 1).width == 1240
    assert (page_pictures.pages(good), page_pictures.pages(bad)) == (1, 0)
    assert page_pictures.picture(bad, 1) is None
    assert cost() == before


def test_the_same_bytes_at_another_practice_are_not_answered_from_here():
    one = kept(paper("One"))
    two = StoredFile(practice_id=uuid4(), media_type=one.media_type, sha256=one.sha256)
    two.stored_as = "2000/01/01/nothing"
    assert page_pictures.pages(one) == 1
    with pytest.raises(file_store.Damaged):
        page_pictures.pages(two)
