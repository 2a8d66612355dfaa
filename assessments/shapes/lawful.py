"""What the API tells of the law: classifications, evidence, and the form of a system's calendar."""

from rest_framework import serializers

from assessments import law
from assessments.models import Classification, Evidence, Tier, VendorEvidence
from assessments.shapes import form
from assessments.shapes.estate import SYSTEM, VENDOR
from practice.rest.filters import Filter
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

CLASSIFICATION = Shape(
    "Classification",
    Classification,
    *ROW,
    "client",
    "system",
    "tier",
    "provisional",
    "alternatives",
    "reasons",
    "obligations",
    "words",
    "answers",
    "placed_on",
    "reviewer",
    "reviewed_on",
    "lens_key",
    "lens_version",
    "lens_sha256",
    "law_key",
    "law_version",
    "note",
    client_name="client__name",
    system_name="system__name",
    reviewer_name="reviewer__user__name",
    expands={"client": CLIENT, "system": SYSTEM},
)

EVIDENCE = Shape(
    "Evidence",
    Evidence,
    *ROW,
    "client",
    "external_id",
    "system",
    "article",
    "title",
    "file",
    "valid_until_on",
    "note",
    "withdrawn_on",
    client_name="client__name",
    system_name="system__name",
    expands={"client": CLIENT, "system": SYSTEM},
)
STANDING = {
    "standing": Filter("withdrawn_on__isnull", serializers.BooleanField(help_text="Not withdrawn."))
}

VENDOR_EVIDENCE = Shape(
    "VendorEvidence",
    VendorEvidence,
    *ROW,
    "client",
    "vendor",
    "item",
    "status",
    "status_on",
    "link",
    "file",
    "note",
    vendor_name="vendor__name",
    expands={"client": CLIENT, "vendor": VENDOR},
)

Text, Day = serializers.CharField, serializers.DateField
DUTY = form("LawDuty", text=Text(), articles=serializers.ListField(child=Text()))
ROW_OF_LAW = form(
    "LawRow",
    key=Text(),
    obligation=Text(),
    state=serializers.ChoiceField(
        choices=(law.APPLIES, law.LATER, law.ON_CHANGE, law.UNCONFIRMED),
        help_text="on_change: once the design changes significantly; unconfirmed: ask counsel.",
    ),
    applies_from=Day(allow_null=True),
    original=Day(allow_null=True, help_text="As first published, where it was another day."),
    when=Text(help_text="The day, or what stands in for it."),
    legal_basis=Text(),
    note=Text(allow_blank=True),
    source=Text(),
    checked_on=Day(),
    confidence=Text(),
    duties=DUTY(many=True),
)
TABLE = form(
    "LawTable",
    key=Text(),
    version=serializers.IntegerField(),
    name=Text(),
    regulation=Text(),
    checked_on=Day(),
)
CALENDAR = form(
    "LawCalendar",
    orientation=Text(),
    law=TABLE(),
    system=serializers.UUIDField(),
    classification=serializers.UUIDField(allow_null=True),
    tier=serializers.ChoiceField(choices=Tier.choices, allow_blank=True),
    rows=ROW_OF_LAW(many=True),
)
