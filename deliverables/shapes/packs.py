"""What the API tells of packs and of the links to them, and takes in."""

from rest_framework import serializers

from deliverables.models import DeliverableStatus, Pack, PackShare
from deliverables.models.packs import OWN
from deliverables.packs import LONGEST_TITLE, MOST_PIECES
from deliverables.shapes.decisions import OF, form
from engagements.models import Engagement
from practice.models.people import Hat
from practice.rest.inputs import Scoped
from practice.rest.shapes import Shape
from practice.shapes import CLIENT
from practice.shared_links import LONGEST_NAME

Text = serializers.CharField

PACK = Shape("Pack", Pack, *OF, "key", "title", "pieces", expands={"client": CLIENT})
PACK_SHARE = Shape(
    "PackShare",
    PackShare,
    *OF,
    "pack",
    "recipient",
    "made_by",
    "expires_at",
    "revoked_at",
    "views",
    "last_viewed_at",
    pack_title="pack__title",
    made_by_name="made_by__user__name",
    expands={"client": CLIENT, "pack": PACK},
)


def _may_be_null(kind: type[serializers.Field], **more: object) -> serializers.Field:
    return kind(allow_null=True, **more)


PIECE = form(
    "PackPiece",
    serializers.Serializer,
    code=Text(),
    kind=Text(help_text="The title of the kind."),
    deliverable=_may_be_null(serializers.UUIDField),
    title=Text(),
    hat=_may_be_null(serializers.ChoiceField, choices=Hat.choices),
    status=_may_be_null(serializers.ChoiceField, choices=DeliverableStatus.choices),
    version=_may_be_null(serializers.UUIDField, help_text="The version that was accepted."),
    version_number=_may_be_null(serializers.IntegerField),
    sha256=_may_be_null(Text),
    accepted_at=_may_be_null(serializers.DateTimeField),
    rewritten=serializers.BooleanField(
        help_text="A newer version is on its way; until it is accepted, this one counts."
    ),
    missing=Text(allow_blank=True, help_text="What it waits for; empty where it was accepted."),
    owner=_may_be_null(serializers.UUIDField),
    owner_name=_may_be_null(Text),
    due_on=_may_be_null(serializers.DateField),
)
COMPLETENESS = form(
    "PackCompleteness",
    serializers.Serializer,
    complete=serializers.BooleanField(),
    accepted=serializers.IntegerField(help_text="How many pieces were accepted."),
    pieces=PIECE(many=True),
)
WHOLE_PACK = form("WholePack", PACK.serializer, completeness=COMPLETENESS())
NEW_SHARE = form(
    "NewPackShare",
    PACK_SHARE.serializer,
    secret=Text(allow_null=True, help_text="The address to send; shown this once."),
)

PIECES = serializers.ListField(
    child=Text(max_length=12),
    max_length=MOST_PIECES,
    required=False,
    help_text="Codes of kinds of deliverables, in reading order.",
)
NEW = form(
    "PackInput",
    engagement=Scoped(Engagement),
    key=Text(
        max_length=20,
        required=False,
        default=OWN,
        help_text="Of the catalogue: governance, day_90, eu. Without it the pack is one's own.",
    ),
    title=Text(max_length=LONGEST_TITLE, required=False),
    pieces=PIECES,
)
CHANGE = form(
    "PackChange",
    title=Text(max_length=LONGEST_TITLE, required=False),
    pieces=PIECES,
)
SHARE = form(
    "PackShareInput",
    recipient=Text(max_length=LONGEST_NAME, help_text="For whom it is."),
    expires_at=serializers.DateTimeField(
        required=False, help_text="Within 90 days; by default in 14."
    ),
)
