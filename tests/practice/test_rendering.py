"""Papers set by a worker: asked for once, claimed by one, tried five times, kept as files; a crash loses none."""

import datetime
import hashlib
import io
from datetime import timedelta

import pypdf
import pytest

from practice import access, file_store, pdf, rendering, typesetting
from practice.models import Client, Event, Rendering, StoredFile
from practice.refusals import NotAllowed, NotFound
from practice.rendering import LEASE, Paper
from tests import make
from tests.make import NOW

TEMPLATE = '#let d = json(bytes(sys.inputs.at("data")))\n#d.words'


class Kind:
    """A kind of thing to be set, whose words and template a test can change."""

    def __init__(self, folder, client):
        self.folder, self.client, self.words = folder, client, "Said."
        self.template(TEMPLATE)

    def template(self, text):
        (self.folder / "paper.typ").write_text(text)

    def __call__(self, by, id):
        access.get(by, Client, self.client.pk)
        return Paper(
            client_id=self.client.pk,
            template=self.folder / "paper.typ",
            data=lambda: {"words": self.words},
            sha256=hashlib.sha256(self.words.encode()).hexdigest(),
            name="Paper of Orchard.pdf",
        )


@pytest.fixture
def thing(cast, tmp_path, monkeypatch):
    kind = Kind(tmp_path, cast.orchard)
    monkeypatch.setitem(rendering.RENDERERS._entries, "thing", kind)
    return kind


def asked(cast, who=None, at=NOW) -> Rendering:
    return rendering.ask("thing", cast.orchard.pk, by=make.actor(who or cast.ada), at=at)


def drained(at=NOW) -> int:
    return rendering.drain(clock=lambda: at)


def words(stored: StoredFile) -> str:
    with file_store.opened(stored) as file:
        reader = pypdf.PdfReader(io.BytesIO(file.read()))
    return " ".join(page.extract_text() for page in reader.pages)


def told(row: Rendering) -> tuple:
    row.refresh_from_db()
    return row.status, row.step, row.percent, row.attempts, row.fault


def test_a_paper_is_asked_for_set_and_kept(cast, thing):
    row = asked(cast)
    assert told(row) == ("waiting", "asked", 0, 0, "")
    assert rendering.waiting(NOW)
    assert drained() == 1
    assert told(row) == ("done", "kept", 100, 1, "")
    assert (row.done_at, row.file.name, row.file.commercial) == (NOW, "Paper of Orchard.pdf", True)
    assert words(row.file) == "Said."
    assert not rendering.waiting(NOW + timedelta(days=1))
    assert drained(NOW + timedelta(days=1)) == 0


def test_who_asks_twice_gets_the_same_paper_and_what_changed_is_another(cast, thing):
    first, again = asked(cast), asked(cast, cast.olu)
    assert first.pk == again.pk
    thing.words = "Said otherwise."
    assert asked(cast).pk != first.pk
    kinds = Event.objects.filter(kind="rendering.asked").values_list("subject_id", flat=True)
    assert len(set(kinds)) == len(kinds) == 2


def test_what_changed_before_its_turn_is_not_set_as_what_it_was(cast, thing):
    row = asked(cast)
    thing.words = "Said otherwise."
    drained()
    assert told(row) == ("failed", "asked", 0, 1, "Outdated")
    assert StoredFile.objects.count() == 0


def test_a_worker_that_dies_costs_an_attempt_and_no_paper(cast, thing):
    row = asked(cast)
    # Claimed, and the worker is gone: nobody writes anything any more.
    assert rendering.claim(NOW).pk == row.pk
    assert rendering.claim(NOW) is None
    assert drained(NOW + LEASE - timedelta(seconds=1)) == 0
    assert told(row) == ("rendering", "reading", 10, 1, "")
    assert drained(NOW + LEASE) == 1
    assert told(row) == ("done", "kept", 100, 2, "")


def test_who_lost_the_lease_leaves_nothing_behind(cast, thing):
    asked(cast)
    slow = rendering.claim(NOW)
    quick = rendering.claim(NOW + LEASE)
    rendering.render(quick, lambda: NOW + LEASE)
    rendering.render(slow, lambda: NOW + LEASE)
    assert told(quick) == ("done", "kept", 100, 2, "")
    assert StoredFile.objects.count() == 1


