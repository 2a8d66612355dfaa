"""Over REST: which kinds of deliverables there are, of the catalogue and of the practice's own."""

import dataclasses
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from deliverables import catalogue, kinds
from deliverables.models import OwnKind
from deliverables.shapes import catalogue as told
from deliverables.shapes import deliverables as shapes
from practice import access
from practice.refusals import NotFound
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes
from practice.rest.schema import Problem


class Kinds(Resource):
    """Kinds of the practice's own, beside the catalogue."""

    model, shape, whole = OwnKind, shapes.KIND, shapes.KIND_WHOLE
    filters = ("code", "hat", "phase")
    own_filters = shapes.KINDS
    ordering = ("id", "code")
    create = adds(kinds.add, shapes.OWN)
    partial_update = changes(kinds.change, shapes.OWN_CHANGE)
    retire = acts(kinds.retire, matches=True)
    bring_back = acts(kinds.bring_back, matches=True)


class Catalogue(ViewSet):
    """The kinds that come with Remit: whose, when owed and due, what is ticked, what each starts from."""

    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]{1,12}"

    @extend_schema(
        operation_id="deliverable_catalogue",
        responses={"200": told.CATALOGUE, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "deliverable_kind", "view")
        found = catalogue.catalogue()
        return Response(
            {
                "version": found.version,
                "kinds": [_told(code, kind) for code, kind in found.kinds.items()],
                "packs": {key: dataclasses.asdict(pack) for key, pack in found.packs.items()},
            }
        )

    @extend_schema(
        operation_id="deliverable_catalogue_kind",
        responses={"200": told.KIND_WHOLE, ("default", MEDIA_TYPE): Problem},
    )
    def retrieve(self, request: Any, code: str) -> Response:
        """One kind, with the text that work on it starts from."""
        access.require(request.auth, "deliverable_kind", "view")
        kind = catalogue.kinds().get(code)
        if kind is None:
            raise NotFound
        return Response({**_told(code, kind), "text": kind.text.markdown})


def _told(code: str, kind: catalogue.Kind) -> dict[str, Any]:
    found = dataclasses.asdict(kind)
    del found["template"]
    return {"code": code, **found, "packs": catalogue.packs_of(code)}


# A file, not rows: there is no list to page through.
catalogue_router = SimpleRouter(use_regex_path=True)
catalogue_router.register("deliverable-catalogue", Catalogue, basename="deliverable-catalogue")
RESOURCES: dict[str, type[Resource]] = {"deliverable-kinds": Kinds}
