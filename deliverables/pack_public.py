"""What somebody without an account reads of a pack: accepted versions, behind a link that ends."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from deliverables import pack_files, sharing
from deliverables.models import PackShare
from practice import brand, shared_links, shared_pages
from practice.refusals import NotFound

GONE = (
    "It has expired, was taken back, or lost a letter on the way. "
    "Ask whoever sent it to you for a new one."
)
private = shared_pages.private("packs", sharing.find, gone=GONE)


@private
def pack(request: HttpRequest, link: PackShare, *, token: str) -> HttpResponseBase:
    """What was accepted, and what is still missing. Looking at it is counted."""
    packed = pack_files.gather(link.pack)
    if request.method == "GET":
        link = shared_links.view(link, at=timezone.now())
    places = {part.piece.place: part for part in packed.parts}
    context = {
        "link": link,
        "token": token,
        "pack": link.pack,
        "client": link.client,
        "practice": link.practice,
        "brand_name": link.practice.name,
        "accent": brand.accent(link.practice.colour),
        "pieces": [(piece, places.get(piece.place)) for piece in packed.filled.pieces],
        "filled": packed.filled,
        # Nobody knows the reader's time zone.
        "until": pack_files.in_words(link.expires_at),
    }
    return render(request, "deliverables/pack/public.html", context)


@private
def archive(request: HttpRequest, link: PackShare, *, token: str) -> HttpResponseBase:
    return pack_files.download(link.pack)


@private
def file(request: HttpRequest, link: PackShare, *, token: str, version: UUID) -> HttpResponseBase:
    """One accepted version. Any other, be it of the same deliverable, is not there."""
    for part in pack_files.gather(link.pack).parts:
        if part.version.pk == version:
            return pack_files.one(part)
    raise NotFound
