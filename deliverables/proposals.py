"""What a proposal says: which words it takes, and what is wrong with them. Whether the hat may is taking.py's."""

import datetime
from typing import Any

from deliverables.models import Decision
from deliverables.models.decisions import MOST_OPTIONS
from engagements import days
from practice.quarters import local_day
from practice.refusals import Invalid, NotAllowed

# What a proposal says and may still say otherwise until it is put forward.
SAID = (
    "hat",
    "question",
    "context",
    "options",
    "chosen",
    "reason",
    "amount",
    "currency",
    "rate",
    "rate_on",
    "rate_source",
    "spend_on",
    "horizon",
    "review_on",
    "client_sees",
)
TEXTS = ("question", "context", "reason", "rate_source")


def cleaned(says: dict[str, Any]) -> dict[str, Any]:
    unknown = set(says) - {*SAID, "code"}
    if unknown:
        raise NotAllowed
    told = {name: (v.strip() if name in TEXTS else v) for name, v in says.items()}
    if "options" in told:
        told["options"] = [
            {"label": one["label"].strip(), "note": one.get("note", "").strip()}
            for one in told["options"]
        ]
    return told


def check(decision: Decision, at: datetime.datetime) -> None:
    wrong = {
        name: ["This is needed."] for name in ("question", "reason") if not getattr(decision, name)
    }
    wrong |= _wrong_options(decision) | _wrong_money(decision)
    days.check(rate_on=decision.rate_on, spend_on=decision.spend_on, review_on=decision.review_on)
    today = local_day(at, decision.engagement.client.time_zone)
    if decision.review_on and decision.review_on < today:
        wrong["review_on"] = ["Not in the past."]
    if wrong:
        raise Invalid(wrong)


def _wrong_options(decision: Decision) -> dict[str, list[str]]:
    if not 1 <= len(decision.options) <= MOST_OPTIONS:
        return {"options": [f"From 1 to {MOST_OPTIONS} options, the one chosen among them."]}
    if any(not one["label"] for one in decision.options):
        return {"options": ["Every option needs words."]}
    if not 1 <= decision.chosen <= len(decision.options):
        return {"chosen": [f"One of the {len(decision.options)} options, counted from 1."]}
    return {}


def _wrong_money(decision: Decision) -> dict[str, list[str]]:
    wrong = {}
    if (decision.amount is None) != (decision.currency == ""):
        wrong["currency"] = ["An amount and its currency come together."]
    if len({decision.rate is None, decision.rate_on is None, decision.rate_source == ""}) > 1:
        wrong["rate"] = ["A rate comes with its day and where it is from."]
    elif decision.rate is not None and decision.rate <= 0:
        wrong["rate"] = ["More than zero."]
    return wrong
