"""What the API tells of board reports and their parts, and takes in."""

from rest_framework import serializers

from deliverables.models import (
    BoardAnswer,
    BoardAsk,
    BoardReading,
    BoardReport,
    BoardSection,
    Contribution,
)
from deliverables.shapes.decisions import OF, form
from engagements.models import Engagement
from practice.models import Contact, Member
from practice.models.people import Hat
from practice.rest.inputs import Scoped
from practice.rest.shapes import Shape
from practice.shapes import CLIENT

Text = serializers.CharField

REPORT = Shape(
    "BoardReport",
    BoardReport,
    *OF,
    "quarter",
    "starts_on",
    "ends_on",
    "edition",
    "corrects",
    "correction",
    "status",
    "by_choice",
    "author",
    "title",
    "cover_line",
    "confidentiality",
    "as_of",
    "reviewer",
    "submitted_at",
    "reviewed_by",
    "reviewed_at",
    "review_note",
    "issued_by",
    "issued_at",
    "sha256",
    "log_head",
    "log_length",
    "acknowledged_at",
    expands={"client": CLIENT},
)
SECTION = Shape(
    "BoardSection",
    BoardSection,
    *OF,
    "report",
    "key",
    "title",
    "place",
    "mandatory",
    "words",
    "writer",
)
ASK = Shape(
    "BoardAsk", BoardAsk, *OF, "report", "number", "question", "context", "options", "code", "hat"
)
ANSWER = Shape(
    "BoardAnswer",
    BoardAnswer,
    *OF,
    "report",
    "ask",
    "chosen",
    "note",
    "contact",
    "recorded_by",
    "evidence_note",
    "decision",
    "not_logged",
)
READING = Shape(
    "BoardReading",
    BoardReading,
    *OF,
    "report",
    "contact",
    "first_opened_at",
    "last_opened_at",
    "times_opened",
    "acknowledged_at",
)
CONTRIBUTION = Shape(
    "BoardContribution",
    Contribution,
    *OF,
    "report",
    "section",
    "person",
    "question",
    "made_by",
    "expires_at",
    "revoked_at",
    "answer",
    "answered_at",
    "taken_at",
)

NEW = form(
    "BoardReportInput",
    engagement=Scoped(Engagement),
    on=serializers.DateField(
        required=False, help_text="A day of the quarter; without it today where the client is."
    ),
)
CHANGE = form(
    "BoardReportChange",
    title=Text(max_length=160, required=False),
    cover_line=Text(max_length=200, required=False, allow_blank=True),
    confidentiality=Text(max_length=200, required=False, allow_blank=True),
    author=Scoped(Member, required=False),
)
EDITION = form(
    "BoardEditionInput", correction=Text(max_length=2000, help_text="What is corrected.")
)
SUBMIT = form("BoardSubmitInput", reviewer=Scoped(Member))
PASS = form(
    "BoardReviewInput",
    note=Text(max_length=2000, required=False, allow_blank=True),
    self_reason=Text(max_length=2000, required=False, allow_blank=True),
)
SEND_BACK = form("BoardSendBackInput", note=Text(max_length=2000))
ADD_SECTION = form("BoardSectionInput", key=Text(max_length=20))
WORDS = form(
    "BoardSectionChange",
    title=Text(max_length=120, required=False),
    words=Text(max_length=20000, required=False, allow_blank=True),
)
OPTIONS = serializers.ListField(child=Text(max_length=200), min_length=2, max_length=12)
ASKED = form(
    "BoardAskInput",
    question=Text(max_length=200),
    context=Text(max_length=8000, required=False, allow_blank=True),
    options=OPTIONS,
    code=Text(max_length=12, required=False, allow_blank=True),
    hat=serializers.ChoiceField(choices=[("", "None"), *Hat.choices], required=False),
)
ASK_CHANGE = form(
    "BoardAskChange",
    question=Text(max_length=200, required=False),
    context=Text(max_length=8000, required=False, allow_blank=True),
    options=serializers.ListField(
        child=Text(max_length=200), min_length=2, max_length=12, required=False
    ),
    code=Text(max_length=12, required=False, allow_blank=True),
    hat=serializers.ChoiceField(choices=[("", "None"), *Hat.choices], required=False),
)
CHOSEN = serializers.IntegerField(min_value=1, max_value=12, help_text="Which option, from 1.")
ANSWERED = form(
    "BoardAnswerInput",
    chosen=CHOSEN,
    note=Text(max_length=4000, required=False, allow_blank=True),
)
PUT_DOWN = form(
    "BoardAnswerPutDown",
    contact=Scoped(Contact),
    chosen=serializers.IntegerField(min_value=1, max_value=12),
    evidence_note=Text(max_length=2000),
    note=Text(max_length=4000, required=False, allow_blank=True),
)
CONTRIBUTE = form(
    "BoardContributionInput",
    person=Text(max_length=120, help_text="Who is asked."),
    question=Text(max_length=2000),
    expires_at=serializers.DateTimeField(
        required=False, help_text="Within 60 days; by default in 14."
    ),
)
FLAG = form("BoardFlag", serializers.Serializer, place=Text(), label=Text())
SEAL = form(
    "BoardSeal",
    serializers.Serializer,
    sha256=Text(),
    log_head=Text(),
    log_length=serializers.IntegerField(),
    issued_at=serializers.DateTimeField(),
)
DOCUMENT = form(
    "BoardDocument",
    serializers.Serializer,
    content=serializers.JSONField(),
    seal=SEAL(allow_null=True),
    flags=FLAG(many=True),
)
