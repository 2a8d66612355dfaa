"""The ground floor over REST: practice, people, clients, keys, events, agenda, notices."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from practice import (
    access,
    agenda_acts,
    assignments,
    clients,
    contacts,
    invitations,
    keys,
    members,
    notices,
    practices,
    preferences,
    reminder_times,
    seats,
    shapes,
)
from practice.models import (
    AgendaEntry,
    ApiKey,
    Assignment,
    Client,
    Competitors,
    Contact,
    Event,
    Invitation,
    Member,
    Notice,
    Practice,
    Preference,
    ReminderTimes,
    Seat,
)
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, removes
from practice.rest.schema import Problem


class Practices(Resource):
    """The practice one belongs to: a list of one."""

    model, shape = Practice, shapes.PRACTICE
    partial_update = changes(
        practices.change,
        Input.of(Practice, "name", "colour", "time_zone", "currency", "country", "policy"),
    )


class Members(Resource):
    model, shape = Member, shapes.MEMBER
    filters = ("role", "active")
    partial_update = changes(members.change, Input.of(Member, "role", "active"))


CLIENT_INPUT = Input.of(
    Client,
    "name",
    "legal_name",
    "industry",
    "country",
    "time_zone",
    "currency",
    "fiscal_year_start",
    "status",
    "day_rate",
    "po_number",
    responsible=Scoped(Member, required=False),
)


class Clients(Resource):
    model, shape = Client, shapes.CLIENT
    filters = ("status", "country", "responsible")
    own_filters = {"q": search("name", "legal_name")}
    ordering = ("name", "created_at", "id")
    create = adds(clients.add, CLIENT_INPUT)
    partial_update = changes(clients.change, CLIENT_INPUT)


class Assignments(Resource):
    model, shape = Assignment, shapes.ASSIGNMENT
    filters = ("member", "client", "hat", "conflict")
    create = adds(
        assignments.assign,
        Input.of(
            Assignment,
            "member",
            "client",
            "hat",
            reason=serializers.CharField(max_length=2000, required=False),
        ),
    )
    destroy = removes(assignments.withdraw)
    give_reason = acts(
        assignments.give_reason,
        type("ReasonInput", (Plain,), {"reason": serializers.CharField(max_length=2000)}),
        matches=True,
    )


class Contacts(Resource):
    model, shape = Contact, shapes.CONTACT
    filters = ("client", "role", "active")
    create = adds(contacts.add, Input.of(Contact, "client", "name", "email", "title", "role"))
    partial_update = changes(
        contacts.change,
        Input.of(Contact, "name", "email", "title", "role", "active", name="ContactChange"),
    )
    invite = acts(invitations.invite_contact)


class CompetitorPairs(Resource):
    model, shape = Competitors, shapes.COMPETITORS
    create = adds(clients.mark_competitors, Input.of(Competitors, "one", "other"))
    destroy = removes(clients.unmark_competitors)


class Seats(Resource):
    """Dated stretches; the one without an end is the present."""

    model, shape = Seat, shapes.SEAT
    filters = ("client", "hat", "status", "since_on")
    create = adds(
        seats.record, Input.of(Seat, "client", "hat", "status", "holder", "reports_to", "since_on")
    )
    partial_update = changes(
        seats.correct, Input.of(Seat, "holder", "reports_to", name="SeatCorrection")
    )


class Invitations(Resource):
    model, shape = Invitation, shapes.INVITATION
    filters = ("status", "client", "contact")
    create = adds(
        invitations.invite_member,
        Input.of(Invitation, "email", "name", role=serializers.ChoiceField(choices=Member.Role)),
    )
    revoke = acts(invitations.revoke, matches=True)


class NewKey(serializers.Serializer):
    """The only time the secret is shown."""

    secret = serializers.CharField(
        allow_null=True, help_text="The key itself; null when a repeat is answered."
    )


NEW_KEY = type("NewApiKey", (shapes.API_KEY.serializer, NewKey), {})


class Keys(Resource):
    model, shape = ApiKey, shapes.API_KEY
    create = adds(
        keys.make,
        Input.of(
            ApiKey,
            "name",
            "client",
            scopes=serializers.ListField(
                child=serializers.ChoiceField(choices=sorted(access.SCOPES)), max_length=5
            ),
            expires_at=serializers.DateTimeField(required=False),
        ),
        answer=NEW_KEY,
    )
    rotate = acts(
        keys.rotate,
        type(
            "RotateInput",
            (Plain,),
            {"grace_hours": serializers.IntegerField(min_value=0, max_value=720, required=False)},
        ),
        answer=NEW_KEY,
    )
    revoke = acts(keys.revoke, matches=True)


class Events(Resource):
    model, shape = Event, shapes.EVENT
    filters = ("kind", "client", "subject_kind", "subject_id", "actor_id", "at", "source")
    ordering = ("id", "at")


class Agenda(Resource):
    model, shape = AgendaEntry, shapes.AGENDA_ENTRY
    filters = ("status", "kind", "client", "owner", "due_at")
    ordering = ("due_at", "id")
    snooze = acts(
        agenda_acts.snooze,
        type("SnoozeInput", (Plain,), {"until": serializers.DateTimeField()}),
        matches=True,
    )
    done = acts(agenda_acts.finish, matches=True)


class ReminderTimesOfKinds(Resource):
    """A practice's own offsets of the reminders of one kind, in place of the book's."""

    model, shape = ReminderTimes, shapes.REMINDER_TIMES
    filters = ("kind",)
    create = adds(reminder_times.set_for, Input.of(ReminderTimes, "kind", "before"))
    partial_update = changes(
        reminder_times.change, Input.of(ReminderTimes, "before", name="ReminderTimesChange")
    )
    destroy = removes(reminder_times.withdraw)


class Notices(Resource):
    model, shape = Notice, shapes.NOTICE
    filters = ("status", "kind", "channel", "client")
    replay = acts(notices.replay)


class MeAnswer(serializers.Serializer):
    kind = serializers.CharField()
    role = serializers.CharField()
    name = serializers.CharField()
    practice = serializers.UUIDField()
    client = serializers.UUIDField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField())
    now = serializers.DateTimeField()


class Me(APIView):
    """Who the credential speaks for."""

    @extend_schema(operation_id="me", responses={"200": MeAnswer, ("default", MEDIA_TYPE): Problem})
    def get(self, request: Any) -> Response:
        actor = request.auth
        return Response(
            {
                "kind": actor.kind,
                "role": actor.role,
                "name": actor.name,
                "practice": actor.practice_id,
                "client": actor.client_id,
                "scopes": sorted(actor.scopes),
                "now": timezone.now(),
            }
        )


PREFERENCE_INPUT = Input.of(
    Preference,
    *preferences.FIELDS,
    name="PreferenceChange",
    time_zone=serializers.CharField(max_length=64, allow_blank=True, required=False),
)


class PreferenceAnswer(serializers.Serializer):
    digest = serializers.ChoiceField(choices=Preference.Digest)
    digest_hour = serializers.IntegerField()
    digest_day = serializers.IntegerField(help_text="Of a weekly digest: 0 is Monday.")
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    time_zone = serializers.CharField(help_text="In which the hours are meant.")


class MyPreferences(APIView):
    """When one wants to hear of what is due. Each person's own; a key has none."""

    @extend_schema(
        operation_id="me_preferences",
        responses={"200": PreferenceAnswer, ("default", MEDIA_TYPE): Problem},
    )
    def get(self, request: Any) -> Response:
        access.require(request.auth, "preference", "view")
        return self._answer(request.auth)

    @extend_schema(
        operation_id="me_preferences_change",
        request=PREFERENCE_INPUT,
        responses={"200": PreferenceAnswer, ("default", MEDIA_TYPE): Problem},
    )
    def patch(self, request: Any) -> Response:
        access.require(request.auth, "preference", "change")
        checked = PREFERENCE_INPUT(data=request.data, partial=True, context={"actor": request.auth})
        checked.is_valid(raise_exception=True)
        preferences.choose(by=request.auth, at=timezone.now(), **checked.validated_data)
        return self._answer(request.auth)

    def _answer(self, actor: Any) -> Response:
        choice = preferences.of_recipients([actor.credential])[actor.credential]
        facts = {name: getattr(choice, name) for name in preferences.FIELDS}
        return Response(PreferenceAnswer({**facts, "time_zone": choice.zone}).data)
