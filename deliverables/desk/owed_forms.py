"""What the desk's pages of a deliverable ask for. Judging it is left to the verbs."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from unfold.widgets import UnfoldAdminFileFieldWidget

from deliverables import accepting, catalogue, releasing, reviewing
from deliverables.models import (
    Deliverable,
    DeliverableStatus,
    DeliverableVersion,
    OwnKind,
    Recipient,
    Release,
)
from deliverables.owed import WITH_CLIENT
from engagements import stages
from engagements.desk.dialogs import AskForm
from engagements.desk.forms import day, hats_of, words
from practice import access, files
from practice.models import Contact, Member
from practice.quarters import local_day

UP_TO = f"Up to {files.LARGEST // 1024 // 1024} MB."


class Lines(forms.CharField):
    """A list of sentences, one a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


def team(actor: Any, client_id: Any) -> Any:
    """Who works for a client."""
    rows = access.visible_to(actor, Member).filter(active=True).select_related("user")
    works = Q(role=access.OWNER) | Q(assignments__client=client_id)
    return rows.filter(works).distinct().order_by("user__name", "id")


def owner(actor: Any, client_id: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        team(actor, client_id), label="Owner", required=False, empty_label="Who leads"
    )


def kinds(actor: Any, hats: set[str]) -> list[Any]:
    """What can be owed under these hats: the catalogue's kinds, and one's own."""
    fit = [
        (code, f"{code} {kind.title}")
        for code, kind in catalogue.kinds().items()
        if not kind.hats or hats & set(kind.hats)
    ]
    own = access.visible_to(actor, OwnKind).filter(retired_at=None, hat__in=hats).order_by("code")
    groups: list[Any] = [("Catalogue", fit)]
    mine = [(row.code, str(row)) for row in own]
    return [*groups, ("Our own kinds", mine)] if mine else groups


class AddForm(AskForm):
    """Of an engagement: one thing more that is owed."""

    code = forms.ChoiceField(label="Kind")
    hat = forms.ChoiceField(label="Hat", required=False)
    title = forms.CharField(
        label="Title",
        max_length=160,
        required=False,
        help_text="Left empty: as the kind is called.",
    )
    due_on = day("Due on", required=False, help_text="Left empty: no day yet.")

    def ask(self) -> None:
        hats = hats_of(self.row)
        self.fields["code"].choices = kinds(self.actor, {hat for hat, _ in hats})  # type: ignore[attr-defined]
        self.fields["hat"].choices = [("", "As the kind has it"), *hats]  # type: ignore[attr-defined]
        self.fields["owner"] = owner(self.actor, self.row.client_id)

    def chosen(self) -> dict[str, Any]:
        # A day that was left empty was not set by hand.
        return {n: v for n, v in super().chosen().items() if n != "due_on" or v is not None}


class ChangeForm(AskForm):
    title = forms.CharField(label="Title", max_length=160)
    criteria = Lines(
        label="Criteria", required=False, help_text="One a line. Ticked at acceptance."
    )
    note = words("Note", longest=4000, required=False, help_text="For ourselves alone.")

    def ask(self) -> None:
        self.fields["owner"] = owner(self.actor, self.row.client_id)
        self.order_fields(["title", "owner"])
        if self.row.status in WITH_CLIENT:
            # The client relies on these.
            del self.fields["title"], self.fields["criteria"]

    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class DayForm(AskForm):
    due_on = day("Due on", required=False, help_text="At the client. Left empty: no day.")


class NoteForm(AskForm):
    note = forms.CharField(label="What is new", max_length=400, required=False)


