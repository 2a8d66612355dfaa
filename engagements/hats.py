"""The hats of an engagement and what share of the work each should get. Together they are the whole."""

import datetime

from django.db.models import Q

from assessments.models import Choice
from engagements.models import Engagement, HatShare, Wearing
from practice import rows
from practice.access import Actor
from practice.models.people import Hat
from practice.refusals import Conflict, Invalid


class HatWorn(Conflict):
    code, sentence = "hat_worn", "Somebody wears this hat; take it off first."


def check(hats: dict[str, int]) -> None:
    """Known hats whose shares total 100; none at all is fine while it is drafted."""
    wrong = []
    if unknown := sorted(set(hats) - set(Hat.values)):
        wrong.append(f"Not a hat: {', '.join(unknown)}. One of: {', '.join(Hat.values)}.")
    if any(not 0 <= share <= 100 for share in hats.values()):
        wrong.append("A share is from 0 to 100 per cent.")
    elif hats and sum(hats.values()) != 100:
        wrong.append(f"The shares total {sum(hats.values())} per cent; they have to total 100.")
    if wrong:
        raise Invalid({"hats": wrong})


def of_choice(choice: Choice) -> dict[str, int]:
    """The hats that were recommended, in equal shares; what does not divide goes to the first."""
    if not choice.hats:
        return {}
    share, rest = divmod(100, len(choice.hats))
    return {hat: share + (rest if i == 0 else 0) for i, hat in enumerate(choice.hats)}


def set_shares(
    engagement: Engagement, hats: dict[str, int], *, by: Actor, at: datetime.datetime
) -> None:
    """Make the hats what they should be. The calling verb holds the engagement and has asked who may."""
    check(hats)
    there = {share.hat: share for share in HatShare.objects.filter(engagement=engagement)}
    gone = sorted(set(there) - set(hats))
    open_end = Q(until_on=None)
    if Wearing.objects.filter(open_end, engagement=engagement, hat__in=gone).exists():
        raise HatWorn
    for hat in gone:
        rows.remove(there[hat], by=by, at=at, kind="hat.removed")
    for hat, target in hats.items():
        if hat in there:
            rows.change(there[hat], {"target": target}, by=by, at=at, kind="hat.changed")
        else:
            share = HatShare(
                practice_id=engagement.practice_id,
                client_id=engagement.client_id,
                engagement=engagement,
                hat=hat,
                target=target,
            )
            rows.add(share, by=by, at=at, kind="hat.added")
