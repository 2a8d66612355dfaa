"""The desk's pages of the decision log and of deliverables: each plan, each row, the review queue and the kinds."""

from deliverables import board_file, receipt_page
from deliverables.desk import (
    board,
    board_reports,
    decision,
    engagement,
    kinds,
    log,
    owed,
    pack_shares,
    packs,
    queue,
)
from deliverables.models import BoardReport, Decision, Deliverable, OwnKind, Pack, PackShare
from practice.desk.site import desk

__all__ = [
    "board",
    "board_reports",
    "decision",
    "engagement",
    "kinds",
    "log",
    "owed",
    "pack_shares",
    "packs",
    "queue",
]

desk.menu[4:4] = [
    (
        "Deliverables",
        [
            ("What is due", "assignment", Deliverable),
            ("Review queue", "rate_review", "review-queue"),
            ("Catalogue", "menu_book", "catalogue"),
            ("Board reports", "co_present", BoardReport),
            ("Packs", "inventory_2", Pack),
            ("Links to packs", "link", PackShare),
            ("Our own kinds", "bookmark_added", OwnKind),
        ],
    ),
    (
        "Decisions",
        [
            ("Log by engagement", "gavel", "decisions"),
            ("All decisions", "fact_check", Decision),
        ],
    ),
]
# Whoever reads a release takes its receipt, and who reads a board report its PDF; pages link to them by these names.
desk.views.append(("releases/<uuid:id>/receipt/", "release-receipt", receipt_page.show, "release"))
desk.views.append(
    ("board-reports/<uuid:id>/paper/", "board-report-paper", board_file.show, "board_report")
)
