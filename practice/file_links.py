"""Links that give out one file for a few minutes, to the one who asked for them. They say who and what; whether that
is still so is asked again when they are used."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from practice import access
from practice.access import Actor
from practice.models import StoredFile
from practice.refusals import NotAllowed, NotFound
from practice.registers import Register
from practice.rest.sign_in import actor_of_key

LIVES = timedelta(minutes=5)
PERSONS = frozenset({"member", "contact"})
SALT = "practice.file_links"


@dataclass(frozen=True)
class Linked:
    """A kind of thing that a link can be about."""

    find: Callable[[Actor, UUID], Any]
    """The thing with this id, if this actor may have it, or a refusal. Asked when the link is made and again when it
    is used."""
    give: Callable[[HttpRequest, Actor, Any], HttpResponseBase] | None = None
    """How it is given out; without a word it is a stored file."""


KINDS: Register[Linked] = Register("things that a link can be about")


@dataclass(frozen=True)
class Link:
    url: str
    expires_at: datetime.datetime


def link(kind: str, id: UUID, *, by: Actor, at: datetime.datetime) -> Link:
    """An address that gives this actor, and nobody else, the file for five minutes."""
    if by.kind not in {*PERSONS, "key"}:
        raise NotAllowed("A link is for somebody.")
    KINDS[kind].find(by, id)
    # A whole second, as the address has it: what is told is what holds.
    ends = (at + LIVES).replace(microsecond=0)
    told = {"k": kind, "i": str(id), "c": by.credential, "e": int(ends.timestamp())}
    token = signing.Signer(salt=SALT).sign_object(told)
    return Link(settings.REMIT_URL + reverse("file-link", args=[token]), ends)


def follow(request: HttpRequest, token: str, *, at: datetime.datetime) -> tuple[Linked, Actor, Any]:
    """The thing and who comes for it, if the link is ours and in time, whoever it is for is the one who comes and still may have it."""
    try:
        told = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as wrong:
        raise NotFound from wrong
    if at.timestamp() >= told["e"] or told["k"] not in KINDS:
        raise NotFound
    linked, actor = KINDS[told["k"]], _who(request, told["c"], at)
    return linked, actor, linked.find(actor, UUID(told["i"]))


def _who(request: HttpRequest, credential: str, at: datetime.datetime) -> Actor:
    """The credential as it is now: a person in their own session and place, a key if it has not ended."""
    kind, _, id = credential.partition(":")
    if kind in PERSONS:
        here = request.here  # type: ignore[attr-defined]
        if here is None or here.actor.credential != credential:
            raise NotFound
        actor: Actor = here.actor
        return actor
    found = actor_of_key(UUID(id), at=at) if kind == "key" else None
    if found is None:
        raise NotFound
    return found


def file(actor: Actor, id: UUID) -> StoredFile:
    access.require(actor, "file", "view")
    return access.get(actor, StoredFile, id)
