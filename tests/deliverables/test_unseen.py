"""Client contacts never see drafts, internal comments or internal versions through any door: API, agenda, feed, portal."""

import re
from urllib.parse import urlsplit

import pytest

from deliverables import commenting, owed, reviewing, writing
from deliverables.models import DeliverableVersion, InternalReview
from practice.feeds import opening
from tests import make
from tests.callers import Caller
from tests.deliverables import owing
from tests.doors.routes import lists, operations
from tests.engagements import build
from tests.make import NOW

HIDDEN = (
    "draftword",
    "innerword",
    "noteword",
    "reviewword",
    "versionword",
    "titleword",
    "dropword",
)
LINK = re.compile(r'href="(/portal/[^"#]*)')


@pytest.fixture
def shown(cast, settings):
    """Priya has version 1; after it come an internal version, a review, a draft, and what is said of them inside."""
    settings.API_RATE_PER_MINUTE = 10**9
    engagement = build.engagement(cast)
    ada, olu = make.actor(cast.ada), make.actor(cast.olu)
    release = owing.released(cast, engagement, text="# Map\n\nWhat is for you.")
    row = release.deliverable
    commenting.comment(row, body="innerword", internal=True, by=ada, at=NOW)
    commenting.comment(row, body="For you", internal=False, by=ada, at=NOW)
    owed.change(row, note="noteword", by=ada, at=NOW)
    inner = writing.begin(row, text="versionword", note="versionword", by=ada, at=NOW)
    writing.submit(inner, by=ada, at=NOW)
    reviewing.send_back(row, note="reviewword", by=olu, at=NOW)
    draft = writing.begin(row, text="draftword", note="draftword", by=ada, at=NOW)
    commenting.comment(row, body="innerword", internal=True, pinned=draft, by=ada, at=NOW)
    other = owing.planned(engagement, cast.ada, code="DV-07", title="titleword")
    writing.begin(other, text="draftword", by=ada, at=NOW)
    gone = owing.planned(engagement, cast.ada, code="DV-02", title="titleword")
    owed.drop(gone, reason="dropword", by=ada, at=NOW)
    return release


def secrets(release):
    """Words and ids of what is not the client's to see."""
    versions = DeliverableVersion.objects.exclude(pk=release.pinned_id)
    reviews = InternalReview.objects.all()
    ids = [str(row.pk) for rows in (versions, reviews) for row in rows]
    ids += list(versions.values_list("sha256", flat=True))
    return (*HIDDEN, *ids)


def told(release, answer, *besides):
    text = answer.content.decode("utf-8", "replace").lower()
    return [word for word in secrets(release) if word in text and word not in besides]


def people(cast):
    viewer = make.user("viewer@orchard.test", "Vera")
    vera = make.contact(cast.orchard, "Vera", "viewer", viewer, email=viewer.email)
    return {"priya": cast.priya, "marta": cast.marta, "vera": vera, "ravi": cast.ravi}


def test_no_list_no_row_no_expansion_and_no_filter_tells_of_it(cast, shown):
    found = []
    for name, person in people(cast).items():
        caller = Caller(person)
        for operation in lists():
            expands = ",".join(list(operation.view.shape.expands)[:3])
            for query in ("", f"?expand={expands}" if expands else "?limit=1"):
                answer = caller.get(f"{operation.path()}{query}")
                found += [(name, operation.name, word) for word in told(shown, answer)]
        for operation in operations():
            if operation.of_one and operation.method == "GET":
                for hidden in rows_hidden(shown, operation.view.model):
                    answer = caller.get(operation.path(hidden))
                    assert answer.status_code == 404, (name, operation.name)
    assert found == []


def rows_hidden(release, model):
    """Ids of rows of a model that no contact may open."""
    name = model._meta.model_name
    if name == "deliverableversion":
        return model.objects.exclude(pk=release.pinned_id).values_list("pk", flat=True)
    if name == "comment":
        return model.objects.filter(internal=True).values_list("pk", flat=True)
    if name in ("deliverable", "internalreview"):
        return model.objects.values_list("pk", flat=True)
    return []


@pytest.mark.parametrize("person", ["priya", "marta", "ravi"])
def test_what_is_there_cannot_be_counted_searched_or_ordered_out(cast, shown, person):
    caller, named = Caller(getattr(cast, person)), person == "priya"

    def rows(path):
        return len(caller.get(path).json()["results"])

    assert rows("deliverable-versions/") == (1 if named else 0)
    assert rows("releases/") == (1 if named else 0)
    assert rows("deliverable-comments/") == (1 if named else 0)
    assert rows("deliverable-comments/?internal=true") == 0
    for draft in DeliverableVersion.objects.exclude(pk=shown.pinned_id):
        assert rows(f"deliverable-versions/?sha256={draft.sha256}") == 0
        assert rows(f"deliverable-comments/?pinned={draft.pk}") == 0
        assert rows(f"releases/?pinned={draft.pk}") == 0
    assert rows("deliverable-versions/?state=draft") == 0
    assert rows("releases/?q=titleword") == 0
    for order in ("words", "text", "-size", "note"):
        assert caller.get(f"deliverable-versions/?order={order}").status_code == 400
    for path in ("deliverables/", "internal-reviews/", "events/", "packs/"):
        assert caller.get(path).status_code == 403


def test_comparing_and_previewing_reach_no_other_version(cast, shown):
    caller, own = Caller(cast.priya), f"deliverable-versions/{shown.pinned_id}/"
    for door in ("", "content/", "diff/", "preview/"):
        answer = caller.get(own + door)
        assert (answer.status_code, told(shown, answer)) == (200, []), door
    for draft in DeliverableVersion.objects.exclude(pk=shown.pinned_id):
        assert caller.get(f"{own}diff/?against={draft.pk}").status_code == 404


def test_no_agenda_and_no_feed_tells_of_it(cast, shown):
    for person in people(cast).values():
        assert told(shown, Caller(person).get("agenda/?limit=200")) == []
        actor = make.actor(person)
        _, address = opening.open_feed(by=actor, at=NOW)
        answer = Caller().browser.get(urlsplit(address).path)
        assert (answer.status_code, told(shown, answer)) == (200, [])


def test_no_page_of_the_portal_tells_of_it(cast, shown, page):
    for person in people(cast).values():
        browser, waiting, seen = page(person), ["/portal/"], set()
        while waiting:
            path = waiting.pop()
            if path in seen or "logout" in path or len(seen) > 80:
                continue
            seen.add(path)
            answer = browser.get(path)
            if answer.status_code != 200 or getattr(answer, "streaming", False):
                continue
            assert told(shown, answer) == [], path
            waiting += LINK.findall(answer.content.decode("utf-8", "replace"))
        assert len(seen) > 5


def test_the_words_are_there_for_those_who_may_read_them(cast, shown):
    """Otherwise the tests above would prove nothing."""
    caller, found = Caller(cast.ada), ""
    for operation in lists():
        if operation.view.__module__.startswith("deliverables.") or "events" in operation.name:
            found += caller.get(f"{operation.path()}?limit=200").content.decode()
    for version in DeliverableVersion.objects.all():
        found += caller.get(f"deliverable-versions/{version.pk}/").content.decode()
    assert [word for word in secrets(shown) if word not in found] == []
