"""G1 for board reports: two hundred hostile texts in every field of one, on its pages, in its letter and as JSON.

On paper they are in test_board_paper.py.
"""

import contextlib
import datetime
import os
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from deliverables import (
    board_asks,
    board_content,
    board_contributors,
    board_dates,
    board_opening,
    canonical,
)
from deliverables.models import BoardAnswer, BoardAsk, BoardReport, BoardSection, Contribution
from engagements.models import Engagement
from practice import keys, markdown, notices
from practice.models import AgendaEntry, Client, Contact, Notice, Practice, User
from tests import make
from tests.deliverables import boarding
from tests.deliverables.board_content import SEAL
from tests.engagements import build
from tests.make import NOW
from tests.on_paper import close
from tests.payloads import CORPUS

ROOT = Path(__file__).parent.parent.parent
GROUPS = 8
AGAIN = os.environ.get("REMIT_SECOND_ENGINE") == "1"
PLAIN = "Plain words"
# What a page would act on, and what would run.
LEADS = {"href", "src", "action", "formaction", "data", "poster", "background", "srcdoc", "style"}
# By the agenda: to the author and the reviewer, and to the board.
WHILE_WRITTEN = ("board_report_due", "board_report_overdue", "board_review_asked")
ONCE_ISSUED = ("board_report_issued", "board_report_unread")
FIXED = {"kind", "key", "align", "currency", "amount", "id"}


