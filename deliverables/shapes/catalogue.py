"""What the API tells of the catalogue of deliverables."""

from rest_framework import serializers

from deliverables.catalogue import DUE, MOMENTS
from deliverables.shapes.deliverables import form
from practice.models.people import Hat

Text = serializers.CharField
_plain = serializers.Serializer
_DUE = {
    "kind": serializers.ChoiceField(choices=DUE),
    "n": serializers.IntegerField(allow_null=True),
    "continuous": serializers.BooleanField(help_text="It is kept up after its day."),
    "ours": serializers.BooleanField(help_text="The sources give no day; this one is a proposal."),
}
_KIND = {
    "code": Text(),
    "title": Text(),
    "hats": serializers.ListField(child=serializers.ChoiceField(choices=Hat.choices)),
    "shared": Text(allow_blank=True),
    "chosen": serializers.BooleanField(help_text="Picked for the case, never planned by itself."),
    "owed": form(
        "CatalogueOwed",
        _plain,
        points=serializers.ListField(child=Text()),
        phases=serializers.ListField(child=Text()),
        moment=serializers.ChoiceField(choices=MOMENTS, allow_blank=True),
        when=Text(allow_blank=True),
    )(),
    "due": form("CatalogueDue", _plain, **_DUE)(),
    "due_eu": form("CatalogueDueInTheEu", _plain, **_DUE)(allow_null=True),
    "source": Text(),
    "criteria": serializers.ListField(child=Text()),
    "packs": serializers.ListField(child=Text()),
}
KIND = form("CatalogueKind", _plain, **_KIND)
KIND_WHOLE = form("CatalogueKindWhole", _plain, **_KIND, text=Text())
CATALOGUE = form(
    "Catalogue",
    _plain,
    version=serializers.IntegerField(),
    kinds=KIND(many=True),
    packs=serializers.DictField(child=serializers.DictField()),
)
