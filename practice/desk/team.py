"""The practice itself and its people: members, who serves whom, invitations."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from practice import assignments, invitations, members, practices
from practice.desk import show
from practice.desk.site import desk
from practice.models import Assignment, Invitation, Member, Practice
from practice.policies import Policy, policies
from practice.sites import Act, ScopedAdmin, Section, VerbForm


@register(Member, site=desk)
class MemberAdmin(ScopedAdmin):
    intro = "Your colleagues. New ones join by invitation."
    list_display = ("__str__", "email", "role", "active")
    list_filter = ("role", "active")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    ordering = ("user__name", "id")
    change_verb = staticmethod(members.change)
    change_fields = ("role", "active")
    readonly_fields = ("person", "email")
    fieldsets = ((None, {"fields": ["person", "email", "role", "active"]}),)
    sections = (
        Section(
            "Serves",
            Assignment,
            on="member",
            columns=(
                ("Client", lambda row: row.client),
                ("Hat", lambda row: row.get_hat_display() or "In support"),
                ("Conflict", lambda row: "Serves a competitor" if row.conflict else ""),
            ),
            joined=("client",),
            order=("client__name",),
        ),
    )

    @display(description="Name")
    def person(self, row: Member) -> str:
        return row.user.name

    @display(description="E-mail", ordering="user__email")
    def email(self, row: Member) -> str:
        return row.user.email


class AssignmentForm(VerbForm):
    reason = forms.CharField(
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget,
        label="Reason, if the member also serves a competitor",
        help_text="Goes on record. Without one, serving two competitors is refused.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget, label="Reason")


@register(Assignment, site=desk)
class AssignmentAdmin(ScopedAdmin):
    intro = "Who may see and work for which client, and under which hat."
    empty = "Nobody is assigned yet."
    form = AssignmentForm
    list_display = ("member", "client", "wears", "flag")
    list_filter = ("client", "member", "hat", "conflict")
    list_select_related = ("member__user", "client")
    search_fields = ("member__user__name", "client__name")
    ordering = ("client__name", "member__user__name", "id")
    add_verb = staticmethod(assignments.assign)
    remove_verb = staticmethod(assignments.withdraw)
    add_fields = ("client", "member", "hat", "reason")
    readonly_fields = ("wears", "flag", "conflict_reason")
    fieldsets = (
        (None, {"fields": ["client", "member", "hat", "reason", "flag", "conflict_reason"]}),
    )
    acts = (
        Act(
            "give-reason",
            "Put a reason on record",
            assignments.give_reason,
            explain="{0} also serves a competitor of this client. Say why that is acceptable, and who agreed.",
            done="The reason is on record.",
            when=lambda row: row.conflict,
            form=ReasonForm,
            icon="gavel",
        ),
    )

    @display(description="Hat", ordering="hat")
    def wears(self, row: Assignment) -> str:
        return row.get_hat_display() or "In support"

    @display(
        description="Conflict",
        ordering="conflict",
        label={"open": "danger", "reasoned": "warning"},
    )
    def flag(self, row: Assignment) -> Any:
        if not row.conflict:
            return ""
        return ("reasoned", "On record") if row.conflict_reason else ("open", "Needs a reason")


@register(Invitation, site=desk)
class InvitationAdmin(ScopedAdmin):
    intro = "Who has been asked in. Contacts are invited from their own page."
    empty = "No invitations yet. Invite a colleague here, or a client's contact from their page."
    list_display = ("email", "into", "stands", "invited_by", "expires_at")
    list_filter = ("status", "client")
    list_select_related = ("client", "invited_by__user")
    search_fields = ("email", "name")
    ordering = ("-created_at", "-id")
    add_verb = staticmethod(invitations.invite_member)
    add_action = "invite_member"
    add_fields = ("email", "name", "role")
    readonly_fields = ("into",)
    fieldsets = (
        (
            None,
            {"fields": ["email", "name", "role", "into", "status", "invited_by", "expires_at"]},
        ),
    )
    acts = (
        Act(
            "revoke",
            "Revoke",
            invitations.revoke,
            explain="The link sent to {0.email} stops working. You can send a new one later.",
            done="The invitation is revoked.",
            when=lambda row: row.status == Invitation.Status.PENDING,
            icon="block",
            danger=True,
        ),
    )
    stands = show.status(show.INVITATION_STATUS)

    @display(description="As")
    def into(self, row: Invitation) -> str:
        return f"Contact of {row.client}" if row.client_id else row.get_role_display()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kw)
        if "role" in form.base_fields:
            # Empty in the table for contacts; a colleague always has one.
            form.base_fields["role"].required = True
        return form


POLICY = "policy_"


def _policy_field(policy: Policy) -> forms.Field:
    if policy.kind == "number":
        least, greatest = int(policy.values[0]), int(policy.values[1])
        return forms.IntegerField(
            min_value=least,
            max_value=greatest,
            label=policy.label,
            initial=int(policy.default),
            widget=UnfoldAdminIntegerFieldWidget,
        )
    choices = [(value, value) for value in policy.values]
    return forms.ChoiceField(
        choices=choices, label=policy.label, initial=policy.default, widget=UnfoldAdminSelectWidget
    )


class PracticeForm(VerbForm):
    """One question per policy; the table keeps the answers as one object."""

    shown_at = {"logo": "picture"} | {f"policy.{key}": POLICY + key for key in policies()}
    locals().update({POLICY + key: _policy_field(policy) for key, policy in policies().items()})

    picture = forms.FileField(
        required=False,
        label="Logo",
        widget=UnfoldAdminFileFieldWidget,
        help_text="PNG, JPEG or WebP, at most 1 MB. It is drawn anew as a small picture.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, value in self.instance.policy.items():
            self.initial[POLICY + key] = value


@register(Practice, site=desk)
class PracticeAdmin(ScopedAdmin):
    form = PracticeForm
    list_display = ("name",)
    ordering = ("name",)
    change_verb = staticmethod(practices.change)
    change_fields = (
        "name",
        "colour",
        "picture",
        "time_zone",
        "currency",
        "country",
        *(POLICY + key for key in policies()),
    )
    fieldsets = (
        ("Face", {"fields": ["name", "colour", "picture"]}),
        ("Where", {"fields": ["country", "time_zone", "currency"]}),
        ("Choices", {"fields": [POLICY + key for key in policies()]}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("logo")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one."""
        return HttpResponseRedirect(self.admin_site.page_of(request.here.practice))  # type: ignore[attr-defined]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What only a form knows is not shown to those who may not change it."""
        if self.has_change_permission(request):
            return super().get_fieldsets(request, obj)
        columns = {field.name for field in Practice._meta.get_fields()}
        groups = super().get_fieldsets(request, obj)
        kept = [(t, {**o, "fields": [n for n in o["fields"] if n in columns]}) for t, o in groups]
        return [(title, options) for title, options in kept if options["fields"]]

    def do_change(self, row: Practice, **how: Any) -> Practice:
        picture = how.pop("picture", None)
        asked = {name: how.pop(name) for name in list(how) if name.startswith(POLICY)}
        if asked:
            chosen = {name.removeprefix(POLICY): value for name, value in asked.items()}
            how["policy"] = {**row.policy, **chosen}
        changed = practices.change(row, **how)
        if picture:
            by, at = how["by"], how["at"]
            changed = practices.set_logo(changed, by=by, at=at, image=picture.read())
        return changed
