"""Clients and what belongs to one: contacts, seats, team, competitors."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from django.utils.dates import MONTHS
from unfold.decorators import display

from practice import access, clients, contacts, invitations, seats
from practice.desk import show
from practice.desk.site import desk
from practice.models import Assignment, Client, Competitors, Contact, Seat
from practice.sites import Act, ScopedAdmin, Section, VerbForm
from practice.sites.forms import month_field

FEES = ("day_rate", "po_number")


@register(Client, site=desk)
class ClientAdmin(ScopedAdmin):
    intro = "Companies the practice works for, talks to, or has worked for."
    empty = "No clients yet. Add the first company you talk to as a prospect."
    list_display = ("name", "stands", "responsible", "country", "people", "fiscal_year")
    list_filter = ("status", "responsible", "country")
    list_select_related = ("responsible__user",)
    search_fields = ("name", "legal_name", "industry")
    ordering = ("name", "id")
    add_verb = staticmethod(clients.add)
    change_verb = staticmethod(clients.change)
    add_fields = change_fields = (
        "name",
        "legal_name",
        "industry",
        "status",
        "responsible",
        "country",
        "time_zone",
        "currency",
        "fiscal_year_start",
        *FEES,
    )
    fieldsets = (
        ("Company", {"fields": ["name", "legal_name", "industry", "status", "responsible"]}),
        (
            "Where and when",
            {"fields": ["country", "time_zone", "currency", "fiscal_year_start"]},
        ),
        ("Commercial", {"fields": [*FEES]}),
    )
    sections = (
        Section(
            "Contacts",
            Contact,
            on="client",
            columns=(
                ("Name", str),
                ("Role", Contact.get_role_display),
                ("Title", lambda row: row.title),
                ("Can sign in", lambda row: "Yes" if row.user_id and row.active else "No"),
            ),
            order=("name",),
            empty="Nobody yet. Add the sponsor first: they decide who else gets in.",
        ),
        Section(
            "Executive seats today",
            Seat,
            on="client",
            columns=(
                ("Seat", lambda row: row.hat),
                ("State", Seat.get_status_display),
                ("Holder", lambda row: row.holder),
                ("Since", lambda row: row.since_on),
            ),
            order=("hat",),
            where={"until_on": None},
            empty="No seat recorded. Say who is CTO, CAIO, CIO and CDO today, or that nobody is.",
        ),
        Section(
            "Team",
            Assignment,
            on="client",
            columns=(
                ("Member", lambda row: row.member),
                ("Hat", lambda row: row.get_hat_display() or "In support"),
                ("Conflict", lambda row: "Serves a competitor" if row.conflict else ""),
            ),
            joined=("member__user",),
            order=("created_at",),
        ),
        Section(
            "Competitors",
            Competitors,
            on="one|other",
            columns=(("Pair", str),),
            joined=("one", "other"),
            empty="None marked.",
        ),
    )
    stands = show.status(show.CLIENT_STATUS)

    @display(description="Contacts", ordering="contacts_count")
    def people(self, row: Client) -> int:
        return row.contacts_count

    @display(description="Fiscal year from", ordering="fiscal_year_start")
    def fiscal_year(self, row: Client) -> str:
        return str(MONTHS[row.fiscal_year_start])

    def changeable(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Those who set fees and nothing else (finance) still change those."""
        may = request.here.actor  # type: ignore[attr-defined]
        fees = access.may(may, "client", "set_fees")
        rest = access.may(may, "client", "change")
        return tuple(n for n in self.change_fields if (fees if n in FEES else rest))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        here = request.here  # type: ignore[attr-defined]
        home = {
            "responsible": here.place.pk,
            "time_zone": here.practice.time_zone,
            "currency": here.practice.currency,
            "country": here.practice.country,
        }
        return {**home, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return month_field(field) if db_field.name == "fiscal_year_start" else field


@register(Contact, site=desk)
class ContactAdmin(ScopedAdmin):
    intro = "The people at your clients, with or without a login to the portal."
    empty = "No contacts yet. Add the sponsor of a client first."
    list_display = ("name", "client", "role", "title", "email", "signs_in", "active")
    list_filter = ("client", "role", "active")
    list_select_related = ("client",)
    search_fields = ("name", "email", "title")
    ordering = ("name", "id")
    add_verb = staticmethod(contacts.add)
    change_verb = staticmethod(contacts.change)
    add_fields = ("client", "name", "email", "title", "role")
    change_fields = ("name", "email", "title", "role", "active")
    fieldsets = (
        (None, {"fields": ["client", "name", "email", "title", "role", "active", "signs_in"]}),
    )
    readonly_fields = ("signs_in",)
    acts = (
        Act(
            "invite",
            "Invite to the portal",
            invitations.invite_contact,
            explain="{0} gets a mail with a link for a login of their own. It works once and replaces any open one.",
            done="{0} has been invited.",
            action="add",
            resource="invitation",
            when=lambda row: row.active and row.user_id is None and bool(row.email),
            icon="outgoing_mail",
        ),
    )

    @display(description="Can sign in", boolean=True)
    def signs_in(self, row: Contact) -> bool:
        return row.user_id is not None and row.active


class SeatForm(VerbForm):
    class Meta:
        help_texts = {"since_on": "From when this holds. What held before ends that day."}


@register(Seat, site=desk)
class SeatAdmin(ScopedAdmin):
    intro = (
        "Who holds which executive seat at a client. A change begins a new stretch; the past stays."
    )
    empty = "No seats recorded yet."
    form = SeatForm
    list_display = ("hat", "client", "stands", "holder", "reports_to", "since_on", "until_on")
    list_filter = (
        show.narrowed("when", "Present", "Present and past", until_on=None),
        "client",
        "hat",
        "status",
    )
    list_select_related = ("client",)
    search_fields = ("holder", "client__name")
    ordering = ("client__name", "hat", "-since_on", "id")
    add_verb = staticmethod(seats.record)
    change_verb = staticmethod(seats.correct)
    add_fields = ("client", "hat", "status", "holder", "reports_to", "since_on")
    change_fields = ("holder", "reports_to")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "client",
                    "hat",
                    "status",
                    "holder",
                    "reports_to",
                    "since_on",
                    "until_on",
                ]
            },
        ),
    )
    readonly_fields = ("until_on",)
    stands = show.status(show.SEAT_STATUS)


@register(Competitors, site=desk)
class CompetitorsAdmin(ScopedAdmin):
    intro = "Clients who compete. A member who serves both needs a reason on record."
    empty = "No competitors marked."
    list_display = ("__str__", "created_at")
    list_select_related = ("one", "other")
    ordering = ("one__name", "id")
    add_verb = staticmethod(clients.mark_competitors)
    remove_verb = staticmethod(clients.unmark_competitors)
    add_fields = ("one", "other")
    fieldsets = ((None, {"fields": ["one", "other"]}),)
