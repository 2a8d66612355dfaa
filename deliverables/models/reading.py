"""Which of a deliverable's rows a contact reads: what was released to them by name, and not taken back."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

if TYPE_CHECKING:
    from practice.access import Actor


def read_by(actor: "Actor", own: str, theirs: str) -> Q:
    """Rows whose column `own` is the column `theirs` of something released to this contact."""
    # By name: the recipients' model is made of models that ask this.
    recipient = apps.get_model("deliverables", "Recipient")
    released = recipient.objects.filter(contact_id=actor.id).exclude(release__state="withdrawn")
    return Q(**{f"{own}__in": released.order_by().values(theirs)})
