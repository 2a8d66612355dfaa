"""What the decision log keeps of a client: one that waits for the sponsor, with its parts, and one of each other state."""

from typing import Any

from deliverables.models import Agreement, Decision, DecisionLink, Score
from engagements.models import Charter, Engagement, Right
from tests import make


def rows_at(site: Any, main: Engagement) -> None:
    waits = _decision(site, main, 1, "awaiting", client_sees=True, taken_at=make.NOW)
    agreement = site.add(Agreement, main, "decision.asked", decision=waits, asked="client", why="W")
    site.keep(waits, agreement)
    site.keep(
        site.add(
            Score,
            main,
            "decision.scored",
            decision=waits,
            hat="CAIO",
            option=1,
            impact=3,
            feasibility=3,
            member=site.lead,
        ),
        site.add(
            DecisionLink,
            main,
            "decision.linked",
            decision=waits,
            kind="file",
            target_id=site.found["storedfile"].pk,
            title="T",
        ),
    )
    site.spare["decision proposed"] = _decision(site, main, 2, "proposed")
    # Any decision by this right wants a scorecard, whatever the charter has under it.
    site.spare["decision to score"] = _decision(site, main, 3, "proposed", code="DR-10")
    decided = {
        name: site.mark("decision", name) for name in ("question", "context", "reason", "context")
    }
    moments = {"taken_at": make.NOW, "decided_at": make.NOW}
    site.spare["decision decided"] = _decision(site, main, 4, "decided", **decided, **moments)
    on_risk = _decision(site, main, 5, "decided", code="DR-02", **decided, **moments)
    site.spare["decision on a risk"] = on_risk


def _decision(site: Any, main: Engagement, number: int, status: str, **more: Any) -> Decision:
    charter = Charter.objects.get(engagement=main, status="accepted")
    right = Right.objects.get(charter=charter, code="DR-01")
    taken = {"holder": site.lead, "decider": site.lead} if "taken_at" in more else {}
    mark = site.mark("decision", "options", "" if taken else "withheld")
    said: dict[str, Any] = {
        "code": "DR-01",
        "question": "Q",
        "reason": "R",
        "options": [{"label": mark, "note": ""}],
    }
    return site.add(  # type: ignore[no-any-return]
        Decision,
        main,
        "decision.proposed",
        number=number,
        status=status,
        charter=charter,
        right=right,
        hat="CTO",
        recorder=site.lead,
        **said | taken | more,
    )
