"""Over REST: packs with what they miss, their archives, and the links by which somebody outside reads one."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.response import Response

from deliverables import pack_files, pack_pieces, packs, sharing
from deliverables.models import Pack, PackShare
from deliverables.shapes import packs as shapes
from practice import access, shared_links
from practice.rest import replay
from practice.rest.resource import Resource, acts, adds, changes, removes, takes
from practice.rest.schema import answers_with_file


class Packs(Resource):
    """Packs of the catalogue and of one's own: deliverables that are handed over together."""

    model, shape = Pack, shapes.PACK
    filters = ("engagement", "client", "key")
    create = adds(packs.begin, shapes.NEW)
    partial_update = changes(packs.change, shapes.CHANGE)
    destroy = removes(packs.remove)

    def retrieve(self, request: Any, id: str) -> Response:
        """One pack, with what fills each piece or is missing."""
        expands = self._expands(self._params({"expand"}))
        filled = pack_pieces.of(self.find(id), by=self.actor)
        return self.answer(id, expands=expands, completeness=pack_pieces.told(filled))

    retrieve.answer_shape = shapes.WHOLE_PACK  # type: ignore[attr-defined]

    @answers_with_file("application/zip")
    @action(detail=True, methods=["get"])
    def archive(self, request: Any, id: str) -> HttpResponseBase:
        """What was accepted, with receipts, checksums, index and decisions, in one archive."""
        self._params(set())
        return pack_files.download(self.find(id))

    @takes(shapes.SHARE)
    @action(detail=True, methods=["post"])
    def share(self, request: Any, id: str) -> Any:
        """A link for somebody without an account. Its address is in this one answer and nowhere else."""

        def work() -> Response:
            said = self.read(shapes.SHARE)
            link, address = sharing.share(self.find(id), by=self.actor, at=timezone.now(), **said)
            mine = access.visible_to(self.actor, PackShare).filter(pk=link.pk)
            row = shapes.PACK_SHARE.rows(mine, self.actor)[0]
            return Response({**row, "secret": address}, status=201)

        return replay.once(request, work)

    share.answer_shape, share.code = shapes.NEW_SHARE, 201  # type: ignore[attr-defined]


class PackShares(Resource):
    """Links to packs, without their addresses: for whom, until when, and how often somebody looked."""

    model, shape = PackShare, shapes.PACK_SHARE
    filters = ("pack", "engagement", "client", "expires_at")
    revoke = acts(shared_links.revoke)


RESOURCES: dict[str, Any] = {"packs": Packs, "pack-shares": PackShares}
