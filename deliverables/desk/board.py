"""The plan of one engagement at the desk: a column for each hat, the next day first, and adding to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliverables import owed, planning, split, split_gate, standing
from deliverables.desk.owed import TONES
from deliverables.desk.owed_forms import AddForm
from deliverables.models import ACCEPTED, Deliverable, DeliverableStatus
from deliverables.plans import SPLIT
from engagements import wearing
from engagements.desk.dialogs import Dialog, page
from engagements.desk.engagement import EngagementAdmin
from engagements.desk.engagement_page import under
from engagements.models import Engagement, HatShare
from practice import access
from practice.desk.clients import ClientAdmin
from practice.desk.site import desk
from practice.models.people import Hat
from practice.quarters import local_day
from practice.sites import RowPage, Section

MOST = 300
Status = DeliverableStatus
ADD = Dialog(
    owed.add,
    "One thing more that “{0}” owes, from the catalogue or of our own kinds. The client sees nothing of it until it "
    "is released.",
    "It is on the plan.",
    "Add it",
    AddForm,
    initial=lambda request, row: {
        name: request.GET.get(name, "") for name in ("code", "hat") if request.GET.get(name)
    },
    after=lambda row, result: under(row, "deliverables"),
)
DRAW_UP = Dialog(
    planning.draw_up,
    "What “{0}” will owe by itself, hat by hat, from the catalogue and our own kinds: to be seen, changed and added to "
    "before it begins. Its days count from the first day of the work.",
    "The plan is drawn up.",
    "Draw it up",
    after=lambda row, result: under(row, "deliverables"),
)
BEFORE = (Engagement.Status.DRAFT, Engagement.Status.PROPOSED)


@require_safe
def _board(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    seen = access.visible_to(actor, Deliverable).filter(engagement=row)
    found = list(standing.by_due(standing.joined(seen))[: MOST + 1])
    cards = [_card(one, actor, at) for one in found[:MOST]]
    goes_on = row.status != Engagement.Status.ENDED
    shares = list(HatShare.objects.filter(engagement=row).values_list("hat", flat=True))
    hats = [hat for hat in Hat if hat in shares or any(card["row"].hat == hat for card in cards)]
    adds = goes_on and access.may(actor, *_ADDS)
    add = under(row, "deliverable-add") if adds else ""
    planned = any(card["row"].planned_as for card in cards)
    context = {
        **desk.each_context(request),
        "title": f"Deliverables: {row}",
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        "columns": [_column(hat, cards, add) for hat in hats],
        "dropped": [card for card in cards if card["row"].status == Status.DROPPED],
        "more": len(found) > MOST,
        "all": f"{desk.link(Deliverable)}?engagement__id__exact={row.pk}&state=all",
        "any": bool(cards),
        "split": _split(row, at),
        "add": add,
        "draw_up": under(row, "deliverable-plan")
        if adds and row.status in BEFORE and not planned
        else "",
    }
    return TemplateResponse(request, "deliverables/desk/board.html", context)


_ADDS = ("deliverable", "add")


def _split(row: Engagement, at: Any) -> dict[str, Any] | None:
    """S2-V4, where one person wears both hats: which half is missing or thin."""
    if row.status == Engagement.Status.ENDED or not wearing.is_combined(
        row, local_day(at, row.client.time_zone)
    ):
        return None
    idle, held_back = (split.lacking(row, by) for by in (split.BEGUN, split.DELIVERED))
    thin = [pair for pair in split.pairs([row.pk]).values() if pair.thin]
    unplanned = split_gate.missing(row, at)
    lines = [
        f"{Hat(hat).label}: nothing of its own is under way yet."
        if hat in idle
        else f"{Hat(hat).label}: under way, and nothing of it is before the client yet."
        if hat in held_back
        else f"{Hat(hat).label}: something of its own is before the client."
        for hat in SPLIT
    ]
    lines += [
        f"The CAIO's part is thin: {pair.share} % of the words of the two, and at least "
        f"{split.THICK_ENOUGH} % are expected."
        for pair in thin
    ]
    return {"lines": [*unplanned, *lines], "wrong": bool(unplanned or idle or thin)}


def _column(hat: Hat, cards: list[dict[str, Any]], add: str) -> dict[str, Any]:
    own = [c for c in cards if c["row"].hat == hat and c["row"].status != Status.DROPPED]
    return {
        "hat": hat,
        "cards": own,
        "accepted": sum(card["row"].status in ACCEPTED for card in own),
        "late": sum(card["late"] for card in own),
        "add": f"{add}?hat={hat}" if add else "",
    }


def _card(row: Deliverable, actor: Any, at: Any) -> dict[str, Any]:
    days = standing.days_left(row, at)
    may = access.may(actor, "deliverable", "change")
    runs = row.engagement.status != Engagement.Status.ENDED
    datable = row.status not in (*owed.WITH_CLIENT, Status.DROPPED)
    return {
        "row": row,
        "link": desk.page_of(row),
        "tone": TONES[Status(row.status)],
        "left": standing.left(days),
        "late": days is not None and days < 0,
        "turn": standing.waits_for(row),
        "day": under(row, "day") if may and runs and datable else "",
    }


EngagementAdmin.pages = tuple(
    sorted(
        (
            *EngagementAdmin.pages,
            RowPage(
                "deliverables",
                "Deliverables",
                lambda admin, request, row: _board(request, admin, row),
                "deliverable",
            ),
            page(
                "deliverable-add",
                "Add a deliverable",
                ADD,
                "deliverable",
                action="add",
                offered=False,
            ),
            page(
                "deliverable-plan",
                "Draw up the plan",
                DRAW_UP,
                "deliverable",
                action="add",
                offered=False,
            ),
        ),
        # What cannot be taken back stays last among the buttons.
        key=lambda one: one.danger,
    )
)
ClientAdmin.sections = (
    *ClientAdmin.sections,
    Section(
        "Deliverables that are due",
        Deliverable,
        on="client",
        columns=(
            ("Deliverable", str),
            ("Hat", lambda row: row.get_hat_display()),
            ("Due", lambda row: row.due_on),
            ("State", lambda row: row.get_status_display()),
        ),
        where={"status__in": standing.OPEN},
        order=("due_on",),
        longest=8,
        wide=True,
        empty="Nothing is owed. What an engagement's plan holds appears here.",
    ),
)
