"""The five frameworks once more, in plain Python, written from the rules on paper and from nothing in the product.

It knows no TOML, no CEL and no module of the product. Reasons are given only where the paper names them.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

YES, NO = "yes", "no"
BIT = (True, False)
Answers = dict[str, Any]
BLANK: dict[str, Any] = {
    "outcome": None,
    "strength": None,
    "provisional": False,
    "alternatives": set(),
    "warnings": {},
    "invalid": [],
    "missing": set(),
    "n": None,
    "lead": None,
    "counts": None,
    "form": None,
    "point": None,
    "bridge": None,
    "borderline": False,
    "seat_reasons": [],
    "posture": None,
    "needs": [],
    "absorbs": [],
    "named_reasons": set(),
}


@dataclass(frozen=True)
class Paper:
    """One instrument: its questions in three groups, and the functions that the rules are."""

    bits: tuple[str, ...]  # yes/no questions that may be unknown, and then count as no
    rule: Callable[[Answers], dict[str, Any]]
    # Others that may be unknown: what stands in, and one value from each interval.
    unlisted: dict[str, tuple[Any, tuple[Any, ...]]] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    never_unknown: dict[str, Any] = field(default_factory=dict)
    contradiction: Callable[[Answers], list[str]] = lambda a: []
    only_if: dict[str, Callable[[Answers], bool]] = field(default_factory=dict)
    abstains: Callable[[Answers], bool] = lambda a: False


def evaluate(paper: Paper, given: dict[str, Any]) -> dict[str, Any]:
    said = {q: _read(q, paper, a) for q, a in given.items() if not _is_open(q, paper, a)}
    stand_ins = {q: s for q, (s, _) in paper.unlisted.items()} | paper.never_unknown
    values = dict.fromkeys(paper.bits, False) | dict.fromkeys(paper.needed, None)
    values |= stand_ins | said
    pair = paper.contradiction(values)
    if pair:
        return BLANK | {"outcome": "INVALID", "invalid": pair}
    absent = {q for q in paper.needed if q not in said}
    if absent:
        return BLANK | {"outcome": "INCOMPLETE", "missing": absent}
    if paper.abstains(values):
        return BLANK | {"outcome": "ABSTAIN"}
    open_bits = [q for q in (*paper.bits, *paper.unlisted) if q not in said]
    unknown = [q for q in open_bits if paper.only_if.get(q, lambda a: True)(values)]
    ways = 1
    for q in unknown:
        ways *= len(paper.unlisted[q][1]) if q in paper.unlisted else 2
    if ways > 256:
        return BLANK | {"outcome": "INCOMPLETE", "missing": set(unknown)}
    result = BLANK | paper.rule(values)
    others = {paper.rule(v)["outcome"] for v in _completions(paper, values, unknown)}
    others.discard(result["outcome"])
    result["alternatives"] = others
    result["provisional"] = bool(others) or result["provisional"]
    return result


def _completions(paper: Paper, values: Answers, unknown: list[str]) -> Iterator[Answers]:
    choices = [paper.unlisted[q][1] if q in paper.unlisted else BIT for q in unknown]
    for picked in itertools.product(*choices):
        completed = values | dict(zip(unknown, picked, strict=True))
        if not paper.contradiction(completed):
            yield completed


def _is_open(question: str, paper: Paper, answer: Any) -> bool:
    if paper.never_unknown.get(question) == "unsure" and answer == "unsure":
        return False
    return answer is None or answer in ("unsure", "unknown")


def _read(question: str, paper: Paper, answer: Any) -> Any:
    is_bit = question in paper.bits or isinstance(paper.never_unknown.get(question), bool)
    return answer == YES if is_bit else answer


def s1(a: Answers) -> dict[str, Any]:
    n = sum(a[f"S1-Q{i}"] for i in range(3, 8))
    gap = a["S1-Q1"] in ("none", "partial")
    separate = (a["S1-Q8"] == "large" or a["S1-Q9"] or a["S1-Q10"]) and a["S1-Q11"]
    federal, building = a["S1-Q13"], a["S1-Q2"]
    if n == 0 and not federal:
        without = "CTO_FIRST" if building else "NO_SEAT_NOW"
        outcome = without if gap else "TECH_LEAD_CARRIES_AI"
    elif not separate:
        held = "CAIO_ADD" if a["S1-Q7"] else "TECH_LEAD_TAKES_CAIO_HAT"
        outcome = "COMBINED" if gap else held
    else:
        outcome = "BOTH_CTO_THEN_CAIO" if gap else "CAIO_ADD"
    warnings: dict[str, list[str]] = {}
    if a["S1-Q12"] == "build_ai":
        warnings["ROLE_IS_AI_CTO"] = []
    if a["S1-Q12"] == "data_foundation":
        warnings["ROLE_IS_CDO"] = []
    if federal:
        warnings["FEDERAL_MANDATE"] = []
    strength = [None, "possible", "recommended", "recommended", "strong", "strong"][n]
    return {"outcome": outcome, "n": n, "strength": strength, "warnings": warnings}


def s2q(a: Answers) -> dict[str, Any]:
    q1, q2, owner, q4 = a["S2-Q1"], a["S2-Q2"], a["S2-Q3"], a["S2-Q4"]
    leans = ["CAIO" if yes else "CTO" for yes in (q1 == "story", q2 == "stable", owner)]
    lead = max(("CTO", "CAIO"), key=leans.count)
    found: dict[str, Any] = {"lead": lead, "warnings": {}, "provisional": False}
    named = set()
    if q4 == "unsure":
        named.add("S2-T3")
        if not (a["S2-Q8"] and a["S2-Q9"]):
            return found | {"outcome": "INCONCLUSIVE", "named_reasons": named}
        found["provisional"], q4 = True, YES
    found["named_reasons"] = named
    if q4 == YES:
        return found | _one_person(a, owner)
    if not owner:
        return found | {"outcome": "CTO_FIRST_THEN_CAIO"}
    if lead == "CAIO":
        return found | {"outcome": "CAIO_ADD"}
    return found | {
        "outcome": "CTO_FIRST_THEN_CAIO",
        "warnings": {"OWNER_PRESENT_BUT_BOTTLENECK": []},
    }


def _one_person(a: Answers, owner: bool) -> dict[str, Any]:
    depth, rights, split = a["S2-Q5"], a["S2-Q6"], a["S2-Q7"]
    warnings: dict[str, list[str]] = {"INCUMBENT_OWNER": []} if owner else {}
    if depth == NO:
        return {"outcome": "BOTH_SEPARATE", "warnings": warnings | {"DEPTH_MISSING": []}}
    if depth == YES and rights and split:
        return {"outcome": "COMBINED", "warnings": warnings}
    lacking = {
        "DEPTH_UNPROVEN": depth != YES,
        "RIGHTS_NOT_WRITTEN": not rights,
        "OUTPUT_NOT_SPLIT": not split,
    }
    warnings |= {code: [] for code, lacks in lacking.items() if lacks}
    return {"outcome": "COMBINED_PENDING", "warnings": warnings}


def s2sig(a: Answers) -> dict[str, Any]:
    c = sum(a[f"S2-SC{i}"] for i in range(1, 5))
    t = sum(a[f"S2-ST{i}"] for i in range(1, 4))
    if a["S2-ST2"]:
        outcome = "CTO_FIRST"
    elif c >= 2 and t >= 2:
        outcome = "MIXED_ASK_FOUR_QUESTIONS"
    elif c >= 3:
        outcome = "CAIO_NOT_CTO"
    elif c == 2:
        outcome = "CAIO"
    elif c == 1:
        outcome = "CTO_FIRST" if t >= 2 else "CONSIDER_CAIO"
    else:
        outcome = "CTO_FIRST" if t >= 1 else "NO_SIGNAL"
    return {"outcome": outcome, "counts": {"c": c, "t": t}}


def s3(a: Answers) -> dict[str, Any]:  # noqa: C901 (in one piece, as on paper)
    def q(i: int) -> Any:
        return a[f"S3-Q{i}"]

    cto = q(15)
    warnings: dict[str, list[str]] = {}
    wants_cto = any(q(i) for i in (8, 9, 10))
    wants_caio = any(q(i) for i in (11, 12, 13, 14))
    if cto:
        if q(7) or wants_cto:
            warnings["CTO_SEAT_ALREADY_FILLED"] = []
        wants_cto = False
    revenue = q(1)
    small = revenue is not None and 1_000_000 <= revenue <= 10_000_000
    named: set[str] = set()
    if q(3) and q(4):
        outcome = "BOTH_FRACTIONAL"
    elif q(5) or (q(6) is not None and q(6) >= 5):
        outcome = "BOTH_CONSIDER"
    elif q(7) and not cto:
        outcome = "CTO_FIRST"
    elif not wants_cto and not wants_caio:
        outcome = "NO_SIGNAL"
    elif wants_cto != wants_caio:
        outcome = "CTO_FIRST" if wants_cto else "CAIO_FIRST"
    else:
        warnings["MIXED"] = []
        outcome, tie = _s3_tie(q(2), small)
        named.add(tie)
    if cto and outcome in ("CAIO_FIRST", "BOTH_FRACTIONAL", "BOTH_CONSIDER"):
        failing = [f"S3-Q{i}" for i in (16, 17, 18) if not q(i)]
        failing += [f"S3-Q{i}" for i in (19, 20, 21, 22) if q(i)]
        if failing:
            warnings["CTO_SHOULD_NOT_HOLD_AI"] = failing
        else:
            outcome = "CTO_HOLDS_AI"
    if revenue is not None and revenue >= 50_000_000:
        warnings["ABOVE_50M"] = []
    form = _s3_form(outcome, small, q(23), q(24))
    return {"outcome": outcome, "form": form, "warnings": warnings, "named_reasons": named}


def _s3_tie(business: str, small: bool) -> tuple[str, str]:
    if business == "service":
        return "CAIO_FIRST", "S3-T1"
    if business == "software":
        return "CTO_FIRST", "S3-T2"
    return ("CAIO_FIRST", "S3-T3") if small else ("BOTH_CONSIDER", "S3-T4")


def _s3_form(outcome: str, small: bool, daily: bool, oversight: bool) -> str:
    both = outcome in ("BOTH_FRACTIONAL", "BOTH_CONSIDER")
    if not small or not (both or outcome in ("CTO_FIRST", "CAIO_FIRST")):
        return "SILENT"
    full_cto = daily and (both or outcome == "CTO_FIRST")
    full_caio = oversight and (both or outcome == "CAIO_FIRST")
    if full_cto and full_caio:
        return "FULL_TIME_BOTH"
    if full_cto:
        return "FULL_TIME_CTO"
    return "FULL_TIME_CAIO" if full_caio else "FRACTIONAL"


def s4(a: Answers) -> dict[str, Any]:  # noqa: C901 (in one piece, as on paper)
    def q(i: int) -> Any:
        return a[f"S4-Q{i}"]

    spend, engineers, people = q(2), q(4), q(13)
    fired = set()
    if q(1) is not None and q(1) >= 2:
        fired.add("S4-G1")
    if spend is not None and spend >= 1_000_000:
        fired.add("S4-G2")
    if q(3):
        fired.add("S4-G3")
    soft = {"BUDGET_SOFT"} if "S4-G2" in fired and spend < 2_000_000 else set()
    reasons = []
    if engineers is not None and engineers >= 100:
        reasons.append("ENGINEERS")
    if spend is not None and spend >= 2_000_000:
        reasons.append("SPEND")
    if q(5):
        reasons.append("CRITICAL_PATH")
    due = "DUE" if fired else "NOT_DUE"
    outcome = f"{due}/{'SEPARATE' if reasons else 'COMBINED'}"
    near = engineers is not None and 90 <= engineers <= 110
    near = near or (spend is not None and 1_800_000 <= spend <= 2_200_000)
    point, bridge = _s4_point(a, due, "ENGINEERS" in reasons or "SPEND" in reasons)
    posture = "HYBRID"
    if q(14) and q(15):
        posture = "DEEP"
    elif not q(14) and q(12) is not None and q(12) < 200:
        posture = "THIN"
    warnings: dict[str, list[str]] = {}
    if people is not None and 8 <= people < 30 and posture in ("THIN", "DEEP"):
        warnings["IN_BETWEEN"] = []
    if people is not None and 9 <= people < 30 and posture == "HYBRID":
        warnings["IN_BETWEEN_CHECK"] = []
    return {
        "outcome": outcome,
        "strength": (None, "raised", "usual pattern", "usual pattern")[len(fired)],
        "named_reasons": fired | soft,
        "seat_reasons": reasons,
        "borderline": near,
        "point": point,
        "bridge": bridge,
        "posture": posture,
        "warnings": warnings,
    }


def _s4_point(a: Answers, due: str, larger: bool) -> tuple[str, str | None]:
    spend = a["S4-Q2"]
    if a["S4-Q8"] or a["S4-Q9"] or a["S4-Q10"] or (spend is not None and spend > 10_000_000):
        return "FULL_TIME", "RETAINER_HIGH"
    need = a["S4-Q7"]
    if need == "continuous":
        if due == "NOT_DUE":
            return "ADVISORY", None
        return ("RETAINER_HIGH" if a["S4-Q6"] and larger else "RETAINER"), None
    return ("SPRINT" if need == "project" else "ADVISORY"), None


def s5(a: Answers) -> dict[str, Any]:
    def q(i: int) -> Any:
        return a[f"S5-Q{i}"]

    needs = {
        "N1": q(1) is not None and q(1) > 5_000_000,
        "N2": q(2) is not None and q(2) > 20,
        "N3": q(3),
        "N4": q(4),
        "N5": q(5),
    }
    absorbs = {
        "A1": q(6) is not None and q(6) <= 2,
        "A2": q(7) is not None and q(7) < 500,
        "A3": q(8),
        "A4": q(9),
    }
    need, light = any(needs.values()), all(absorbs.values())
    outcome = {
        (False, True): "CTO_ABSORBS",
        (False, False): "GREY_ZONE",
        (True, True): "CONFLICT_LEAN_CAIO",
        (True, False): "DEDICATED_CAIO",
    }[need, light]
    count = sum(needs.values())
    return {
        "outcome": outcome,
        "strength": None if count == 0 else "probable" if count == 1 else "firm",
        "needs": [code for code, holds in needs.items() if holds],
        "absorbs": [code for code, holds in absorbs.items() if holds],
    }


def _s5_contradiction(a: Answers) -> list[str]:
    if a["S5-Q5"] and a["S5-Q8"]:
        return ["S5-Q5", "S5-Q8"]
    return ["S5-Q3", "S5-Q9"] if a["S5-Q3"] and a["S5-Q9"] else []


PAPERS = {
    "S1": Paper(
        bits=tuple(f"S1-Q{i}" for i in (3, 4, 5, 6, 7, 9, 10, 11)),
        needed=("S1-Q1", "S1-Q8"),
        never_unknown={"S1-Q2": True, "S1-Q13": False, "S1-Q12": "none"},
        contradiction=lambda a: ["S1-Q1", "S1-Q7"] if a["S1-Q7"] and a["S1-Q1"] == "none" else [],
        only_if={"S1-Q7": lambda a: a["S1-Q1"] != "none"},
        rule=s1,
    ),
    "S2-Q": Paper(
        bits=("S2-Q6", "S2-Q7", "S2-Q8", "S2-Q9"),
        needed=("S2-Q1", "S2-Q2", "S2-Q3"),
        unlisted={"S2-Q5": ("unknown", (YES, NO))},
        never_unknown={"S2-Q4": "unsure"},
        rule=lambda a: s2q(a | {"S2-Q3": a["S2-Q3"] in (True, YES)}),
    ),
    "S2-SIG": Paper(
        bits=("S2-SC1", "S2-SC2", "S2-SC3", "S2-SC4", "S2-ST1", "S2-ST2", "S2-ST3"),
        contradiction=lambda a: ["S2-SC4", "S2-ST2"] if a["S2-SC4"] and a["S2-ST2"] else [],
        rule=s2sig,
    ),
    "S3": Paper(
        bits=tuple(f"S3-Q{i}" for i in (3, 4, 5, *range(7, 25))),
        needed=("S3-Q2",),
        unlisted={
            "S3-Q1": (None, (999_999, 5_000_000, 20_000_000, 50_000_000)),
            "S3-Q6": (None, (4, 5)),
        },
        only_if={f"S3-Q{i}": lambda a: a["S3-Q15"] for i in range(16, 23)},
        rule=s3,
    ),
    "S4": Paper(
        bits=tuple(f"S4-Q{i}" for i in (5, 6, 8, 9, 10, 11, 14, 15)),
        never_unknown={"S4-Q7": "unsure"},
        unlisted={
            "S4-Q1": (None, (1, 2)),
            "S4-Q2": (None, (999_999, 1_500_000, 2_000_000, 10_000_001)),
            "S4-Q3": ([], ([], ["board"])),
            "S4-Q4": (None, (99, 100)),
            "S4-Q12": (None, (199, 200)),
            "S4-Q13": (None, (7, 8, 15, 30)),
        },
        rule=s4,
    ),
    "S5": Paper(
        bits=("S5-Q3", "S5-Q4", "S5-Q5", "S5-Q8", "S5-Q9"),
        needed=("S5-Q10",),
        unlisted={
            "S5-Q1": (None, (5_000_000, 5_000_001)),
            "S5-Q2": (None, (20, 21)),
            "S5-Q6": (None, (2, 3)),
            "S5-Q7": (None, (499, 500)),
        },
        contradiction=_s5_contradiction,
        abstains=lambda a: a["S5-Q10"] == "none",
        rule=s5,
    ),
}
