"""Links by which somebody without an account reads a client's AI register. What every such link does is in
practice/shared_links.py."""

import datetime

from django.conf import settings
from django.db import transaction

from assessments.models import RegisterShare
from practice import access, keys, shared_links
from practice.access import Actor
from practice.models import Client
from practice.models.clients import ClientStatus
from practice.refusals import Conflict


class TooManyLinks(Conflict):
    code = "too_many_register_links"
    sentence = (
        f"{shared_links.MOST_OPEN} links to this register are open; revoke one that is not needed."
    )


class NobodyKeepsIt(Conflict):
    code = "register_not_kept"
    sentence = "The client has left, and nobody keeps its register any more."


def share(
    client: Client,
    *,
    recipient: str,
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[RegisterShare, str]:
    """A new link to the register and its address, which is nowhere afterwards."""
    access.require(by, "register_share", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        if client.status == ClientStatus.FORMER:
            raise NobodyKeepsIt
        link = RegisterShare(
            practice_id=client.practice_id,
            client=client,
            made_by=keys.stands_for(by, client.responsible),
        )
        token = shared_links.add(
            link,
            among=RegisterShare.objects.filter(client=client),
            too_many=TooManyLinks,
            recipient=recipient,
            expires_at=expires_at,
            by=by,
            at=at,
        )
    return link, address(token)


def find(token: str, *, at: datetime.datetime) -> RegisterShare:
    """While the client is one: a register that nobody keeps any more would mislead."""
    links = RegisterShare.objects.exclude(client__status=ClientStatus.FORMER)
    joined = links.select_related("client", "practice").defer("practice__logo")
    return shared_links.find(joined, token, at=at)


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/registers/{token}/"
