"""A log checked where it lies, by the same file that clients are given, and beyond it what only the database can tell."""

import datetime
import json
from collections.abc import Iterable, Iterator
from uuid import UUID

from deliverables import bundle, chain, verify_log
from deliverables.models import Anchor, Chain, HeadFeed, SealedEntry
from deliverables.verify_log import Report
from practice import access


def check(log: Chain, *, at: datetime.datetime, kept: Iterable[tuple[int, str]] = ()) -> Report:
    by = access.system(log.practice_id, source="console")
    log.refresh_from_db()
    said = bundle.content(log, by=by, at=at)
    report = verify_log.check(said, kept)
    report.faults += _columns(log)
    ends = {row["seq"]: row["hash"] for row in said["entries"]}
    # Others write meanwhile: what the row said before must be there, and no more than it says afterwards.
    if log.length and ends.get(log.length) != log.head:
        report.faults.append(
            f"entry {log.length}, in which the log's own row says it ends, is not that."
        )
    log.refresh_from_db()
    if max(ends, default=0) > log.length:
        report.faults.append(f"the log's own row knows of no entry after {log.length}.")
    return report


def _columns(log: Chain) -> Iterator[str]:
    """What is said twice must be the same: in the body, which is sealed, and in a column, which is looked for."""
    mine = SealedEntry.objects.filter(practice_id=log.practice_id, engagement_id=log.engagement_id)
    columns = mine.order_by("number").values_list(
        "number", "kind", "subject_kind", "subject_id", "body"
    )
    for number, kind, subject_kind, subject_id, body in columns.iterator():
        try:
            said = json.loads(body)
            subject = (said["subject"]["kind"], said["subject"]["id"])
            same = (said["kind"], *subject) == (kind, subject_kind, str(subject_id))
        except (ValueError, KeyError, TypeError):
            continue  # the check of the entry itself has said so
        if not same:
            yield f"entry {number}: its columns were edited: they say something else than its text."


def feeds(practice_id: UUID) -> Iterator[str]:
    """What is wrong with what a practice published."""
    verify = verify_log.signatures()
    number, previous = 0, chain.START
    rows = HeadFeed.objects.filter(practice_id=practice_id).select_related("key").order_by("number")
    for feed in rows:
        said = verify_log.said(feed.text, chain.FEED)
        if feed.number != number + 1:
            yield f"feed {number + 1}: it was removed."
        elif said.get("previous") != previous:
            yield f"feed {feed.number}: it does not follow the one before it."
        told = (chain.sha256(feed.text), said.get("number"), said.get("on"))
        if told != (feed.hash, feed.number, feed.on.isoformat()):
            yield f"feed {feed.number}: it was edited."
        elif not verify(feed.key.public_key, feed.signature, feed.text):
            yield f"feed {feed.number}: its signature is wrong."
        heads = Anchor.objects.filter(feed=feed).values_list("text", flat=True)
        if sorted(map(chain.sha256, heads)) != said.get("heads"):
            yield f"feed {feed.number}: the heads it speaks of are not those that are kept."
        number, previous = feed.number, feed.hash
