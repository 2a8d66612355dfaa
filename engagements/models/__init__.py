"""The engagement's rows: who and under which hats, the course along the spectrum, charter, time, radar, billing."""

from engagements.models.base import AllowanceUnit, FeeModel, Overage, Phase, Point
from engagements.models.billing import BillingBatch, BillingLine, Capacity, LineKind, Rate
from engagements.models.charter import Charter, Right, Say, SpendingLimit
from engagements.models.contracts import ContractVersion, OfferStatus
from engagements.models.course import Burst, ExitStatement, HandoverItem, Move, MoveCause, Stage
from engagements.models.engagement import (
    Deputy,
    Engagement,
    HatShare,
    Pause,
    ReportingLine,
    Wearing,
)
from engagements.models.radar import Finding
from engagements.models.time import Expense, Period, PeriodUnit, TimeEntry

__all__ = [
    "AllowanceUnit",
    "BillingBatch",
    "BillingLine",
    "Burst",
    "Capacity",
    "Charter",
    "ContractVersion",
    "Deputy",
    "Engagement",
    "ExitStatement",
    "Expense",
    "FeeModel",
    "Finding",
    "HandoverItem",
    "HatShare",
    "LineKind",
    "Move",
    "MoveCause",
    "OfferStatus",
    "Overage",
    "Pause",
    "Period",
    "PeriodUnit",
    "Phase",
    "Point",
    "Rate",
    "ReportingLine",
    "Right",
    "Say",
    "SpendingLimit",
    "Stage",
    "TimeEntry",
    "Wearing",
]
