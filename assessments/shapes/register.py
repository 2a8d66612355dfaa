"""The forms of what the register's files come to."""

from rest_framework import serializers

from assessments.register_rows import ACTIONS
from assessments.shapes import form

Text, Flag, Whole = serializers.CharField, serializers.BooleanField, serializers.IntegerField

FAULT = form(
    "RegisterFault",
    column=Text(allow_blank=True, help_text="Empty: the row as a whole."),
    why=Text(),
)
ROW = form(
    "RegisterRow",
    line=Whole(help_text="Where the row begins, as an editor counts."),
    action=serializers.ChoiceField(choices=ACTIONS),
    id=serializers.UUIDField(allow_null=True),
    external_id=Text(allow_blank=True),
    name=Text(allow_blank=True),
    columns=serializers.ListField(child=Text(), help_text="Fields that change."),
    errors=FAULT(many=True),
)
TAKEN = form(
    "RegisterImport",
    kind=Text(),
    written=Flag(),
    counts=form("RegisterCounts", **{name: Whole() for name in ACTIONS})(),
    left_out=serializers.ListField(child=Text(), help_text="Headings that name no column."),
    rows=ROW(many=True),
)
