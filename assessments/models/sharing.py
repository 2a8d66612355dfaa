"""The client's AI register behind a link, for somebody who audits it and has no account."""

from django.db import models

from practice.models.shared import SharedLink, link_constraints
from practice.reach import Reach


class RegisterShare(SharedLink):
    """A link to one client's register as it stands at the moment of looking."""

    reach = Reach(
        "register_share",
        clients=("client_id",),
        secret=("token_hash",),
        personal=("recipient",),
    )
    word = "register_share"

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = "link to the AI register", "links to the AI register"
        constraints = link_constraints("register_share")
        indexes = [models.Index(fields=["practice", "client", "id"], name="register_share_of")]
