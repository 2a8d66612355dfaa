"""What must hold before an engagement becomes active."""

import pytest

from engagements import gate
from tests.engagements import build
from tests.make import NOW


def test_an_unmet_condition_is_named_and_one_that_does_not_apply_is_not_asked(cast, monkeypatch):
    engagement = build.engagement(cast, status="proposed")
    conditions = type(gate.CONDITIONS)("conditions")
    asked = gate.Condition("a", "First", lambda e, day: True, lambda e, at: ["One", "Two"])
    not_asked = gate.Condition("b", "Second", lambda e, day: False, lambda e, at: ["Three"])
    conditions.add("a", asked)
    conditions.add("b", not_asked)
    monkeypatch.setattr(gate, "CONDITIONS", conditions)
    with pytest.raises(gate.GateNotMet) as refused:
        gate.require_met(engagement, NOW)
    assert refused.value.code == "gate_not_met"
    assert refused.value.facts["missing"] == [
        {"key": "a", "label": "First", "what": "One"},
        {"key": "a", "label": "First", "what": "Two"},
    ]
