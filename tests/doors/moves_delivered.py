"""Valid calls for deliverables: what is owed, written, looked at, released, answered and said."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.moving import Body, Form, Move, always, nothing, of
from tests.doors.world import World

BEGUN = ("deliverable_version.begun", "deliverable.begun")


def _one(name: str, model: str) -> Callable[[World, str], Body]:
    return lambda world, place: {name: world.id(place, model)}


def _upload(world: World, place: str) -> Form:
    sent = SimpleUploadedFile("map.txt", b"Plain words", content_type="text/plain")
    return Form({"content": sent, "note": "N"})


def _release(world: World, place: str) -> Body:
    return {"to": [str(world.spare[place, "sponsor"].pk)], "answer_by": "2099-01-01"}


def _answered_elsewhere(world: World, place: str) -> Body:
    file = world.rows[place, "storedfile"]
    said = {"answer": "remarks", "remarks": "R", "note": "By letter", "criteria": [1]}
    contact = str(world.spare[place, "sponsor"].pk)
    return {"contact": contact, "evidence": str(file.pk), **said}


REVIEWED = "deliverable.reviewed"
IN_REVIEW, PLANNED, OPEN = "deliverable in review", "deliverable planned", "release open"
DRAFT = "deliverable draft version"
MOVES = {
    "POST deliverable-kinds/": Move(
        "ownkind", always(code="OWN-9", title="T", hat="CTO"), ("deliverable_kind.added",)
    ),
    "PATCH deliverable-kinds/{id}/": Move(
        "ownkind", always(title="Other"), ("deliverable_kind.changed",)
    ),
    "POST deliverable-kinds/{id}/retire/": Move("ownkind", nothing, ("deliverable_kind.retired",)),
    "POST deliverable-kinds/{id}/bring-back/": Move(
        "ownkind", nothing, ("deliverable_kind.brought_back",), at="kind retired"
    ),
    "POST deliverables/": Move(
        "deliverable", of("engagement", code="DV-05"), ("deliverable.planned",)
    ),
    # The plan is there already: asked for again, nothing is added to it.
    "POST deliverables/draw-up/": Move("deliverable", of("engagement"), ()),
    "PATCH deliverables/{id}/": Move(
        "deliverable", always(note="N"), ("deliverable.changed",), at=PLANNED
    ),
    "POST deliverables/{id}/drop/": Move(
        "deliverable", always(reason="Not needed"), ("deliverable.dropped",), at=PLANNED
    ),
    "POST deliverables/{id}/take-up/": Move(
        "deliverable", nothing, ("deliverable.taken_up",), at="deliverable dropped"
    ),
    "POST deliverables/{id}/begin/": Move("deliverable", always(text="T"), BEGUN, at=PLANNED),
    "POST deliverables/{id}/hand-in/": Move(
        "deliverable", _one("file", "storedfile"), BEGUN, at=PLANNED
    ),
    "POST deliverables/{id}/upload/": Move(
        "deliverable", _upload, ("file.kept", *BEGUN), at=PLANNED
    ),
    "POST deliverables/{id}/pass-on/": Move(
        "deliverable", always(note="Good"), (REVIEWED, "deliverable.review_passed"), at=IN_REVIEW
    ),
    "POST deliverables/{id}/send-back/": Move(
        "deliverable", always(note="No"), (REVIEWED, "deliverable.review_returned"), at=IN_REVIEW
    ),
    "POST deliverables/{id}/take-back/": Move(
        "deliverable",
        nothing,
        ("deliverable.review_withdrawn", "deliverable.taken_back"),
        at=IN_REVIEW,
    ),
    "POST deliverables/{id}/release/": Move(
        "deliverable",
        _release,
        (
            "release.made",
            "release.addressed",
            "deliverable_version.released",
            "deliverable.released",
        ),
        at="deliverable reviewed",
    ),
    "POST deliverables/{id}/comment/": Move(
        "deliverable", always(body="B", internal=True), ("deliverable.commented",)
    ),
    "PATCH deliverable-versions/{id}/": Move(
        "deliverableversion", always(text="Other"), ("deliverable.written",), at=DRAFT
    ),
    "POST deliverable-versions/{id}/submit/": Move(
        "deliverableversion",
        nothing,
        ("deliverable.submitted", "deliverable.review_asked", "deliverable.in_review"),
        at=DRAFT,
    ),
    "POST deliverable-versions/{id}/discard/": Move(
        "deliverableversion",
        nothing,
        ("deliverable.draft_discarded", "deliverable_version.discarded"),
        at=DRAFT,
    ),
    "POST deliverable-versions/{id}/link/": Move("deliverableversion", nothing, ()),
    "POST releases/{id}/withdraw/": Move(
        "release", nothing, ("release.withdrawn", "deliverable.withdrawn"), at=OPEN
    ),
    "POST releases/{id}/tick/": Move(
        "release", always(number=1), ("release.ticked",), at=OPEN, by="priya"
    ),
    "POST releases/{id}/untick/": Move(
        "release", always(number=2), ("release.unticked",), at=OPEN, by="priya"
    ),
    "POST releases/{id}/answer/": Move(
        "release",
        always(answer="changes", remarks="Shorter"),
        ("release.changes", "deliverable.changes"),
        at=OPEN,
        by="priya",
    ),
    "POST releases/{id}/answer-on-behalf/": Move(
        "release",
        _answered_elsewhere,
        ("release.ticked", "release.remarks", "deliverable.remarks"),
        at=OPEN,
    ),
    "POST releases/{id}/reply/": Move(
        "release", always(body="B"), ("deliverable.commented",), by="priya"
    ),
}
