"""What the API tells of deliverables, and takes in."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from deliverables.kinds import LONGEST_CRITERION, MOST_CRITERIA
from deliverables.models import (
    Comment,
    Deliverable,
    DeliverableVersion,
    InternalReview,
    OwnKind,
    Recipient,
    Release,
    Tick,
)
from deliverables.models.versions import LONGEST
from deliverables.owed import DONE
from deliverables.releasing import MOST
from engagements.models import Engagement
from practice.models import Contact, Member, StoredFile
from practice.models.people import Hat
from practice.rest.filters import Filter, search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

OF = (*ROW, "client", "engagement")
Text = serializers.CharField

_KIND = (*ROW, "code", "title", "hat", "phase", "due_day", "criteria", "retired_at")
KIND = Shape("DeliverableKind", OwnKind, *_KIND)
KIND_WHOLE = Shape("DeliverableKindWhole", OwnKind, *_KIND, "text")

_VERSION = (
    *OF,
    "deliverable",
    "number",
    "author",
    "hat",
    "form",
    "file",
    "note",
    "sha256",
    "size",
    "media_type",
    "words",
    "state",
    "submitted_at",
    "released_at",
)
_AUTHOR = {"author_name": "author__user__name"}
VERSION = Shape("DeliverableVersion", DeliverableVersion, *_VERSION, **_AUTHOR)
VERSION_WHOLE = Shape("DeliverableVersionWhole", DeliverableVersion, *_VERSION, "text", **_AUTHOR)
DELIVERABLE = Shape(
    "Deliverable",
    Deliverable,
    *OF,
    "number",
    "code",
    "catalogue",
    "own_kind",
    "title",
    "hat",
    "owner",
    "due_on",
    "due_fixed",
    "status",
    "stage",
    "criteria",
    "note",
    "dropped_reason",
    "latest",
    "accepted",
    "accepted_at",
    owner_name="owner__user__name",
    latest_number="latest__number",
    accepted_number="accepted__number",
    expands={"client": CLIENT, "owner": MEMBER, "latest": VERSION, "accepted": VERSION},
)
REVIEW = Shape(
    "InternalReview",
    InternalReview,
    *OF,
    "deliverable",
    "pinned",
    "asked_by",
    "reviewer",
    "state",
    "done_by",
    "done_at",
    "self_reason",
    "note",
    asked_by_name="asked_by__user__name",
    done_by_name="done_by__user__name",
    expands={"deliverable": DELIVERABLE, "pinned": VERSION},
)
RELEASE = Shape(
    "Release",
    Release,
    *OF,
    "deliverable",
    "pinned",
    "code",
    "title",
    "hat",
    "sha256",
    "criteria",
    "message",
    "released_by",
    "answer_by",
    "silence_accepts",
    "state",
    "answered_at",
    "contact",
    "remarks",
    "by_silence",
    "recorded_by",
    "evidence_note",
    "evidence",
    pinned_number="pinned__number",
    released_by_name="released_by__user__name",
    contact_name="contact__name",
    recorded_by_name="recorded_by__user__name",
    expands={"client": CLIENT, "deliverable": DELIVERABLE, "pinned": VERSION},
)
RECIPIENT = Shape(
    "ReleaseRecipient",
    Recipient,
    *OF,
    "release",
    "deliverable",
    "pinned",
    "contact",
    "first_opened_at",
    "last_opened_at",
    "times_opened",
    contact_name="contact__name",
    expands={"release": RELEASE},
)
TICK = Shape(
    "ReleaseTick",
    Tick,
    *OF,
    "release",
    "number",
    "contact",
    "recorded_by",
    expands={"release": RELEASE},
)
COMMENT = Shape(
    "DeliverableComment",
    Comment,
    *OF,
    "deliverable",
    "pinned",
    "body",
    "internal",
    "member",
    "contact",
    member_name="member__user__name",
    contact_name="contact__name",
    expands={"deliverable": DELIVERABLE, "pinned": VERSION},
)


class Filled(Filter):
    """Whether there is anything in a column."""

    def q(self, text: str) -> Q:
        empty = not self.kind.run_validation(text)
        return Q(**{f"{self.lookup}__isnull": empty})


class Open(Filter):
    """Or, with no, only what is done with."""

    def q(self, text: str) -> Q:
        done = Q(**{f"{self.lookup}__in": [*DONE, "rejected"]})
        return ~done if self.kind.run_validation(text) else done


FOUND: dict[str, Any] = {"q": search("title", "code")}
OPEN = serializers.BooleanField(help_text="Only what is neither accepted, rejected nor dropped.")
FILTERS = {**FOUND, "open": Open("status", OPEN)}
KINDS = {"retired": Filled("retired_at", serializers.BooleanField())}


def form(name: str, base: type = Plain, /, **fields: Any) -> Any:
    return type(name, (base,), fields)


CRITERIA = serializers.ListField(
    child=Text(max_length=LONGEST_CRITERION),
    required=False,
    max_length=MOST_CRITERIA,
    help_text="Sentences that can be ticked; without a word those of the kind.",
)
BODY = {"trim_whitespace": False, "allow_blank": True, "required": False}
HAT = serializers.ChoiceField(choices=Hat.choices, required=False)
NEW = Input.of(
    Deliverable,
    "engagement",
    "owner",
    "due_on",
    "note",
    name="DeliverableInput",
    code=Text(max_length=12, help_text="A kind of the catalogue, or of one's own."),
    hat=HAT,
    title=Text(max_length=160, required=False, help_text="That of the kind, without a word."),
    criteria=CRITERIA,
)
DRAW_UP = form("DrawUpInput", engagement=Scoped(Engagement))
DRAWN_UP = form(
    "DrawnUp",
    serializers.Serializer,
    deliverables=serializers.ListField(
        child=serializers.UUIDField(), help_text="What is on the plan now, in its order."
    ),
)
CHANGE = Input.of(
    Deliverable,
    "title",
    "owner",
    "due_on",
    "note",
    name="DeliverableChange",
    criteria=CRITERIA,
)
NOTE = Text(max_length=400, required=False, allow_blank=True, help_text="What is new in it.")
WANTING = {"max_length": 4000, "required": False, "allow_blank": True}
DROP = form("DeliverableDropInput", reason=Text(max_length=400))
BEGIN = form(
    "DeliverableBeginInput",
    text=Text(
        max_length=LONGEST,
        help_text="Without a word the last version's text, else what its kind starts from.",
        **BODY,
    ),
    note=NOTE,
)
HAND_IN = form("DeliverableHandInInput", file=Scoped(StoredFile), note=NOTE)
UPLOAD = form(
    "DeliverableUploadInput",
    content=serializers.FileField(
        max_length=1_000, allow_empty_file=True, help_text="At most 10 MB."
    ),
    name=Text(max_length=1_000, required=False, help_text="Else the name the file came with."),
    note=NOTE,
)
PASS_ON = form(
    "DeliverablePassOnInput",
    note=Text(**WANTING),
    self_reason=Text(
        max_length=400,
        required=False,
        allow_blank=True,
        help_text="Of one's own work, where nobody else works for the client.",
    ),
)
SEND_BACK = form(
    "DeliverableSendBackInput", note=Text(max_length=4000, help_text="What is wanting.")
)
TO = serializers.ListField(
    child=Scoped(Contact), min_length=1, max_length=MOST, help_text="Contacts of the client."
)
RELEASED = form(
    "ReleaseInput",
    to=TO,
    answer_by=serializers.DateField(
        required=False, allow_null=True, help_text="Fourteen days on, without a word."
    ),
    message=Text(max_length=4000, required=False, allow_blank=True),
)
SAID = form(
    "DeliverableCommentInput",
    body=Text(max_length=8000),
    internal=serializers.BooleanField(help_text="For the practice's own people alone."),
    pinned=Scoped(DeliverableVersion, required=False, allow_null=True),
)
REVISE = form("DeliverableVersionChange", text=Text(max_length=LONGEST, **BODY), note=NOTE)
SUBMIT = form(
    "DeliverableSubmitInput",
    reviewer=Scoped(Member, required=False, allow_null=True, help_text="Who is to look at it."),
)
NUMBER = serializers.IntegerField(min_value=1, max_value=100, help_text="Counted from 1.")
TICKED = form("ReleaseTickInput", number=NUMBER)
_ANSWER = serializers.ChoiceField(choices=["accepted", "remarks", "changes", "rejected"])
REMARKS = Text(
    max_length=8000, required=False, allow_blank=True, help_text="Needed unless it is accepted."
)
ANSWER = form("ReleaseAnswerInput", answer=_ANSWER, remarks=REMARKS)
ANSWERED_ELSEWHERE = form(
    "ReleaseAnswerOnBehalfInput",
    answer=_ANSWER,
    contact=Scoped(Contact, help_text="Whose word it is."),
    note=Text(max_length=2000, help_text="Where and how."),
    evidence=Scoped(StoredFile),
    remarks=REMARKS,
    criteria=serializers.ListField(
        child=NUMBER, required=False, max_length=100, help_text="Which they found met."
    ),
    said_on=serializers.DateField(required=False, allow_null=True),
)
REPLY = form("ReleaseReplyInput", body=Text(max_length=8000))
_KIND_SAYS = ("title", "hat", "phase", "due_day", "text")
OWN = Input.of(OwnKind, "code", *_KIND_SAYS, name="DeliverableKindInput", criteria=CRITERIA)
OWN_CHANGE = Input.of(OwnKind, *_KIND_SAYS, name="DeliverableKindChange", criteria=CRITERIA)

HUNK = form(
    "Hunk",
    serializers.Serializer,
    old_start=serializers.IntegerField(),
    old_lines=serializers.IntegerField(),
    new_start=serializers.IntegerField(),
    new_lines=serializers.IntegerField(),
    lines=form(
        "HunkLine",
        serializers.Serializer,
        change=serializers.ChoiceField(choices=["same", "gone", "new"]),
        text=Text(allow_blank=True),
    )(many=True),
)
COMPARED = form(
    "VersionsCompared",
    serializers.Serializer,
    old=serializers.UUIDField(allow_null=True),
    new=serializers.UUIDField(),
    hunks=HUNK(many=True),
)
PREVIEW = form("VersionPreview", serializers.Serializer, html=Text())
RECEIPT = form(
    "Receipt",
    serializers.Serializer,
    receipt=Text(help_text="Canonical JSON, to the letter as it was signed."),
    signature=Text(help_text="Ed25519, in hexadecimal digits."),
    public_key=Text(help_text="In hexadecimal digits; it stands among the signing keys."),
)
