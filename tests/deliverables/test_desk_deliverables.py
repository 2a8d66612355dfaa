"""Deliverables at the desk over HTTP: one row with every verb on it, the editor, versions, comments and who may what."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deliverables import commenting, opened, writing
from deliverables.models import Comment, Deliverable, DeliverableVersion, Release
from engagements.desk.engagement_page import under
from practice.desk import desk
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def row(cast):
    return build.engagement(cast)


@pytest.fixture
def owed(cast, row):
    return owing.planned(row, cast.ada)


def text(answer) -> str:
    return answer.content.decode()


def do(browser, deliverable, name, **said):
    answer = browser.post(under(deliverable, name), said)
    assert answer.status_code == 302, answer.context["form"].errors
    deliverable.refresh_from_db()
    return deliverable


def offers(browser, deliverable) -> set[str]:
    return {one["page"].name for one in browser.get(desk.page_of(deliverable)).context["pages"]}


def test_the_whole_way_from_plan_to_answer(cast, page, owed):
    ada, olu = page(cast.ada), page(cast.olu)
    answer = ada.post(under(owed, "begin"), {"note": "First"})
    assert answer.headers["Location"] == under(owed, "write")
    draft = DeliverableVersion.objects.get()
    assert "# AI capability map" in draft.text
    said = {"text": "# Map\n\nTwo words.", "note": "Short", "seen_version": draft.version}
    do(ada, owed, "write", **said)
    draft.refresh_from_db()
    assert (draft.text, draft.words, draft.note) == ("# Map\n\nTwo words.", 3, "Short")
    assert do(ada, owed, "submit", reviewer=cast.olu.pk).status == "in_review"
    assert do(olu, owed, "pass", note="Good.").status == "reviewed"
    day = timezone.now().date() + datetime.timedelta(days=9)
    do(ada, owed, "release", to=[cast.priya.pk], answer_by=day.isoformat(), message="Please read.")
    release = Release.objects.get()
    assert (owed.status, release.answer_by, release.message) == ("released", day, "Please read.")
    said = {
        "contact": cast.priya.pk,
        "answer": "accepted",
        "criteria": list(range(1, len(release.criteria) + 1)),
        "note": "In the weekly call.",
        "evidence": SimpleUploadedFile("minutes.pdf", PDF),
    }
    assert do(ada, owed, "on-behalf", **said).status == "accepted"
    shown = text(ada.get(desk.page_of(owed)))
    assert "Ada put it down: In the weekly call." in shown
    evidence = f"{under(owed, 'evidence')}?release={release.pk}"
    assert (evidence in shown, ada.get(evidence).content) == (True, PDF)
    for wrong in ("", "?release=x", f"?release={owed.pk}"):
        assert ada.get(f"{under(owed, 'evidence')}{wrong}").status_code == 404
    assert "found met by Priya" in shown


def test_what_is_offered_fits_the_state_and_who_asks(cast, page, owed):
    ada, olu = page(cast.ada), page(cast.olu)
    assert offers(ada, owed) == {"begin", "upload", "edit", "day", "drop"}
    version = owing.written(owed, cast.ada)
    assert offers(ada, owed) == {"write", "submit", "discard", "edit", "day", "drop"}
    writing.submit(version, by=make.actor(cast.ada), at=NOW)
    # Somebody else works for the client, so nobody passes on what they wrote.
    assert offers(ada, owed) == {"send-back", "take-back", "edit", "day", "drop"}
    assert offers(olu, owed) == {"pass", "send-back", "take-back", "edit", "day", "drop"}
    do(olu, owed, "pass")
    assert offers(ada, owed) == {"release", "begin", "upload", "edit", "day", "drop"}
    do(ada, owed, "release", to=[cast.priya.pk])
    assert offers(ada, owed) == {"on-behalf", "withdraw", "begin", "upload", "edit"}
    do(ada, owed, "withdraw")
    do(ada, owed, "drop", reason="Not wanted.")
    assert offers(ada, owed) == {"take-up"}
    assert do(ada, owed, "take-up").status == "in_progress"


def test_an_associate_writes_and_reviews_and_does_not_plan_or_release(cast, page, owed):
    make.assignment(cast.ben, cast.orchard)
    ben = page(cast.ben)
    assert offers(ben, owed) == {"begin", "upload"}
    for name in ("edit", "day", "drop", "release", "withdraw", "on-behalf"):
        assert ben.post(under(owed, name), {"reason": "No."}).status_code == 404


def test_nobody_releases_where_nobody_at_the_client_could_answer(cast, page, owed):
    owing.reviewed(owed, cast.ada, cast.olu)
    for contact in (cast.priya, cast.marta):
        contact.active = False
        contact.save()
    type(cast.priya).objects.filter(client=cast.orchard).exclude(role="viewer").update(active=False)
    assert "release" not in offers(page(cast.ada), owed)


def test_sent_back_and_taken_back_it_is_written_again(cast, page, owed):
    ada, olu = page(cast.ada), page(cast.olu)
    writing.submit(owing.written(owed, cast.ada), by=make.actor(cast.ada), at=NOW)
    assert do(olu, owed, "send-back", note="Name an owner.").status == "in_progress"
    assert "Name an owner." in text(ada.get(desk.page_of(owed)))
    do(ada, owed, "begin")
    do(ada, owed, "submit")
    assert do(ada, owed, "take-back").status == "in_progress"
    do(ada, owed, "begin", note="Third")
    assert do(ada, owed, "discard").versions.count() == 2


def test_alone_one_passes_on_one_s_own_with_a_reason(cast, page, owed):
    version = owing.written(owed, cast.olu)
    type(cast.ada).objects.filter(practice=cast.ada.practice).exclude(pk=cast.olu.pk).update(
        active=False
    )
    olu = page(cast.olu)
    assert "Nobody else is here" in text(olu.get(under(owed, "submit")))
    writing.submit(version, by=make.actor(cast.olu), at=NOW)
    answer = olu.post(under(owed, "pass"), {"note": "", "self_reason": ""})
    assert answer.context["form"].errors == {"self_reason": ["This field is required."]}
    assert do(olu, owed, "pass", self_reason="I work alone.").status == "reviewed"


def test_a_file_is_handed_in_once_and_not_under_another_hat(cast, page, row, owed):
    ada = page(cast.ada)
    do(ada, owed, "upload", file=SimpleUploadedFile("map.pdf", PDF), note="Scanned")
    version = DeliverableVersion.objects.get()
    assert (version.form, version.file.name, version.media_type) == (
        "file",
        "map.pdf",
        "application/pdf",
    )
    shown = text(ada.get(desk.page_of(owed)))
    assert ("map.pdf" in shown, version.sha256[:12] in shown) == (True, True)
    taken = ada.get(f"{under(owed, 'take')}?number=1")
    assert taken.content == PDF
    assert taken.headers["Content-Disposition"] == 'attachment; filename="map.pdf"'
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    other = owing.planned(row, cast.ada, code="DV-01")
    answer = ada.post(under(other, "upload"), {"file": SimpleUploadedFile("roadmap.pdf", PDF)})
    assert "each hat delivers its own" in text(answer)
    assert other.versions.count() == 0


def test_a_text_saved_by_somebody_else_meanwhile_is_not_overwritten_unseen(cast, page, owed):
    draft = owing.written(owed, cast.ada, "One.\nTwo.")
    seen = draft.version
    writing.revise(draft, text="One.\nTheirs.", by=make.actor(cast.olu), at=NOW)
    said = {"text": "One.\nMine.", "note": "", "seen_version": seen}
    ada = page(cast.ada)
    answer = ada.post(under(owed, "write"), said)
    shown = text(answer)
    assert "Somebody saved this meanwhile" in shown
    assert ("<del>Theirs.</del>" in shown, "<ins>Mine.</ins>" in shown) == (True, True)
    assert answer.context["form"].data["text"] == "One.\nMine."
    draft.refresh_from_db()
    assert draft.text == "One.\nTheirs."
    do(ada, owed, "write", **said | {"seen_version": answer.context["seen"]})
    draft.refresh_from_db()
    assert draft.text == "One.\nMine."


def test_the_preview_shows_and_does_not_save(cast, page, owed):
    draft = owing.written(owed, cast.ada, "Old.")
    ada = page(cast.ada)
    said = {"text": "# New <script>x</script>", "note": "", "seen_version": draft.version}
    answer = ada.post(under(owed, "write"), said | {"look": "1"})
    made = "<h2>New &lt;script&gt;x&lt;/script&gt;</h2>"
    assert made in text(answer)
    assert made in text(ada.post(under(owed, "preview"), said))
    draft.refresh_from_db()
    assert draft.text == "Old."


def test_without_a_draft_the_editor_leads_back(cast, page, owed):
    answer = page(cast.ada).get(under(owed, "write"))
    assert answer.headers["Location"] == desk.page_of(owed)


def test_two_texts_are_compared_line_by_line_with_words(cast, page, owed):
    first = owing.written(owed, cast.ada, "# Map\n\nOne.\nTwo.")
    writing.submit(first, by=make.actor(cast.ada), at=NOW)
    ada = page(cast.ada)
    assert "There is nothing to compare yet" in text(ada.get(under(owed, "diff")))
    do(ada, owed, "take-back")
    owing.written(owed, cast.ada, "# Map\n\nOne.\nThree.\nFour.")
    shown = text(ada.get(f"{under(owed, 'diff')}?from=1&to=2"))
    for words in (
        "2 lines added, 1 removed.",
        '<span class="ow-mark">Removed</span><del>Two.</del>',
        '<span class="ow-mark">Added</span><ins>Three.</ins>',
    ):
        assert words in shown
    last = ada.get(under(owed, "diff")).context
    assert (last["old"].number, last["new"].number) == (1, 2)
    for numbers in ("from=1&to=9", "from=x&to=1", "from=1"):
        assert ada.get(f"{under(owed, 'diff')}?{numbers}").status_code == 404


def test_a_version_is_read_as_it_will_be_and_taken_as_it_is(cast, page, owed):
    owing.written(owed, cast.ada, "# Map\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    ada = page(cast.ada)
    assert "<td>1</td>" in text(ada.get(f"{under(owed, 'version')}?number=1"))
    taken = ada.get(f"{under(owed, 'take')}?number=1")
    assert text(taken) == "# Map\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert taken.headers["Content-Disposition"] == (
        'attachment; filename="dv-05-ai-capability-map-v1.md"'
    )
    for number in ("", "0", "2", "²", "99999999999"):
        assert ada.get(f"{under(owed, 'version')}?number={number}").status_code == 404


def test_what_is_said_inside_and_to_the_client_goes_two_ways(cast, page, row):
    release = owing.released(cast, row)
    owed, ada = release.deliverable, page(cast.ada)
    shown = ada.get(desk.page_of(owed))
    assert ("Say it among ourselves" in text(shown), "Say it to the client" in text(shown)) == (
        True,
        True,
    )
    do(ada, owed, "say-inside", body="Weak on data.")
    do(ada, owed, "say-to-client", body="Please look at part two.")
    commenting.reply(release, body="I did.", by=make.actor(cast.priya), at=NOW)
    told = list(Comment.objects.order_by("id").values_list("body", "internal"))
    assert told == [
        ("Weak on data.", True),
        ("Please look at part two.", False),
        ("I did.", False),
    ]
    shown = ada.get(desk.page_of(owed)).context
    assert [one.body for one in shown["inside"]] == ["Weak on data."]
    assert [one.body for one in shown["outside"]] == ["Please look at part two.", "I did."]


def test_nothing_is_said_to_a_client_who_has_seen_nothing(cast, page, owed):
    ada = page(cast.ada)
    assert "Say it to the client" not in text(ada.get(desk.page_of(owed)))
    answer = ada.post(under(owed, "say-to-client"), {"body": "Soon."})
    assert "The client has not seen it" in text(answer)
    assert Comment.objects.count() == 0


def test_who_opened_what_is_shown(cast, page, row):
    release = owing.released(cast, row, to=[cast.priya, cast.marta])
    for minutes in (0, 90):
        at = NOW + datetime.timedelta(minutes=minutes)
        opened.note(release, by=make.actor(cast.priya), at=at)
    (told,) = page(cast.ada).get(desk.page_of(release.deliverable)).context["releases"]
    assert [(one.contact.name, one.times_opened) for one in told["recipients"]] == [
        ("Marta", 0),
        ("Priya", 2),
    ]


def test_day_title_owner_and_criteria_are_changed_each_by_its_page(cast, page, owed):
    ada = page(cast.ada)
    day = timezone.now().date() + datetime.timedelta(days=30)
    owed = do(ada, owed, "day", due_on=day.isoformat())
    assert (owed.due_on, owed.due_fixed) == (day, True)
    said = {"title": "The map", "owner": cast.olu.pk, "criteria": "One.\n\nTwo.", "note": "N"}
    owed = do(ada, owed, "edit", **said)
    assert (owed.title, owed.owner, owed.criteria, owed.note) == (
        "The map",
        cast.olu,
        ["One.", "Two."],
        "N",
    )
    answer = ada.post(under(owed, "edit"), {**said, "owner": cast.ben.pk})
    assert "owner" in answer.context["form"].errors
    answer = ada.post(under(owed, "drop"), {"reason": " "})
    assert "reason" in answer.context["form"].errors


def test_what_the_client_has_is_changed_in_owner_and_note_alone(cast, page, row):
    owed = owing.released(cast, row).deliverable
    form = page(cast.ada).get(under(owed, "edit")).context["form"]
    assert set(form.fields) == {"owner", "note"}


@pytest.mark.parametrize(
    "name",
    [
        "write",
        "begin",
        "submit",
        "pass",
        "release",
        "edit",
        "version",
        "diff",
        "take",
        "say-inside",
    ],
)
def test_pages_of_a_deliverable_one_does_not_see_are_not_there(cast, page, owed, name):
    owing.written(owed, cast.ada)
    for who in (cast.ben, cast.zoe, cast.fin):
        answer = page(who).get(f"{under(owed, name)}?number=1")
        assert answer.status_code == 404
    assert Deliverable.objects.get().status == "in_progress"
