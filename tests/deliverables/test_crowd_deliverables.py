"""Many at once, on either engine: some accept, some take back, some begin a new version. One outcome, and it fits."""

import os
from collections import Counter

import pytest
from django.db import connection

from deliverables import accepting, releasing, writing
from deliverables.models import Deliverable, Release
from practice.models import AgendaEntry
from practice.refusals import Refusal
from tests import cast as casting
from tests import make
from tests.deliverables import owing
from tests.doors.crowd import a_database_for_threads, at_once
from tests.engagements import build
from tests.make import NOW

CROWD = int(os.environ.get("REMIT_CROWD", "12"))
ROUNDS = int(os.environ.get("REMIT_ROUNDS", "1"))


def told(name, call):
    """What an API caller would be told: a success, or the status and code of the refusal."""
    try:
        call()
    except Refusal as refused:
        return f"{name}: {refused.status} {refused.code}"
    return f"{name}: done"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_take_back_and_write_anew_exactly_one_outcome_is_left():
    cast, answers = casting.build(), Counter()
    ada, priya = make.actor(cast.ada), make.actor(cast.priya)
    with a_database_for_threads():
        engagement = build.engagement(cast)
        for turn in range(ROUNDS):
            release = owing.released(cast, engagement, text=f"Round {turn}")
            row = release.deliverable

            def accept(release=release):
                said = {"answer": "remarks", "remarks": "Good"}
                accepting.answer(release, by=priya, at=NOW, **said)

            def withdraw(release=release):
                releasing.withdraw(release, by=ada, at=NOW)

            def anew(row=row, turn=turn):
                writing.begin(row, text=f"Round {turn} again", by=ada, at=NOW)

            verbs = {"accept": accept, "withdraw": withdraw, "anew": anew}
            calls = [list(verbs.items())[n % 3] for n in range(CROWD)]
            found = Counter(at_once([lambda one=one: told(*one) for one in calls], threads=CROWD))
            answers += found
            fits(Release.objects.get(pk=release.pk), Deliverable.objects.get(pk=row.pk), found)
    text = ", ".join(f"{answer} {count}" for answer, count in sorted(answers.items()))
    print(f"{connection.vendor}, {ROUNDS} rounds: {text}.")


def fits(release, row, found):
    """What was told, what is in the rows and what is on the agenda say the same."""
    shares = {name: sum(found[key] for key in found if key.startswith(name)) for name in NAMES}
    assert sum(shares.values()) == CROWD
    won = {name: found[f"{name}: done"] for name in NAMES}
    assert won["anew"] == 1
    assert (won["accept"], won["withdraw"]) in {(0, 0), (1, 0), (0, 1)}
    state = "remarks" if won["accept"] else "withdrawn" if won["withdraw"] else "voided"
    assert release.state == state
    # Taken back first, it no longer exists for the contact.
    gone = found["accept: 404 not_found"]
    assert found["accept: 409 release_closed"] + gone == shares["accept"] - won["accept"]
    assert gone == 0 or won["withdraw"]
    assert found["withdraw: 409 release_closed"] == shares["withdraw"] - won["withdraw"]
    assert found["anew: 409 draft_there"] == shares["anew"] - 1
    assert (row.status, row.latest.number, row.latest.state) == ("in_progress", 2, "draft")
    assert row.accepted_id == (release.pinned_id if won["accept"] else None)
    assert bool(release.receipt) == bool(won["accept"])
    entry = AgendaEntry.objects.get(kind="acceptance_deadline", subject_id=release.pk)
    assert entry.status == ("done" if won["accept"] else "cancelled")


NAMES = ("accept", "withdraw", "anew")
