"""What owners are told of their webhooks."""

import datetime

from django.conf import settings

from practice import mail
from practice.models import Notice, Webhook
from practice.notices import Letter


def disabled(notice: Notice, now: datetime.datetime) -> Letter | None:
    rows = Webhook.objects.select_related("practice").defer("practice__logo")
    webhook = rows.filter(pk=notice.subject_id).first()
    if webhook is None or webhook.status != Webhook.Status.DISABLED:
        return None
    return mail.plain(
        f"The webhook “{webhook.name}” was stopped",
        webhook.practice,
        lines=[
            f"Remit no longer sends events to “{webhook.name}”. The reason: "
            f"{webhook.get_disabled_by_display().lower()}.",
            "Nothing is lost yet: when you start it again, it takes up what happened in the last seven days.",
        ],
        action="Look at the webhook",
        link=f"{settings.REMIT_URL}/desk/practice/webhook/{webhook.pk}/change/",
    )
