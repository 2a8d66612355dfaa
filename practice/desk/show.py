"""How the desk's columns read: badges, and names instead of ids."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from unfold.decorators import display

from practice.models import Client, Invitation, Notice, Seat, Webhook

CLIENT_STATUS = {
    Client.Status.PROSPECT: "info",
    Client.Status.ACTIVE: "success",
    Client.Status.FORMER: "default",
}
SEAT_STATUS = {
    Seat.Status.NONE: "warning",
    Seat.Status.PARTIAL: "info",
    Seat.Status.FILLED: "success",
}
INVITATION_STATUS = {
    Invitation.Status.PENDING: "info",
    Invitation.Status.ACCEPTED: "success",
    Invitation.Status.REVOKED: "default",
    Invitation.Status.EXPIRED: "warning",
}
NOTICE_STATUS = {
    Notice.Status.WAITING: "info",
    Notice.Status.TAKEN: "info",
    Notice.Status.DONE: "success",
    Notice.Status.DEAD: "danger",
    Notice.Status.CANCELLED: "default",
}
WEBHOOK_STATUS = {Webhook.Status.ACTIVE: "success", Webhook.Status.DISABLED: "warning"}


def words(kind: str) -> str:
    """A kind of event or notice as people read it."""
    return kind.replace(".", " ").replace("_", " ").capitalize()


class Badge(tuple[str, str]):
    """A state and its words. A list shows both as a badge; a row's own page shows the words."""

    def __new__(cls, state: str, words: str) -> "Badge":
        return super().__new__(cls, (str(state), words))

    def __str__(self) -> str:
        return self[1]


def narrowed(name: str, first: str, rest: str, **only: Any) -> type[SimpleListFilter]:
    """A list that begins with the rows people come for, and shows all when asked."""

    class Narrowed(SimpleListFilter):
        title = parameter_name = name

        def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
            return [("all", rest)]

        def choices(self, changelist: Any) -> Any:
            for value, label in ((None, first), ("all", rest)):
                query = changelist.get_query_string({name: value} if value else {}, [name])
                yield {"selected": self.value() == value, "query_string": query, "display": label}

        def queryset(self, request: Any, queryset: Any) -> Any:
            return queryset if self.value() == "all" else queryset.filter(**only)

    return Narrowed


def status(kinds: dict[Any, str]) -> Any:
    """A column that shows the row's status as a badge; its words say all, the colour only helps."""

    @display(description="Status", ordering="status", label={str(k): v for k, v in kinds.items()})
    def badge(self: Any, row: Any) -> Badge:
        return Badge(row.status, row.get_status_display())

    return badge


@display(description="Active", boolean=True, ordering="active")
def active(self: Any, row: Any) -> bool:
    return row.active
