"""What the API tells of assessments: row shapes, and the form of computed results."""

from typing import Any

from rest_framework import serializers

from assessments.models import Assessment, Choice, ClientFact, PracticeLens, ProspectLink, Read
from practice.rest.filters import Filter
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

FACT = Shape(
    "Fact",
    ClientFact,
    *ROW,
    "client",
    "name",
    "value",
    "said_by",
    "said_on",
    "source",
    "until_at",
    expands={"client": CLIENT},
)
PRESENT = {
    "present": Filter(
        "until_at__isnull", serializers.BooleanField(help_text="Only what is known now.")
    )
}

ASSESSMENT = Shape(
    "Assessment",
    Assessment,
    *ROW,
    "client",
    "answered_by",
    "source",
    "facts",
    "lenses",
    "result",
    "next_seat",
    "end_shape",
    client_name="client__name",
    expands={"client": CLIENT},
)

CHOICE = Shape(
    "Choice",
    Choice,
    *ROW,
    "client",
    "assessment",
    "next_seat",
    "end_shape",
    "point",
    "hats",
    "preferred_lens",
    "reason",
    "overrides",
    expands={"client": CLIENT, "assessment": ASSESSMENT},
)

PROSPECT_LINK = Shape(
    "ProspectLink",
    ProspectLink,
    *ROW,
    "client",
    "person",
    "may_see_read",
    "expires_at",
    "revoked_at",
    "submitted_at",
    "assessment",
    expands={"client": CLIENT},
)

READ = Shape(
    "Read",
    Read,
    *ROW,
    "client",
    "assessment",
    "content",
    client_name="client__name",
    expands={"client": CLIENT},
)

OWN_LENS = Shape("OwnLens", PracticeLens, *ROW, "key", "lens_version", "name", "text", "sha256")

Text, Flag, Words = serializers.CharField, serializers.BooleanField, serializers.ListField


def form(name: str, /, **fields: Any) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), fields)


def many(name: str, row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    return form(name, results=row(many=True))


class Override(serializers.Serializer):
    """Another value than the practice's default was taken where the sources differ."""

    conflict = serializers.RegexField(r"\AC-\d\d\Z")
    value = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=2000)


SUMMARY: dict[str, Any] = {
    "key": Text(),
    "version": serializers.IntegerField(),
    "name": Text(),
    "subject": Text(),
    "file": Text(),
    "bias": Text(),
    "outcomes": Words(child=Text()),
}
QUESTION = form(
    "LensQuestion",
    id=Text(),
    text=Text(),
    kind=Text(),
    choices=Words(child=Text()),
    help=Text(allow_blank=True),
    needed=Flag(),
    required=Text(),
    asked=Text(),
)
LENS_LIST = many("LensList", form("LensSummary", **SUMMARY))
LENS = form(
    "Lens", **SUMMARY, questions=QUESTION(many=True), texts=serializers.DictField(child=Text())
)
WARNING = form("LensWarning", code=Text(), items=Words(child=Text()))
RESULT = form(
    "LensResult",
    lens=Text(),
    lens_version=serializers.IntegerField(),
    outcome=Text(),
    strength=Text(allow_null=True),
    provisional=Flag(),
    alternatives=Words(child=Text()),
    reasons=Words(child=Text()),
    warnings=WARNING(many=True),
    invalid=Words(child=Text()),
    missing=Words(child=Text()),
    n=serializers.IntegerField(allow_null=True),
    lead=Text(allow_null=True),
    counts=serializers.DictField(allow_null=True),
    form=Text(allow_null=True),
    point=Text(allow_null=True),
    bridge=Text(allow_null=True),
    borderline=Flag(),
    seat_reasons=Words(child=Text()),
    posture=Text(allow_null=True),
    needs=Words(child=Text()),
    absorbs=Words(child=Text()),
    inputs_snapshot=serializers.DictField(),
    evaluated_at=serializers.DateTimeField(),
)
FLIPS = form(
    "LensFlips",
    outcome=Text(),
    flips=Words(child=serializers.DictField()),
    evaluated_at=serializers.DateTimeField(),
)
PANEL = form(
    "Panel",
    lenses=Words(child=serializers.DictField()),
    votes=Words(child=serializers.DictField()),
    consensus=serializers.DictField(child=Text()),
    dissent=Words(child=serializers.DictField()),
    gates=Words(child=serializers.DictField()),
    notes=Words(child=serializers.DictField()),
    conflicts=Words(child=serializers.DictField()),
    abstentions=Words(child=serializers.DictField()),
    spectrum_point=Text(allow_null=True),
    next_step=Text(allow_null=True),
    facts=serializers.DictField(),
    evaluated_at=serializers.DateTimeField(),
)
COMPARISON = form(
    "Comparison",
    facts=Words(child=serializers.DictField()),
    outcomes=Words(child=serializers.DictField()),
    next_seat=serializers.DictField(),
    end_shape=serializers.DictField(),
)
FACT_LIST = many("FactList", FACT.serializer)
NEW_LINK = type(
    "NewProspectLink",
    (PROSPECT_LINK.serializer,),
    {"secret": Text(allow_null=True, help_text="The address to send; shown this once.")},
)
