"""A person's own channels over REST: inbox and calendar feeds."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from practice import inbox
from practice.feeds import opening
from practice.models import Feed, InboxItem
from practice.rest import replay
from practice.rest.filters import Filter
from practice.rest.inputs import Plain
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, takes
from practice.rest.schema import Problem
from practice.rest.shapes import Shape
from practice.shapes import ROW

INBOX_ITEM = Shape(
    "InboxItem", InboxItem, *ROW, "client", "kind", "title", "link", "due_at", "read_at"
)
FEED = Shape("Feed", Feed, *ROW, "scope", "scope_id", "revoked_at", "last_used_at")


class NewAddress(serializers.Serializer):
    """The only time the address is shown."""

    secret = serializers.CharField(
        allow_null=True, help_text="The calendar's address; null when a repeat is answered."
    )


NEW_FEED = type("NewFeed", (FEED.serializer, NewAddress), {})
READ = type("InboxRead", (serializers.Serializer,), {"read": serializers.IntegerField()})


class Inbox(Resource):
    """One's own notices, in no order of importance: the newest have the greatest id."""

    model, shape = InboxItem, INBOX_ITEM
    filters = ("client", "kind")
    own_filters = {"unread": Filter("read_at__isnull", serializers.BooleanField())}
    mark_read = acts(inbox.read, matches=True)
    mark_unread = acts(inbox.unread, matches=True)

    @extend_schema(responses={"200": READ, ("default", MEDIA_TYPE): Problem})
    @action(detail=False, methods=["post"], url_path="mark-all-read")
    @takes(None)
    def mark_all_read(self, request: Any) -> Any:
        """Everything that is unread now."""

        def work() -> Response:
            self.read(None)
            return Response({"read": inbox.read_all(by=self.actor, at=timezone.now())})

        return replay.once(request, work)


class Calendars(Resource):
    """One's own calendar feeds; each address is shown once, when it is made."""

    model, shape = Feed, FEED
    create = adds(
        opening.open_feed,
        type(
            "FeedInput",
            (Plain,),
            {
                "scope": serializers.CharField(max_length=20, required=False),
                "scope_id": serializers.UUIDField(required=False, allow_null=True),
            },
        ),
        answer=NEW_FEED,
    )
    revoke = acts(opening.revoke, matches=True)


RESOURCES = {"inbox": Inbox, "calendars": Calendars}
