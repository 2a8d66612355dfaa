"""The demo's decision log: every state, one beyond its limit, and two that stand side by side."""

from collections import Counter

from django.utils import timezone

from deliverables import catalogue
from deliverables.models import (
    Agreement,
    Comment,
    Decision,
    Deliverable,
    DeliverableVersion,
    Pack,
    Release,
    Score,
)
from engagements.models import Finding
from practice import demo


def test_the_demo_holds_decisions_of_every_state_and_what_the_radar_says_of_them(db):
    demo.load(timezone.now())

    assert Counter(Decision.objects.values_list("status", flat=True)) == {
        "decided": 9,
        "awaiting": 1,
        "rejected": 1,
        "superseded": 1,
        "proposed": 1,
    }
    waits = Decision.objects.get(status="awaiting")
    assert (waits.over_limit, waits.hat) == (True, "CTO")
    assert Agreement.objects.get(given_at=None, decision__status="awaiting").decision == waits
    assert Score.objects.count() == 2
    found = Finding.objects.filter(cleared_at=None, code__in=["FM-05", "FM-14"])
    told = sorted(found.exclude(about="").values_list("code", "about"))
    assert told == [("FM-05", "DR-26"), ("FM-14", str(waits.number))]
    _deliverables_of_every_state()


def _deliverables_of_every_state():
    states = Counter(Deliverable.objects.values_list("status", flat=True))
    assert set(states) == set(Deliverable.Status)
    answers = set(Release.objects.values_list("state", flat=True))
    assert answers == {"open", "accepted", "remarks", "changes", "rejected", "voided"}
    marmalade = Deliverable.objects.filter(client__name="Marmalade Insurance")
    pack = marmalade.filter(code__in=catalogue.catalogue().packs["governance"].kinds)
    assert pack.filter(accepted__isnull=False).count() == 7
    assert list(Pack.objects.values_list("key", flat=True)) == ["governance"]
    paper = DeliverableVersion.objects.get(media_type="application/pdf")
    assert (paper.deliverable.code, paper.deliverable.status) == ("DV-16", "released")
    assert set(Comment.objects.values_list("internal", flat=True)) == {True, False}
    about = Finding.objects.filter(cleared_at=None, code="FM-06").values_list("about", flat=True)
    assert list(about) == ["bundled"]
