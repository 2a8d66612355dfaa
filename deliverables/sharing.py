"""Links by which somebody without an account reads a pack. What every such link does is in practice/shared_links.py."""

import datetime

from django.conf import settings
from django.db import transaction

from deliverables.models import Pack, PackShare
from practice import access, keys, shared_links
from practice.access import Actor
from practice.refusals import Conflict


class TooManyLinks(Conflict):
    code = "too_many_pack_links"
    sentence = (
        f"{shared_links.MOST_OPEN} links to this pack are open; revoke one that is not needed."
    )


def share(
    pack: Pack,
    *,
    recipient: str,
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[PackShare, str]:
    """A new link to a pack and its address, which is nowhere afterwards."""
    access.require(by, "pack", "share")
    with transaction.atomic():
        pack = access.get(by, Pack, pack.pk, lock=True)
        link = PackShare(
            practice_id=pack.practice_id,
            client_id=pack.client_id,
            engagement_id=pack.engagement_id,
            pack=pack,
            made_by=keys.stands_for(by, pack.engagement.lead),
        )
        token = shared_links.add(
            link,
            among=PackShare.objects.filter(pack=pack),
            too_many=TooManyLinks,
            recipient=recipient,
            expires_at=expires_at,
            by=by,
            at=at,
        )
    return link, address(token)


def find(token: str, *, at: datetime.datetime) -> PackShare:
    links = PackShare.objects.select_related("pack", "client", "practice").defer("practice__logo")
    return shared_links.find(links, token, at=at)


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/packs/{token}/"