class UploadForm(AskForm):
    file = forms.FileField(label="File", widget=UnfoldAdminFileFieldWidget, help_text=UP_TO)
    note = forms.CharField(label="What is new", max_length=400, required=False)

    def chosen(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        content = file.read(files.LARGEST + 1)
        return {"name": file.name or "file", "content": content, "note": self.cleaned_data["note"]}


class SubmitForm(AskForm):
    def ask(self) -> None:
        than = {self.actor.id, self.row.latest and self.row.latest.author_id}
        rows = reviewing.others(self.row, than).select_related("user").order_by("user__name", "id")
        one = forms.ModelChoiceField(
            rows, label="Who looks at it", required=False, empty_label="Whoever has time"
        )
        if not rows.exists():
            one.empty_label = "Nobody else is here"
            one.help_text = (
                "Nobody else works for this client: you pass it on yourself, and say why."
            )
        self.fields["reviewer"] = one


class PassForm(AskForm):
    note = words("What you say to it", longest=4000, required=False)

    def ask(self) -> None:
        if own_work(self.row, self.actor.id):
            self.fields["self_reason"] = words(
                "Why nobody else looks at it", longest=400, help_text="It stays on record."
            )


class BackForm(AskForm):
    note = words("What is wanting", longest=4000)


class WhyForm(AskForm):
    reason = words("Why it is not owed", longest=400)


class SayForm(AskForm):
    body = words("Comment", longest=8000)


def role(contact: Contact) -> str:
    answers = "" if releasing.may_answer(contact) else ", reads only"
    return f"{contact.name} ({contact.get_role_display().lower()}{answers})"


class ReleaseForm(AskForm):
    answer_by = day("Answer by", required=False)
    message = words("Message to them", longest=4000, required=False)

    def ask(self) -> None:
        contacts = access.visible_to(self.actor, Contact).filter(
            client=self.row.client_id, active=True
        )
        to = forms.ModelMultipleChoiceField(
            contacts.order_by("name", "id"),
            label="To",
            widget=forms.CheckboxSelectMultiple,
            help_text="They alone see it.",
        )
        to.label_from_instance = role  # type: ignore[method-assign, assignment]
        last = Release.objects.filter(deliverable=self.row).order_by("-id").first()
        if last is not None:
            to.initial = list(last.recipients.values_list("contact", flat=True))
        self.fields["to"] = to
        self.order_fields(["to"])
        today = local_day(timezone.now(), self.row.client.time_zone)
        answer: Any = self.fields["answer_by"]
        answer.initial = today + datetime.timedelta(days=releasing.ANSWER_DAYS)
        stage = stages.present(self.row.engagement)
        silence = bool(stage and stage.silence_accepts)
        answer.help_text = (
            "The terms count silence after this day as a yes, once two reminders were sent."
            if silence
            else "Silence is not a yes: they are reminded, and nothing is accepted by itself."
        )


class OnBehalfForm(AskForm):
    answer = forms.ChoiceField(
        label="Answer",
        choices=[(one.value, one.label) for one in accepting.ANSWERS],
    )
    remarks = words(
        "Remarks", longest=8000, required=False, help_text="Needed with everything but a plain yes."
    )
    note = words(
        "Where and how was it said?", help_text="A meeting, a letter, a mail of which day."
    )
    said_on = day("On", required=False, help_text="Left empty: today.")
    evidence = forms.FileField(
        label="Evidence",
        widget=UnfoldAdminFileFieldWidget,
        help_text=f"The mail or the signed page. {UP_TO}",
    )

    def ask(self) -> None:
        release = open_release(self.row)
        named = Recipient.objects.filter(release=release).select_related("contact")
        able = [one.contact_id for one in named if releasing.may_answer(one.contact)]
        contacts = access.visible_to(self.actor, Contact).filter(pk__in=able)
        self.fields["contact"] = forms.ModelChoiceField(
            contacts.order_by("name", "id"), label="Whose word", initial=contacts.first()
        )
        if release is not None and release.criteria:
            self.fields["criteria"] = forms.TypedMultipleChoiceField(
                label="Found met",
                coerce=int,
                required=False,
                choices=list(enumerate(release.criteria, start=1)),
                widget=forms.CheckboxSelectMultiple,
                help_text="A plain yes needs all of them.",
            )
        self.order_fields(["contact", "answer", "criteria"])


def draft(row: Deliverable) -> DeliverableVersion | None:
    there = row.latest is not None and row.latest.state == DeliverableVersion.State.DRAFT
    return row.latest if there else None


def open_release(row: Deliverable) -> Release | None:
    return Release.objects.filter(deliverable=row, state="open").first()


def own_work(row: Deliverable, member_id: Any) -> bool:
    """Whether what lies in review is of this member's own hand."""
    review = row.reviews.filter(state="open").select_related("pinned").first()
    return review is not None and member_id in (review.asked_by_id, review.pinned.author_id)


def may_pass(row: Deliverable, member_id: Any) -> bool:
    """One's own work only where nobody else could."""
    if row.status != DeliverableStatus.IN_REVIEW:
        return False
    review = row.reviews.filter(state="open").select_related("pinned").first()
    if review is None:
        return False
    hands: set[object] = {review.asked_by_id, review.pinned.author_id}
    return member_id not in hands or not reviewing.others(row, hands).exists()


def may_be_released(row: Deliverable) -> bool:
    """Somebody at the client could answer, and sees the engagement at all."""
    if row.engagement.status == row.engagement.Status.DRAFT:
        return False
    contacts = Contact.objects.filter(client=row.client_id, active=True)
    return any(releasing.may_answer(contact) for contact in contacts)
