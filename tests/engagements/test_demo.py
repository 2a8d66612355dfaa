"""The demo's engagements: clients at every point of the spectrum, findings, batches, and answers that wait."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from engagements.models import (
    BillingBatch,
    Charter,
    Engagement,
    Finding,
    Move,
    Stage,
    TimeEntry,
)
from practice import demo

# Loaded late in the evening the demo once refused its own story: it is tomorrow already where its clients are.
MOMENTS = (None, datetime.datetime(2026, 11, 21, 22, 30, tzinfo=datetime.UTC))


@pytest.mark.parametrize("moment", MOMENTS, ids=["now", "evening"])
def test_the_demo_holds_clients_at_every_point_and_state(db, moment):
    demo.load(moment or timezone.now())
    there = Stage.objects.filter(until_on=None).values_list("point", "phase")
    assert Counter(there) == {
        ("ADVISORY", ""): 1,
        ("SPRINT", ""): 1,
        ("RETAINER", "first_90_days"): 2,
        ("RETAINER", "months_4_12"): 1,
        ("RETAINER", "year_2_on"): 1,
        ("RETAINER_HIGH", "months_4_12"): 1,
        ("FULL_TIME", ""): 1,
    }
    assert Counter(Engagement.objects.values_list("status", flat=True)) == {
        "active": 7,
        "paused": 1,
        "draft": 1,
        "proposed": 1,
        "ended": 1,
    }
    found = Finding.objects.filter(cleared_at=None).values_list("code", flat=True)
    assert set(found) == {
        *("FM-01", "FM-02", "FM-03", "FM-04", "FM-05"),
        *("FM-06", "FM-07", "FM-08", "FM-10", "FM-11", "FM-14", "FM-15", "FM-16"),
    }
    batches = BillingBatch.objects.values_list("status", flat=True)
    assert sorted(batches) == ["exported", "open"]
    waiting = Move.objects.filter(status="proposed").values_list("client__name", flat=True)
    assert set(waiting) == {"Marmalade Insurance", "Velvet Anchor Bank"}
    offered = Charter.objects.filter(status="offered").values_list("client__name", flat=True)
    assert set(offered) == {"Copperkettle Robotics", "Velvet Anchor Bank"}
    assert TimeEntry.objects.count() > 250
