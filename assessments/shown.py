"""A panel's result in words for pages: names for codes, texts for rules, the client's place on a scale. Pure."""

import math
from typing import Any

from assessments import conflicts, library, questionnaire, reads
from assessments.lenses import LISTS, RESULT_FIELDS, Lens
from practice.policies import policies

FACETS = {"next_seat": "Next", "end_shape": "In the end"}
OPEN = ("SPLIT", "DECIDE")
STANDS = {
    "INVALID": "Two answers contradict each other.",
    "INCOMPLETE": "It cannot speak yet.",
    "ABSTAIN": "It abstains.",
}
# Of the drawing of a scale, in its own units.
WIDTH, MARGIN = 700, 60
Result = dict[str, Any]


def panel(
    result: Result,
    *,
    own: dict[tuple[str, int], Lens] | None = None,
    chosen: dict[str, Any] | None = None,
    exceptions: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """`own` are the lenses behind what stands beside the panel, `chosen` the practice's values by policy key,
    `exceptions` what was taken otherwise for this client."""
    votes = {vote["lens"]: vote for vote in result["votes"]}
    lenses = {one["lens"]: voice(of(one), one, votes.get(one["lens"])) for one in result["lenses"]}
    other = {one["conflict"]: one for one in exceptions or []}
    return {
        "facets": [facet(name, result["consensus"][name]) for name in FACETS],
        "voices": len(votes),
        "gates": result["gates"],
        "lenses": list(lenses.values()),
        "dissent": [_dissent(one, votes, lenses) for one in result["dissent"]],
        "abstentions": [lenses[one["lens"]] for one in result["abstentions"]],
        "notes": [{"name": lenses[note["lens"]]["name"], **note} for note in result["notes"]],
        "beside": [_beside(one, own or {}) for one in result.get("beside", [])],
        "asides": _asides(result, lenses),
        "conflicts": [
            {**_conflict(one), **_stance(one, chosen or {}, other.get(one["id"]))}
            for one in result["conflicts"]
        ],
        "point": reads.words("point", result["spectrum_point"]) if result["spectrum_point"] else "",
        "next_step": reads.words("point", result["next_step"]) if result["next_step"] else "",
    }


def facet(name: str, code: str) -> dict[str, Any]:
    words = reads.words(name, code)
    return {
        "label": FACETS[name],
        "code": code,
        "words": words[:1].upper() + words[1:],
        "open": code in OPEN,
    }


def outcome(key: str, code: str | None) -> str:
    """What an outcome says in one sentence, for the newest version of its lens."""
    lens = library.newest().get(key)
    if code is None:
        return "Was not asked."
    return (lens.texts.get(code) if lens else None) or STANDS.get(code, code)


def name_of(key: str) -> str:
    lens = library.newest().get(key)
    return lens.name if lens else key


def of(result: Result) -> Lens:
    """The lens in the version that gave this result."""
    return library.pinned(result["lens"], result["lens_version"])


def voice(lens: Lens, one: Result, vote: Result | None = None) -> dict[str, Any]:
    """What one lens says, in its own words."""
    answered = one["outcome"] not in STANDS
    return {
        "key": lens.key,
        "name": lens.name,
        "subject": lens.subject,
        "bias": lens.bias,
        "version": lens.version,
        "outcome": one["outcome"],
        "text": lens.texts.get(one["outcome"]) or STANDS.get(one["outcome"], one["outcome"]),
        "answered": answered,
        "strength": one["strength"] or "",
        "provisional": one["provisional"],
        "alternatives": [lens.texts[code] for code in one["alternatives"]],
        "warnings": [
            {"text": lens.texts[w["code"]], "items": [_item(lens, item) for item in w["items"]]}
            for w in one["warnings"]
        ],
        "further": _further(lens, one),
        "rules": _rules(lens, one["reasons"]),
        "missing": [_question(lens, id) for id in one["missing"]],
        "invalid": [_question(lens, id) for id in one["invalid"]],
        "vote": [facet(name, vote[name]) for name in FACETS] if vote else [],
    }


def _further(lens: Lens, one: Result) -> list[tuple[str, str]]:
    """The result's fields that are this lens's own: its form, its grounds, how near it is to a limit."""
    held: dict[str, list[Any]] = {}
    for name in (*RESULT_FIELDS, *LISTS):
        value = one[name]
        if value is True:
            held[name] = [name.upper()]
        elif isinstance(value, list):
            held[name] = value
        elif value not in (None, False) and not isinstance(value, dict):
            held[name] = [value]
    return [
        (reads.words("field", name), " ".join(_in_words(lens, value) for value in values))
        for name, values in held.items()
        if values
    ]


def _in_words(lens: Lens, value: Any) -> str:
    return lens.texts.get(str(value)) or reads.words("code", plain(value))


def _beside(one: Result, own: dict[tuple[str, int], Lens]) -> dict[str, Any]:
    """A practice's own lens: it speaks and does not vote."""
    found = own.get((one["lens"], one["lens_version"]))
    if found is None or "why" in one:
        name = found.name if found else one["lens"]
        text = f"It broke on these answers and says nothing. {one.get('why', '')}"
        return {"key": one["lens"], "name": name, "text": text, "broken": True}
    return voice(found, one)


def _asides(result: Result, lenses: dict[str, Any]) -> list[dict[str, str]]:
    """What a source adds for a client of this kind once its lens has spoken."""
    said = {one["lens"]: one["outcome"] for one in result["lenses"]}
    return [
        {"name": lenses[key]["name"], "question": question, "text": text}
        for key, question, text in conflicts.said_with(said, result["facts"])
    ]


def _rules(lens: Lens, ids: list[str]) -> list[tuple[str, str]]:
    return [(id, lens.texts.get(id, "")) for id in ids]


def _question(lens: Lens, id: str) -> str:
    return next((q.text for q in lens.questions if q.id == id), id)


def _item(lens: Lens, item: str) -> str:
    return lens.texts.get(item) or _question(lens, item)


def _dissent(one: Result, votes: Result, lenses: dict[str, Any]) -> dict[str, Any]:
    shown, vote = lenses[one["lens"]], votes[one["lens"]]
    lens = library.pinned(one["lens"], shown["version"])
    # Panels kept before thresholds were told have none.
    threshold = one.get("threshold")
    return {
        "name": shown["name"],
        "key": lens.key,
        "text": shown["text"],
        "says": [facet(name, vote[name]) for name in one["facets"]],
        "rules": _rules(lens, one["rules"]),
        "threshold": _turn(lens, threshold) if threshold else None,
        "brings_round": bool(threshold and threshold["brings_round"]),
        "turned_by": [_turn(lens, flip) for flip in one["turned_by"]],
    }


def _turn(lens: Lens, flip: Result) -> dict[str, str]:
    return {
        "question": _question(lens, flip["question"]),
        "from": plain(flip["from"]),
        "to": plain(flip["to"]),
        "outcome": lens.texts.get(flip["outcome"], flip["outcome"]),
    }


def plain(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, list):
        return ", ".join(map(plain, value)) or "nobody"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("_", " ")


def moves(found: list[Result]) -> list[dict[str, Any]]:
    """What-if: the moves under the lens they flip, in the panel's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for move in found:
        groups.setdefault(move["lens"], []).append(
            {
                "fact": questionnaire.label(move["fact"]),
                "from": questionnaire.spoken(move["fact"], move["from"]),
                "to": questionnaire.spoken(move["fact"], move["to"]),
                "outcome": outcome(move["lens"], move["outcome_to"]),
                "code": move["outcome_to"],
            }
        )
    order = [key for key in library.shipped() if key in groups]
    return [{"name": name_of(key), "key": key, "moves": groups[key]} for key in order]


def _conflict(one: Result) -> dict[str, Any]:
    values = [
        {
            **value,
            "name": name_of(value["lens"]),
            "present_words": questionnaire.spoken(value["fact"], value["present"])
            if value["fact"]
            else "",
            "number": number,
        }
        for number, value in enumerate(one["values"], 1)
    ]
    biases = {value["name"]: library.shipped()[value["lens"]].bias for value in values}
    return {**one, "values": values, "scale": _scale(values), "biases": list(biases.items())}


def _stance(
    one: Result, chosen: dict[str, Any], exception: dict[str, str] | None
) -> dict[str, Any]:
    """What the practice holds where the sources differ, and what it took for this client."""
    policy = one["policy"]
    if policy is None or policy not in chosen:
        return {"stance": None}
    return {
        "stance": {
            "label": policies()[policy].label,
            "ours": chosen[policy],
            "words": policy_value(chosen[policy]),
            "exception": exception and {**exception, "words": policy_value(exception["value"])},
        },
        "taken": exception["value"] if exception else chosen[policy],
    }


def policy_value(value: str) -> str:
    if value in library.shipped():
        return f"{name_of(value)} ({value})"
    words = reads.words("policy", value)
    return words[:1].upper() + words[1:]


def _scale(values: list[Result]) -> dict[str, Any] | None:
    """One axis where every value is a mark on one and the same number; decades apart, so it is drawn by ratio."""
    marks = [value["at"] for value in values if value["at"]]
    if len(set(marks)) < 2 or len(marks) < len(values) or len({v["fact"] for v in values}) > 1:
        return None
    present = values[0]["present"]
    shown = [*marks, present] if present else marks
    low, high = math.log(min(shown) / 1.6), math.log(max(shown) * 1.6)

    def place(amount: float) -> int:
        at = (math.log(max(amount, 1)) - low) / (high - low)
        return round(MARGIN + max(0.0, min(1.0, at)) * (WIDTH - 2 * MARGIN))

    kind = questionnaire.kind_of(values[0]["fact"])
    return {
        "width": WIDTH,
        "marks": [
            {"x": place(v["at"]), "label": _short(v["at"], kind), "number": v["number"]}
            for v in values
        ],
        "here": place(present) if present is not None else None,
        "here_label": _short(present, kind) if present is not None else "",
    }


def _short(amount: float, kind: str) -> str:
    sign = "$" if kind == "money" else ""
    for unit, letter in ((10**6, "m"), (10**3, "k")):
        if amount >= unit:
            return f"{sign}{amount / unit:.3g}{letter}"
    return f"{sign}{amount:,}"


def open_choices(result: Result) -> list[dict[str, Any]]:
    """Conflicts about which the practice has a policy: where a choice may take another value."""
    return [_conflict(one) for one in result["conflicts"] if one["policy"]]
