"""The incident log over REST."""

from rest_framework import serializers

from assessments import incidents
from assessments.models import Incident
from assessments.shapes import estate as shapes
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain
from practice.rest.resource import Resource, acts, adds, changes

KNOWN = (
    "title",
    "severity",
    "serious",
    "what_happened",
    "runbook",
    "started_at",
    "ended_at",
    "external_id",
)
FOUND = {"found_at": serializers.DateTimeField(required=False, help_text="Without it now.")}


class CloseIncidentInput(Plain):
    learned = serializers.CharField(max_length=8000)
    ended_at = serializers.DateTimeField(
        required=False, help_text="Where it was not put down before."
    )


class Incidents(Resource):
    """What went wrong with AI systems, what was done, and what was learnt."""

    model, shape = Incident, shapes.INCIDENT
    filters = ("client", "system", "severity", "status", "serious", "found_at", "external_id")
    own_filters = {"q": search("title", "what_happened")}
    ordering = ("found_at", "id")
    create = adds(incidents.add, Input.of(Incident, "system", *KNOWN, name="NewIncident", **FOUND))
    partial_update = changes(incidents.change, Input.of(Incident, *KNOWN, **FOUND))
    contain = acts(incidents.contain, matches=True)
    reopen = acts(incidents.reopen, matches=True)
    close = acts(incidents.close, CloseIncidentInput, matches=True)


RESOURCES = {"incidents": Incidents}
