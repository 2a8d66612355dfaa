"""The desk's pages of the engagements: the engagement itself, its moves, contracts, hats, charters, and the menu."""

from engagements.desk import (
    balance,
    billing,
    charter,
    client,
    contracting,
    course,
    engagement,
    hats,
    moving,
    oversight,
    seating,
    time,
    time_file,
    week,
)
from engagements.models import (
    BillingBatch,
    Capacity,
    Charter,
    ContractVersion,
    Deputy,
    Engagement,
    Expense,
    Move,
    ReportingLine,
    TimeEntry,
    Wearing,
)
from practice.desk.site import desk

__all__ = [
    "balance",
    "billing",
    "charter",
    "client",
    "contracting",
    "course",
    "engagement",
    "hats",
    "moving",
    "oversight",
    "seating",
    "time",
    "time_file",
    "week",
]

# After the assessments, from which engagements grow.
desk.menu.insert(
    3,
    (
        "Engagements",
        [
            ("Engagements", "route", Engagement),
            ("Moves", "moving", Move),
            ("Contracts", "contract", ContractVersion),
            ("Charters", "gavel", Charter),
            ("Hats", "badge", Wearing),
            ("Deputies", "supervisor_account", Deputy),
            ("Reporting lines", "account_tree", ReportingLine),
        ],
    ),
)
desk.menu.insert(
    4,
    (
        "Time",
        [
            ("My week", "schedule", "time-week"),
            ("Time entries", "timer", TimeEntry),
            ("Expenses", "receipt_long", Expense),
        ],
    ),
)
desk.menu.insert(
    5,
    (
        "Oversight",
        [
            ("Radar", "radar", "radar"),
            ("Billing", "receipt_long", BillingBatch),
            ("Rate card", "sell", "rate-card"),
            ("Capacity", "battery_horiz_075", Capacity),
        ],
    ),
)
