"""What was decided under which hat, and what was owed, written, released and accepted."""

from deliverables.models.board import (
    BoardReport,
    BoardReportStatus,
    BoardSection,
    Contribution,
)
from deliverables.models.board_asked import BoardAnswer, BoardAsk, BoardReading
from deliverables.models.decision_parts import Agreement, Asked, DecisionLink, Score
from deliverables.models.decisions import Decision, DecisionStatus, Horizon, Origin
from deliverables.models.owed import ACCEPTED, Deliverable, DeliverableStatus, OwnKind
from deliverables.models.packs import Pack, PackShare
from deliverables.models.releases import Comment, Recipient, Release, ReleaseState, Tick
from deliverables.models.sealing import (
    Anchor,
    Chain,
    HeadFeed,
    Opening,
    SealedEntry,
    SigningKey,
)
from deliverables.models.versions import DeliverableVersion, InternalReview

__all__ = [
    "ACCEPTED",
    "Agreement",
    "Anchor",
    "Asked",
    "BoardAnswer",
    "BoardAsk",
    "BoardReading",
    "BoardReport",
    "BoardReportStatus",
    "BoardSection",
    "Chain",
    "Comment",
    "Contribution",
    "Decision",
    "DecisionLink",
    "DecisionStatus",
    "Deliverable",
    "DeliverableStatus",
    "DeliverableVersion",
    "HeadFeed",
    "Horizon",
    "InternalReview",
    "Opening",
    "Origin",
    "OwnKind",
    "Pack",
    "PackShare",
    "Recipient",
    "Release",
    "ReleaseState",
    "Score",
    "SealedEntry",
    "SigningKey",
    "Tick",
]
