"""A charter as desk and portal show it: the matrix with sentences, limits in words, what differs from the one in force."""

from collections.abc import Callable
from typing import Any

from engagements import charter_views, charters
from engagements.models import Charter, SpendingLimit

# Ways to read the same rights: what it is called, what it says of itself.
VIEWS: dict[str, tuple[str, Callable[..., dict[str, Any]], str]] = {
    "": ("Matrix", charter_views.matrix, ""),
    "rapid": (
        "RAPID",
        charter_views.rapid,
        "D decides, A must agree, I gives input. Who recommends and who performs, a charter does not say.",
    ),
    "raci": (
        "RACI",
        charter_views.raci,
        "Who decides is accountable; who must agree or gives input is consulted. Who is responsible for the work and "
        "who is informed, a charter does not say.",
    ),
}


def facts(charter: Charter, *, view: str = "") -> dict[str, Any]:
    """The same for both doors; what may be done with it is theirs to say."""
    view = view if view in VIEWS else ""
    _, table, key = VIEWS[view]
    hats = charters.hats_of(charter.engagement)
    told = charters.content(charter)
    former = None
    if charter.status in ("draft", "offered"):
        former = charters.in_force(charter.engagement)
    return {
        "charter": charter,
        "matrix": table(told["rights"], hats),
        "view": view,
        "view_key": key,
        "views": [(name, label) for name, (label, *_) in VIEWS.items()],
        "limits": [charter_views.limit_sentence(limit) for limit in told["limits"]],
        "former": former,
        "changes": charter_views.differences(charters.content(former), told) if former else [],
        "seen": charters.digest(told),
    }


def limits_of(charter: Charter) -> dict[str, SpendingLimit]:
    return {limit.hat: limit for limit in SpendingLimit.objects.filter(charter=charter)}
