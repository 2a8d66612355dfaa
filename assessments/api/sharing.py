"""Links to a client's AI register over REST."""

from rest_framework import serializers

from assessments import register_sharing
from assessments.models import RegisterShare
from assessments.shapes import sharing as shapes
from practice import shared_links
from practice.rest.inputs import Input
from practice.rest.resource import Resource, acts, adds


class RegisterShares(Resource):
    """Links to AI registers, without their addresses: for whom, until when, and how often somebody looked."""

    model, shape = RegisterShare, shapes.REGISTER_SHARE
    filters = ("client", "expires_at")
    create = adds(
        register_sharing.share,
        Input.of(
            RegisterShare,
            "client",
            "recipient",
            expires_at=serializers.DateTimeField(
                required=False, help_text="Within 90 days; by default in 14."
            ),
        ),
        answer=shapes.NEW_SHARE,
    )
    revoke = acts(shared_links.revoke)


RESOURCES = {"register-shares": RegisterShares}
