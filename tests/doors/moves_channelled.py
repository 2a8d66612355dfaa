"""Valid calls for the agenda's own routes, one's inbox and calendars, webhooks and their deliveries."""

import datetime

from django.utils import timezone

from tests.doors.channelled import URL
from tests.doors.moving import Body, Move, always, nothing
from tests.doors.world import World


def _later(world: World, place: str) -> Body:
    # Within twelve months of the real moment, whenever that is; the same for the whole day.
    soon = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return {"until": (soon + datetime.timedelta(days=30)).isoformat()}


def _new_feed(world: World, place: str) -> Body:
    return {"scope": "client", "scope_id": world.id(place, "client")}


def _new_webhook(world: World, place: str) -> Body:
    told = {"name": "Ledger", "url": URL, "kinds": ["client.*"]}
    return {**told, "client": world.id(place, "client")}


OWN_TIMES = {"kind": "intensity_review", "before": "14d, 0s"}
MOVES = {
    "POST agenda/{id}/snooze/": Move("agendaentry", _later, ("agenda.snoozed",)),
    "POST agenda/{id}/done/": Move("agendaentry", nothing, ("agenda.done",), at="date"),
    "POST reminder-times/": Move("remindertimes", always(**OWN_TIMES), ("reminder_times.set",)),
    "PATCH reminder-times/{id}/": Move(
        "remindertimes", always(before="14d"), ("reminder_times.changed",)
    ),
    "DELETE reminder-times/{id}/": Move("remindertimes", nothing, ("reminder_times.withdrawn",)),
    "POST inbox/{id}/mark-read/": Move("inboxitem", nothing, ("notice.read",)),
    "POST inbox/{id}/mark-unread/": Move(
        "inboxitem", nothing, ("notice.unread",), at="inbox item read"
    ),
    "POST inbox/mark-all-read/": Move("inboxitem", nothing, ("inbox.read",)),
    "POST calendars/": Move("feed", _new_feed, ("feed.opened",)),
    "POST calendars/{id}/revoke/": Move("feed", nothing, ("feed.revoked",)),
    "POST webhooks/": Move("webhook", _new_webhook, ("webhook.added",)),
    "PATCH webhooks/{id}/": Move("webhook", always(name="Renamed"), ("webhook.changed",)),
    "DELETE webhooks/{id}/": Move("webhook", nothing, ("webhook.removed",)),
    "POST webhooks/{id}/rotate/": Move("webhook", always(grace_hours=24), ("webhook.rotated",)),
    "POST webhooks/{id}/disable/": Move("webhook", nothing, ("webhook.disabled",)),
    "POST webhooks/{id}/enable/": Move(
        "webhook", nothing, ("webhook.enabled",), at="webhook stopped"
    ),
    "POST deliveries/{id}/replay/": Move("delivery", nothing, ("notice.replayed",)),
}
