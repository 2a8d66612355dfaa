"""Classifications under the law, evidence, and what vendors of models were asked for, over REST."""

from rest_framework import serializers

from assessments import evidence, gpai
from assessments.models import Classification, Evidence, VendorEvidence
from assessments.shapes import lawful as shapes
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain
from practice.rest.resource import Resource, acts, adds, changes


class ClassifyInput(Plain):
    answers = serializers.DictField(
        help_text="By question of the lens AI-ACT; what is left out is open."
    )
    placed_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="When it, or the first of its type, was placed on the market or put into service.",
    )
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class Classifications(Resource):
    """How systems were read under the EU AI Act, never changed: the newest of a system counts. Orientation, not legal
    advice."""

    model, shape = Classification, shapes.CLASSIFICATION
    filters = ("client", "system", "tier", "reviewer", "law_version")


EVIDENCE = ("system", "article", "title", "file", "valid_until_on", "note", "external_id")


class Evidences(Resource):
    """What shows that duties of AI governance are met, by system and article."""

    model, shape = Evidence, shapes.EVIDENCE
    filters = ("client", "system", "article", "valid_until_on", "external_id")
    own_filters = {**shapes.STANDING, "q": search("title", "article")}
    create = adds(evidence.add, Input.of(Evidence, "client", *EVIDENCE, name="NewEvidence"))
    partial_update = changes(evidence.change, Input.of(Evidence, *EVIDENCE))
    withdraw = acts(evidence.withdraw, matches=True)


ITEM = ("link", "file", "note")
SAID = {
    "status": serializers.ChoiceField(choices=VendorEvidence.Status.choices, required=False),
    "status_on": serializers.DateField(required=False, help_text="Without it today."),
}


class VendorEvidences(Resource):
    """What vendors of general-purpose models were asked for: their duties, not the client's. Confirm with counsel."""

    model, shape = VendorEvidence, shapes.VENDOR_EVIDENCE
    filters = ("client", "vendor", "item", "status")
    create = adds(
        gpai.add,
        Input.of(
            VendorEvidence,
            "vendor",
            *ITEM,
            name="NewVendorEvidence",
            item=serializers.ChoiceField(
                choices=[(key, item.label) for key, item in gpai.checklist().items.items()]
            ),
            **SAID,
        ),
    )
    partial_update = changes(gpai.change, Input.of(VendorEvidence, *ITEM, **SAID))


RESOURCES = {
    "classifications": Classifications,
    "evidence": Evidences,
    "vendor-evidence": VendorEvidences,
}