def test_after_five_deaths_it_is_given_up_and_tried_again_by_hand(cast, thing):
    row = asked(cast)
    for n in range(5):
        assert rendering.claim(NOW + n * LEASE).status == "rendering"
    later = NOW + 5 * LEASE
    assert drained(later) == 1
    assert told(row) == ("failed", "reading", 10, 5, "WorkerLost")
    assert drained(later + LEASE) == 0
    rendering.retry(row, by=make.actor(cast.ada), at=later)
    assert told(row) == ("waiting", "asked", 0, 0, "WorkerLost")
    assert drained(later) == 1
    assert told(row) == ("done", "kept", 100, 1, "")


def test_what_cannot_be_set_is_tried_five_times_further_and_further_apart(cast, thing):
    thing.template("#panic()")
    row, at, waits = asked(cast), NOW, []
    for _ in range(4):
        assert drained(at) == 1
        row.refresh_from_db()
        waits.append((row.due_at - at).total_seconds())
        at = row.due_at
    assert waits == [15, 60, 240, 960]
    drained(at)
    assert told(row) == ("failed", "asked", 0, 5, "NotSet")


def test_one_that_fails_does_not_stop_the_others(cast, thing):
    thing.template(TEMPLATE.replace("#d.words", '#if d.words == "bad" { panic() }\n#d.words'))
    thing.words = "bad"
    bad = asked(cast)
    assert drained() == 1
    thing.words = "good"
    good = asked(cast)
    assert drained() == 1
    assert (told(bad)[0], told(good)[0]) == ("waiting", "done")


def test_only_what_was_given_up_is_tried_again_by_hand(cast, thing):
    row = asked(cast)
    with pytest.raises(rendering.NotFailed):
        rendering.retry(row, by=make.actor(cast.ada), at=NOW)
    drained()
    with pytest.raises(rendering.NotFailed):
        rendering.retry(row, by=make.actor(cast.ada), at=NOW)


def test_nobody_asks_for_or_retries_what_they_do_not_see(cast, thing):
    for stranger in (cast.ben, cast.zoe):
        with pytest.raises(NotFound):
            asked(cast, stranger)
    row = asked(cast)
    for stranger in (cast.olu, cast.ben, cast.zoe):
        visible = access.visible_to(make.actor(stranger), Rendering)
        assert visible.filter(pk=row.pk).exists() == (stranger is cast.olu)
    with pytest.raises(NotAllowed):
        asked(cast, cast.priya)
    with pytest.raises(NotAllowed):
        rendering.retry(row, by=make.actor(cast.ben), at=NOW)


def test_the_finished_paper_is_for_whoever_sees_the_thing_itself(cast, thing):
    assert rendering.standing("thing", cast.orchard.pk, by=make.actor(cast.ada)) is None
    asked(cast)
    assert rendering.file("thing", cast.orchard.pk, by=make.actor(cast.ada)) is None
    drained()
    found = rendering.file("thing", cast.orchard.pk, by=make.actor(cast.priya))
    assert found == StoredFile.objects.get()
    for stranger in (cast.ben, cast.ravi, cast.zoe):
        with pytest.raises(NotFound):
            rendering.file("thing", cast.orchard.pk, by=make.actor(stranger))


def test_pages_that_take_too_long_or_too_much_take_only_their_own_process_along(tmp_path):
    template = tmp_path / "hungry.typ"
    template.write_text("#let n = 0\n#while true { n += 1; if n < 0 { break } }")
    with pytest.raises(typesetting.NotSet):
        typesetting.apart(template, {}, seconds=1.5)
    template.write_text('#("x" * 3000000000)')
    with pytest.raises(typesetting.NotSet):
        typesetting.apart(template, {})


def test_apart_and_within_the_same_pages_are_made(tmp_path):
    template = tmp_path / "paper.typ"
    template.write_text(TEMPLATE)
    data = {"words": "果樹園", "on": datetime.date(2026, 1, 2)}
    assert typesetting.apart(template, data) == pdf.render(template, data)
