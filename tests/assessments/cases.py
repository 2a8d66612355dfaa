"""Random answer sets, seeded: full ones and partial ones, numbers at every boundary and one step beside it."""

import random
from typing import Any

from assessments.lenses import Lens, Question

EDGES = {
    "S3-Q1": (1_000_000, 10_000_000, 50_000_000),
    "S3-Q6": (5,),
    "S4-Q1": (2,),
    "S4-Q2": (1_000_000, 1_800_000, 2_000_000, 2_200_000, 10_000_000),
    "S4-Q4": (90, 100, 110),
    "S4-Q12": (200,),
    "S4-Q13": (8, 9, 15, 30),
    "S5-Q1": (5_000_000,),
    "S5-Q2": (20,),
    "S5-Q6": (1, 2),
    "S5-Q7": (500,),
}
# How often a question stays open. Few open ones reach completions, many reach the limit of completions.
SHARES = (0.0, 0.0, 0.0, 0.1, 0.2, 0.5)


def answer_sets(lens: Lens, count: int, seed: int) -> list[dict[str, Any]]:
    rng = random.Random(f"{seed} {lens.key}")
    return [_answers(lens, rng) for _ in range(count)]


def _answers(lens: Lens, rng: random.Random) -> dict[str, Any]:
    share, leaning = rng.choice(SHARES), rng.random()
    given = {}
    for question in lens.questions:
        if rng.random() < share:
            # Left out, said to be open, or null: three ways of the same.
            left_open = rng.choice(("absent", "absent", "unsure", None))
            if left_open != "absent":
                given[question.id] = left_open
        else:
            given[question.id] = _answer(question, rng, leaning)
    return given


def _answer(question: Question, rng: random.Random, leaning: float) -> Any:
    if question.kind == "yes_no":
        # A leaning for the whole set, so that long rows of yes and of no come up too.
        return "yes" if rng.random() < leaning else "no"
    if question.kind == "choice":
        return rng.choice(question.choices)
    if question.kind == "multi":
        return rng.sample(question.choices, rng.randint(0, len(question.choices)))
    edge = rng.choice((0, *EDGES[question.id]))
    if question.kind == "count":
        return max(0, edge + rng.choice((-1, 0, 1)))
    return max(0, edge + rng.choice((-1, -0.01, 0, 0.01, 1)))
