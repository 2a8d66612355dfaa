"""Two tables as a careful colleague would make them; the doors on top are what leaks."""

from django.db import models

from practice.models.base import TenantRow
from practice.reach import Reach


class Topic(TenantRow):
    reach = Reach("client", clients=("client_id",))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)

    class Meta:
        app_label = "planted"

    def __str__(self) -> str:
        return self.title


class Note(TenantRow):
    reach = Reach("client", clients=("client_id",))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="notes"
    )
    title = models.CharField(max_length=80)
    # Unique over all practices: the mistake that the leak of that name needs.
    slug = models.CharField(max_length=80, unique=True)

    class Meta:
        app_label = "planted"

    def __str__(self) -> str:
        return self.title