class Page(HTMLParser):
    """The elements of a page with their attributes, apart from what is written as Markdown; and every text in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple] = []
        self.prose: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.texts += [value or "" for value in told.values()]
        if self.depth:
            self.depth += tag == "div"
            self.prose.append((tag, told))
            return
        if tag == "div" and told.get("class") == "dl-prose":
            self.depth = 1
        if tag != "br":
            leads = tuple((name, told[name]) for name in sorted(LEADS & set(told)))
            self.shape.append((tag, tuple(sorted(told)), leads))

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth) and tag == "div"

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def said(self) -> str:
        return close(" ".join(self.texts))


class Outside:
    """What this process opens, starts and calls, while it is listened to; the interpreter itself tells it."""

    def __init__(self) -> None:
        self.on, self.opened, self.reached = False, set(), []
        sys.addaudithook(self.hear)

    def hear(self, event, told):
        if not self.on:
            return
        if event == "open" and isinstance(told[0], str | bytes):
            self.opened.add(os.fsdecode(told[0]))
        elif event in ("subprocess.Popen", "os.system", "urllib.Request", "os.exec"):
            self.reached.append((event, told))
        elif event in ("socket.connect", "socket.getaddrinfo"):
            address = told[1] if event == "socket.connect" else told[0]
            # The database and the cache of the tests.
            if not (isinstance(address, tuple) and address[1] in (5432, 6379)):
                self.reached.append((event, address))

    @contextlib.contextmanager
    def listening(self):
        self.on = True
        try:
            yield
        finally:
            self.on = False

    def strange(self) -> list[str]:
        ours = (
            str(ROOT),
            sys.prefix,
            sys.base_prefix,
            str(Path(sys.prefix).resolve()),
            "/usr/share",
        )
        return [
            one for one in sorted(self.opened) if one.startswith("/") and not one.startswith(ours)
        ]


OUTSIDE = Outside()


@dataclass
class Read:
    """One report, and everybody who reads it."""

    cast: Any
    report: BoardReport
    contributor: str
    browsers: dict[str, Browser]
    key: Any


@pytest.fixture
def read(cast, page, api) -> Read:
    """A correction, with two questions to the board, somebody outside who was asked, and a letter that it is due."""
    ada = make.actor(cast.ada)
    former = boarding.issued(cast, boarding.opened(cast, build.engagement(cast)))
    report = board_opening.open_edition(former, correction=PLAIN, by=ada, at=NOW)
    for _ in range(2):
        board_asks.add(report, question=PLAIN, options=[PLAIN, "No"], by=ada, at=NOW)
    build.tick(AgendaEntry.objects.get(kind=board_dates.DUE, status="open").due_at)
    section = BoardSection.objects.filter(report=report).first()
    later = timezone.now() + datetime.timedelta(days=7)
    link, _ = board_contributors.ask(
        section, person=PLAIN, question=PLAIN, expires_at=later, by=ada, at=timezone.now()
    )
    Contribution.objects.filter(pk=link.pk).update(token_hash=keys.digest("outside"))
    who = {"ada": page(cast.ada), "marta": page(cast.marta), "nobody": Browser()}
    return Read(cast, report, "/contributions/outside/", who, api(cast.marta))


def put(value, words, name=""):
    """Every text of the figures is these words; a value that is none stays none."""
    if isinstance(value, dict):
        return {key: put(inner, words, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [put(inner, words, name) for inner in value]
    return words if isinstance(value, str) and value and name not in FIXED else value


def cut(words: str, model, field: str) -> str:
    return words[: model._meta.get_field(field).max_length]


def written(report: BoardReport, words: str) -> None:
    """Into the rows themselves, past the verbs: what a verb would refuse is no excuse for a page."""
    told = {
        name: cut(words, BoardReport, name) for name in ("title", "cover_line", "confidentiality")
    }
    told |= {"review_note": words, "correction": words[:2000]}
    BoardReport.objects.filter(pk=report.pk).update(figures=figures(report, words), **told)
    sections = BoardSection.objects.filter(report=report)
    named = {name: cut(words, BoardSection, name) for name in ("title", "writer")}
    sections.update(words=words, **named)
    question = cut(words, BoardAsk, "question")
    BoardAsk.objects.filter(report=report).update(
        question=question, context=words, options=[words, "No"]
    )
    Contribution.objects.filter(report=report).update(
        person=cut(words, Contribution, "person"),
        question=words[:2000],
        answer=words,
        answered_at=NOW,
    )
    Contact.objects.update(name=cut(words, Contact, "name"))
    Practice.objects.filter(pk=report.practice_id).update(name=cut(words, Practice, "name"))
    Client.objects.filter(pk=report.client_id).update(name=cut(words, Client, "name"))
    Engagement.objects.filter(pk=report.engagement_id).update(name=cut(words, Engagement, "name"))
    User.objects.update(name=cut(words, User, "name"))


def figures(report: BoardReport, words: str):
    """Names of vendors, systems, persons and deliverables stand here; numbers of charts stay numbers."""
    told = put(report.figures, words)
    for key, section in told["sections"].items():
        for one, was in zip(
            section["charts"], report.figures["sections"][key]["charts"], strict=True
        ):
            for series, before in zip(one["series"], was["series"], strict=True):
                for point, old in zip(series["points"], before["points"], strict=True):
                    point["value"] = old["value"]
    return told


def answered(report: BoardReport, words: str, cast: Any) -> None:
    """The first of its questions, elsewhere."""
    BoardAnswer.objects.create(
        practice_id=report.practice_id,
        client_id=report.client_id,
        engagement_id=report.engagement_id,
        report=report,
        ask=BoardAsk.objects.filter(report=report).first(),
        chosen=1,
        note=words[:4000],
        contact=cast.marta,
        recorded_by=cast.ada,
        evidence_note=words[:2000],
        not_logged=words[:300],
        created_at=NOW,
    )


def freeze(report: BoardReport, cast: Any) -> dict:
    report = BoardReport.objects.select_related("client", "engagement__client").get(pk=report.pk)
    content = board_content.document(report, at=NOW)
    BoardReport.objects.filter(pk=report.pk).update(
        status="issued",
        content=canonical.text(content),
        sha256=SEAL["hash"],
        submitted_at=NOW,
        reviewed_at=NOW,
        reviewed_by=cast.olu,
        issued_at=NOW,
        issued_by=cast.ada,
    )
    return content


def seen(read: Read, words: str) -> dict[str, Page]:
    """Every page on which the report is read, and the letter about it; JSON gives them back."""

    def shown(who: str, path: str) -> Page:
        answer = read.browsers[who].get(path)
        assert answer.status_code == 200, path
        return Page(answer.content.decode())

    report = read.report
    desk, portal = f"/desk/deliverables/boardreport/{report.pk}/change/", "/portal/board-reports/"
    with transaction.atomic():
        written(report, words)
        found = {"desk": shown("ada", desk), "contributor": shown("nobody", read.contributor)}
        BoardReport.objects.filter(pk=report.pk).update(submitted_at=NOW, reviewer=read.cast.olu)
        found |= letters(report, board_dates.DUE, WHILE_WRITTEN, words)
        content = freeze(report, read.cast)
        answered(report, words, read.cast)
        found["desk, issued"] = shown("ada", desk)
        found["portal"] = shown("marta", f"{portal}{report.pk}/?back=1")
        found["portal, all"] = shown("marta", portal)
        board_dates.ask_board(fresh(report), at=NOW)
        build.tick(NOW)
        found |= letters(report, board_dates.READING, ONCE_ISSUED, words)
        answer = read.key.get(f"board-reports/{report.pk}/document/")
        assert answer["Content-Type"] == "application/json"
        assert answer.json()["content"] == content
        transaction.set_rollback(True)
    return found


def fresh(report: BoardReport) -> BoardReport:
    return BoardReport.objects.select_related("client").get(pk=report.pk)


def letters(report: BoardReport, entry: str, kinds: tuple[str, ...], words: str) -> dict[str, Page]:
    notice = Notice.objects.filter(entry__kind=entry, entry__subject_id=report.pk).first()
    return {kind: letter(notice, kind, words) for kind in kinds}


def letter(notice: Notice, kind: str, words: str) -> Page:
    made = notices.LETTERS[kind](notice, NOW)
    assert not set("\r\n") & set(made.subject)
    assert close(cut(words, BoardReport, "title")) in close(made.text)
    return Page(made.html)


def only_words(page: Page, words: str) -> None:
    assert close(words[:120]) in page.said
    for tag, told in page.prose:
        assert tag in markdown.TAGS
        assert set(told) <= {"href", "title", "rel", "start", "scope", "class"}
        assert told.get("href", "http:").startswith(("http:", "https:", "mailto:"))


# What a page makes of a text is the same whichever engine kept it: the second keeps an eighth of them.
@pytest.mark.long
@pytest.mark.parametrize("group", range(1 if AGAIN else GROUPS))
def test_whatever_stands_in_a_report_is_text_on_every_page_and_in_letters(group, read):
    plain = seen(read, PLAIN)
    them = [text.replace("\x00", "") for text in CORPUS[group::GROUPS]]
    with OUTSIDE.listening():
        for words in filter(str.strip, them):
            for name, one in seen(read, words).items():
                assert one.shape == plain[name].shape, (name, words)
                only_words(one, words)
    assert OUTSIDE.reached == []
    assert OUTSIDE.strange() == []


def test_there_are_two_hundred_of_them():
    assert len(CORPUS) >= 200
