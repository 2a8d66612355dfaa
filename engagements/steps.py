"""Which step along the spectrum a proposal is, or why it is none. Pure: points, phases and what changes go in."""

from dataclasses import dataclass

from engagements import spectrum
from engagements.models.base import Point
from engagements.models.course import MoveKind
from practice.refusals import Conflict


class MoveNotAllowed(Conflict):
    code, sentence = "move_not_allowed", "The spectrum has no such move from here."


class SameAsPresent(Conflict):
    code, sentence = "same_as_present", "This is how it is already: same point, same terms."


@dataclass(frozen=True)
class Place:
    """Where an engagement stands; without a point, before its beginning."""

    point: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Step:
    kind: str
    phase: str
    needs_agreement: bool


def step(
    present: Place, *, to_point: str, to_phase: str = "", changed: bool, commercial: bool
) -> Step:
    """`changed`: anything but point and phase is other than now; `commercial`: something that is paid for is."""
    kind = spectrum.moves().get((present.point, to_point))
    if kind is None:
        raise MoveNotAllowed
    phase = to_phase or _phase(present, to_point)
    if phase != _phase(present, to_point):
        return _step_of_phase(present, to_point, phase, changed)
    if kind != MoveKind.TERMS:
        return Step(kind, phase, needs_agreement=True)
    # A sprint ends by itself: one more under the same terms is a new sprint, and a new yes.
    another = to_point == Point.SPRINT
    if not changed and not another:
        raise SameAsPresent
    return Step(kind, phase, needs_agreement=commercial or another)


def _phase(present: Place, to_point: str) -> str:
    """The phase goes on across intensities, and begins with the retainer."""
    if not spectrum.points()[to_point].phased:
        return ""
    return present.phase or spectrum.first_phase(to_point)


def _step_of_phase(present: Place, to_point: str, phase: str, changed: bool) -> Step:
    if not spectrum.points()[to_point].phased:
        raise MoveNotAllowed("Only a retainer has phases.")
    if not present.point:
        # A retainer that was running before it came here begins in the phase it is in.
        return Step(MoveKind.BEGIN, phase, needs_agreement=True)
    if (
        to_point != present.point
        or changed
        or phase != spectrum.next_phase(_phase(present, to_point))
    ):
        raise MoveNotAllowed("A phase is followed by the next one, and by nothing else at once.")
    return Step(MoveKind.PHASE, phase, needs_agreement=False)
