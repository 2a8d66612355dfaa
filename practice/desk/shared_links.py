"""Links to something at the desk, whatever they lead to: how each stands, how often somebody looked, and revoking it."""

from django.utils import timezone
from unfold.decorators import display

from practice import shared_links
from practice.desk import show
from practice.models.shared import SharedLink
from practice.sites import Act, ScopedAdmin

WORDS = {"open": "Open", "revoked": "Revoked", "expired": "Expired"}
TONES = {"open": "success", "revoked": "default", "expired": "warning"}
SEEN = ("stands", "views", "last_viewed_at", "expires_at")
MADE = ("revoked_at", "made_by")


def state(row: SharedLink) -> str:
    return shared_links.state(row, timezone.now())


class SharedLinkAdmin(ScopedAdmin):
    ordering = ("-id",)
    acts = (
        Act(
            "revoke",
            "Revoke",
            shared_links.revoke,
            explain="The address sent to {0.recipient} stops working at once.",
            done="The link is revoked.",
            when=lambda row: state(row) == "open",
            icon="block",
            danger=True,
        ),
    )

    @display(description="State", label=TONES)
    def stands(self, row: SharedLink) -> show.Badge:
        return show.Badge(state(row), WORDS[state(row)])
