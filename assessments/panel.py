"""The panel: what the lenses say side by side. Votes are counted per facet, never averaged, and dissent is always shown."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from assessments import conflicts, evaluation, facts, library, whatif
from assessments.evaluation import INCOMPLETE, Result
from assessments.lenses import program
from practice import book

NEXT_SEAT, END_SHAPE = "next_seat", "end_shape"
FACETS = (NEXT_SEAT, END_SHAPE)
SPLIT, DECIDE = "SPLIT", "DECIDE"
LEAST_COMMITMENT, FIRST_CONVERSATION = "ADVISORY", "FIRST_CONVERSATION"


@dataclass(frozen=True)
class Vote:
    lens: str
    outcome: str
    next_seat: str
    end_shape: str
    when: str = "true"


@dataclass(frozen=True)
class Gate:
    code: str
    when: str
    sources: tuple[str, ...]
    against: tuple[str, ...]
    """Rules of a source that holds the opposite; the text states both sides."""
    text: str


@dataclass(frozen=True)
class Note:
    code: str
    lens: str
    outcome: str
    when: str
    text: str
    items: str = ""


@dataclass(frozen=True)
class Rules:
    version: int
    votes: tuple[Vote, ...]
    gates: tuple[Gate, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Sitting:
    """One panel: what was known, what each lens was told and what it said."""

    known: dict[str, Any]
    asked: dict[str, dict[str, Any]]
    results: dict[str, Result]


@cache
def rules() -> Rules:
    file = facts.DATA / "panel.toml"
    return book.build(Rules, book.read(file), file)


def evaluate(given: Any) -> dict[str, Any]:
    """All lenses over one set of facts. Raises BadAnswers for facts that cannot be read."""
    known = facts.read(given)
    lenses = library.shipped()
    asked = {key: facts.answers_for(lens, known) for key, lens in lenses.items()}
    results = {key: evaluation.evaluate(lens, asked[key]) for key, lens in lenses.items()}
    sitting = Sitting(known, asked, results)
    votes = {key: vote for key in results if (vote := _vote(key, sitting))}
    consensus = {
        facet: _consensus([getattr(vote, facet) for vote in votes.values()]) for facet in FACETS
    }
    return {
        "lenses": list(results.values()),
        "votes": [
            {"lens": key, "outcome": vote.outcome, **_facets(vote)} for key, vote in votes.items()
        ],
        "consensus": consensus,
        "dissent": [
            told for key, vote in votes.items() if (told := _dissent(key, vote, consensus, sitting))
        ],
        "gates": _gates(consensus, known),
        "abstentions": [
            {"lens": key, "outcome": results[key]["outcome"], "missing": results[key]["missing"]}
            for key in results
            if key not in votes
        ],
        "notes": _notes(consensus, sitting),
        "conflicts": conflicts.for_facts(known),
        "spectrum_point": results["S4"]["point"],
        "next_step": _next_step(consensus, results),
        "facts": known,
    }


def _facets(vote: Vote) -> dict[str, str]:
    return {facet: getattr(vote, facet) for facet in FACETS}


def _vote(key: str, sitting: Sitting) -> Vote | None:
    """The vote of one lens. The signal lists speak beside the four questions, and for them when those are incomplete."""
    if key == "S2-SIG" and sitting.results["S2-Q"]["outcome"] != INCOMPLETE:
        return None
    return _vote_for(key, sitting.results[key]["outcome"], sitting)


def _vote_for(key: str, outcome: str, sitting: Sitting) -> Vote | None:
    """How the lens votes, or would vote, with this outcome."""
    env = {
        "owner": sitting.known.get("cto_seat") == "filled",
        "lead": sitting.results[key]["lead"] or "",
    }
    fitting = (vote for vote in rules().votes if (vote.lens, vote.outcome) == (key, outcome))
    return next((vote for vote in fitting if program(vote.when).run(env)), None)


def _consensus(votes: list[str]) -> str:
    if len(votes) < 2:
        return DECIDE
    value, count = Counter(votes).most_common(1)[0]
    return value if count * 2 > len(votes) else SPLIT


def _next_step(consensus: dict[str, str], results: dict[str, Result]) -> str | None:
    """Where nothing is agreed, the step that commits least."""
    if not set(consensus.values()) & {SPLIT, DECIDE}:
        return None
    unsure = results["S2-Q"]["outcome"] == "INCONCLUSIVE"
    return FIRST_CONVERSATION if unsure else LEAST_COMMITMENT


def _dissent(
    key: str, vote: Vote, consensus: dict[str, str], sitting: Sitting
) -> dict[str, Any] | None:
    """A lens that votes otherwise: by which rules, on which threshold, and which single answers would bring it round."""
    agreed = {facet: value for facet, value in consensus.items() if value not in (SPLIT, DECIDE)}
    against = [facet for facet, value in agreed.items() if getattr(vote, facet) != value]
    if not against:
        return None
    flips = whatif.flips(library.shipped()[key], sitting.asked[key], sitting.results[key])
    turned_by = []
    for flip in flips:
        other = _vote_for(key, flip["outcome"], sitting)
        if other and all(getattr(other, facet) == agreed[facet] for facet in against):
            turned_by.append(flip)
    return {
        "lens": key,
        "outcome": vote.outcome,
        "facets": against,
        "rules": sitting.results[key]["reasons"],
        "threshold": _threshold(key, turned_by, flips, sitting),
        "turned_by": turned_by,
    }


def _threshold(
    key: str, turned_by: list[whatif.Flip], flips: list[whatif.Flip], sitting: Sitting
) -> dict[str, Any] | None:
    """The answer that made the difference: one that would bring the lens round if there is one, else one that its rule
    rests on. Among several, the first in the order in which the lens asks."""
    lens = library.shipped()[key]
    rule = evaluation.decided_by(lens, sitting.asked[key])
    resting = lens.behind([rule.when])
    decisive = [flip for flip in flips if flip["question"].rpartition("-")[2] in resting]
    found = next(iter([*turned_by, *decisive, *flips]), None)
    return {**found, "brings_round": found in turned_by} if found else None


def _notes(consensus: dict[str, str], sitting: Sitting) -> list[dict[str, Any]]:
    return [
        {
            "lens": note.lens,
            "code": note.code,
            "items": sitting.results[note.lens][note.items] if note.items else [],
            "text": note.text,
        }
        for note in rules().notes
        if sitting.results[note.lens]["outcome"] == note.outcome
        and program(note.when).run(consensus)
    ]


def _gates(consensus: dict[str, str], known: dict[str, Any]) -> list[dict[str, Any]]:
    env = {
        **consensus,
        "cto_seat": known.get("cto_seat", ""),
        "depth": known.get("candidate_production_ai_depth") == "yes",
        "rights": known.get("decision_rights_written") == "yes",
    }
    return [
        {
            "code": gate.code,
            "sources": list(gate.sources),
            "against": list(gate.against),
            "text": gate.text,
        }
        for gate in rules().gates
        if program(gate.when).run(env)
    ]
