"""Packs of an engagement: one with a link for somebody outside, and one that nobody was given."""

from typing import Any

from deliverables.models import Pack, PackShare
from engagements.models import Engagement
from tests.doors.filler import SOON


def rows_at(site: Any, main: Engagement) -> None:
    pieces = ["DV-05", "DV-07"]
    pack = site.add(Pack, main, "pack.made", title="Evidence", pieces=pieces)
    link = site.add(
        PackShare,
        main,
        "pack_share.made",
        pack=pack,
        recipient="An auditor",
        token_hash=f"{pack.pk.hex:0>64}",
        made_by=site.lead,
        expires_at=SOON,
    )
    site.keep(pack, link)
    site.spare["pack nobody has"] = site.add(Pack, main, "pack.made", title="Own", pieces=pieces)
