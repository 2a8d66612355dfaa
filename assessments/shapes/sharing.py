"""What the API tells of links to the AI register, and takes in."""

from rest_framework import serializers

from assessments.models import RegisterShare
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

REGISTER_SHARE = Shape(
    "RegisterShare",
    RegisterShare,
    *ROW,
    "client",
    "recipient",
    "made_by",
    "expires_at",
    "revoked_at",
    "views",
    "last_viewed_at",
    client_name="client__name",
    made_by_name="made_by__user__name",
    expands={"client": CLIENT},
)
NEW_SHARE = type(
    "NewRegisterShare",
    (REGISTER_SHARE.serializer,),
    {
        "secret": serializers.CharField(
            allow_null=True, help_text="The address to send; shown this once."
        )
    },
)
