"""Links to a client's AI register at the desk: made and shown once."""

from django.contrib.admin import register

from assessments import register_sharing
from assessments.desk.links import AddressShownOnce, EndingForm
from assessments.models import RegisterShare
from practice.desk.shared_links import MADE, SEEN, SharedLinkAdmin
from practice.desk.site import desk


class ShareForm(EndingForm):
    class Meta:
        labels = {"recipient": "For whom"}
        help_texts = {
            "recipient": "The person and their firm. The name stands on the page and in the list of links.",
        }


@register(RegisterShare, site=desk)
class RegisterShareAdmin(AddressShownOnce, SharedLinkAdmin):
    intro = (
        "Addresses where somebody without an account, such as a client's auditor, reads its register of AI "
        "systems: who answers for each, its class, and what applies when. No sums, notes or incidents."
    )
    empty = "No links yet. Make one for whoever audits a client."
    told_in = "assessments/desk/register_link.html"
    form = ShareForm
    list_display = ("recipient", "client", *SEEN)
    list_filter = ("client",)
    list_select_related = ("client", "made_by__user", "practice")
    search_fields = ("recipient", "client__name")
    add_verb = staticmethod(register_sharing.share)
    add_fields = ("client", "recipient", "expires_at")
    readonly_fields = (*list_display, *MADE)
