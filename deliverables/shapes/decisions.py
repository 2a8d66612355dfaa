"""What the API tells of the decision log, and takes in."""

from typing import Any

from rest_framework import serializers

from deliverables.models import Agreement, Decision, DecisionLink, Score
from engagements.api.charter import CHARTER, RIGHT
from practice.models import Contact, Member, StoredFile
from practice.models.people import Hat
from practice.rest.filters import Filter, search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

OF = (*ROW, "client", "engagement")
Text = serializers.CharField

DECISION = Shape(
    "Decision",
    Decision,
    *OF,
    "number",
    "status",
    "charter",
    "right",
    "code",
    "hat",
    "holder",
    "decider",
    "deputy",
    "recorder",
    "origin",
    "evidence_note",
    "evidence",
    "question",
    "context",
    "options",
    "chosen",
    "reason",
    "amount",
    "currency",
    "rate",
    "rate_on",
    "rate_source",
    "counted_amount",
    "counted_currency",
    "spend_on",
    "horizon",
    "review_on",
    "reviewed_at",
    "review_note",
    "client_sees",
    "over_limit",
    "client_agreed",
    "taken_at",
    "decided_at",
    "closed_at",
    "closed_reason",
    "supersedes",
    "superseded_by",
    right_label="right__label",
    decider_name="decider__user__name",
    holder_name="holder__user__name",
    recorder_name="recorder__user__name",
    expands={"client": CLIENT, "charter": CHARTER, "right": RIGHT, "decider": MEMBER},
)
AGREEMENT = Shape(
    "Agreement",
    Agreement,
    *OF,
    "decision",
    "asked",
    "hat",
    "why",
    "given_at",
    "member",
    "contact",
    "recorded_by",
    "evidence_note",
    "evidence",
    member_name="member__user__name",
    contact_name="contact__name",
    expands={"decision": DECISION},
)
SCORE = Shape(
    "Score",
    Score,
    *OF,
    "decision",
    "hat",
    "option",
    "impact",
    "feasibility",
    "note",
    "member",
    expands={"decision": DECISION},
)
LINK = Shape(
    "DecisionLink",
    DecisionLink,
    *OF,
    "decision",
    "kind",
    "target_id",
    "title",
    expands={"decision": DECISION},
)

AMOUNT = {"max_digits": 14, "decimal_places": 2}
FILTERS: dict[str, Any] = {
    "amount_from": Filter("amount__gte", serializers.DecimalField(**AMOUNT)),
    "amount_until": Filter(
        "amount__lte", serializers.DecimalField(**AMOUNT, help_text="Up to and including it.")
    ),
    "q": search("question", "context", "reason", "closed_reason", "review_note", "code"),
}
ASKED = {
    "open": Filter(
        "given_at__isnull", serializers.BooleanField(help_text="Only what nobody has answered.")
    )
}


def form(name: str, base: type = Plain, /, **fields: Any) -> Any:
    return type(name, (base,), fields)


OPTION = form(
    "DecisionOption",
    label=Text(max_length=200),
    note=Text(max_length=2000, required=False, allow_blank=True),
)
ABOUT = form("DecisionAbout", kind=Text(max_length=40), id=serializers.UUIDField())
SAYS = (
    "hat",
    "question",
    "context",
    "chosen",
    "reason",
    "amount",
    "currency",
    "rate",
    "rate_on",
    "rate_source",
    "spend_on",
    "horizon",
    "review_on",
    "client_sees",
)


def own(**more: Any) -> dict[str, Any]:
    return {
        "code": Text(max_length=12, help_text="The right, by its code in the charter in force."),
        "options": OPTION(many=True, help_text="What was considered, the chosen one among it."),
        "links": ABOUT(many=True, required=False, help_text="What it is about."),
        **more,
    }


DECIDE = serializers.BooleanField(
    required=False, help_text="Take it at once, as who wears the hat."
)
PROPOSAL = Input.of(Decision, "engagement", "supersedes", *SAYS, **own(decide=DECIDE))
CHANGE = Input.of(Decision, "supersedes", *SAYS, name="DecisionChange", **own())
SUCCESSOR = Input.of(
    Decision,
    *(name for name in SAYS if name != "hat"),
    name="DecisionSuccessor",
    **own(
        decide=DECIDE,
        code=Text(max_length=12, required=False, help_text="The same right, without a word."),
        hat=serializers.ChoiceField(choices=Hat.choices, required=False),
    ),
)
ELSEWHERE = {
    "note": Text(max_length=2000, help_text="Where and how."),
    "evidence": Scoped(StoredFile, required=False, allow_null=True),
    "said_on": serializers.DateField(required=False, allow_null=True),
}
ON_BEHALF = form(
    "DecideOnBehalfInput",
    decider=Scoped(
        Member, required=False, allow_null=True, help_text="The deputy, where they decided."
    ),
    **ELSEWHERE,
)
AGREED_ON_BEHALF = form(
    "AgreeOnBehalfInput", contact=Scoped(Contact, help_text="The sponsor who agreed."), **ELSEWHERE
)
UNDER = serializers.ChoiceField(
    choices=Hat.choices,
    required=False,
    help_text="The hat that is asked; none for the sponsor, and for a second person.",
)
AGREE = form("AgreeInput", hat=UNDER)
REJECT = form("RejectInput", hat=UNDER, reason=Text(max_length=2000))
WITHDRAW = form("DecisionWithdrawInput", reason=Text(max_length=2000, required=False))
REVIEW = form(
    "ReviewInput",
    note=Text(max_length=4000),
    review_on=serializers.DateField(required=False, allow_null=True, help_text="The next one."),
)
SHARE = form("ShareInput", client_sees=serializers.BooleanField())
SCORED = Input.of(
    Score,
    "hat",
    "impact",
    "feasibility",
    "note",
    option=serializers.IntegerField(
        min_value=1, max_value=12, required=False, help_text="The chosen one, without a word."
    ),
)

Money = serializers.DecimalField
VERDICT = form(
    "DecisionVerdict",
    serializers.Serializer,
    state=serializers.ChoiceField(choices=["decided", "awaiting", "refused"]),
    right=Text(),
    label=Text(),
    holders=serializers.ListField(child=Text()),
    sentence=Text(),
    asks=form(
        "DecisionAsk", serializers.Serializer, asked=Text(), hat=Text(allow_blank=True), why=Text()
    )(many=True),
    over_limit=serializers.BooleanField(),
    counted=Money(allow_null=True, **AMOUNT),
    spent=Money(allow_null=True, **AMOUNT),
    per_decision=Money(allow_null=True, **AMOUNT),
    per_period=Money(allow_null=True, **AMOUNT),
    limit_currency=Text(allow_blank=True),
    scores=serializers.ListField(child=Text(), help_text="Hats that have to score first."),
)
ONE = form(
    "ReportedDecision",
    serializers.Serializer,
    id=serializers.UUIDField(),
    number=serializers.IntegerField(),
    question=Text(),
    hat=Text(),
    review_on=serializers.DateField(allow_null=True),
)
REPORT = form(
    "DecisionReport",
    serializers.Serializer,
    engagement=serializers.UUIDField(),
    decided=serializers.IntegerField(),
    rights_never_used=form("UnusedRight", serializers.Serializer, code=Text(), label=Text())(
        many=True
    ),
    without_review=ONE(many=True),
    review_overdue=ONE(many=True),
    hats=form(
        "HatShareOfDecisions",
        serializers.Serializer,
        hat=Text(),
        decided=serializers.IntegerField(),
        share=serializers.IntegerField(allow_null=True, help_text="In per cent."),
    )(many=True),
)
