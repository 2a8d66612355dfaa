"""Files that prove something: signed contracts, receipts, evidence. Their bytes lie in the store of files."""

from django.db import models

from practice.models.base import TenantRow
from practice.reach import Reach


class StoredFile(TenantRow):
    """One file as it was handed in; a corrected one is another row."""

    reach = Reach(
        "file",
        clients=("client_id",),
        personal=("name",),
        secret=("stored_as",),
        commercial="commercial",
    )
    append_only = True

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    # What the bytes are, as we found; never what the sender said.
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Tells of fees (a signed contract): for those whose role may see them.
    commercial = models.BooleanField(default=False)
    # The random name under which practice/file_store.py finds the bytes.
    stored_as = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name = "file"
        constraints = [
            # Begins with the name, so that the sweep, which asks for all practices, finds it by this index.
            models.UniqueConstraint(fields=["stored_as", "practice"], name="file_stored_once"),
            models.CheckConstraint(condition=~models.Q(stored_as=""), name="file_is_stored"),
        ]

    def __str__(self) -> str:
        return self.name
