"""Which limits for one person with two hats a client's facts have crossed, by the lens that says so. Pure."""

from typing import Any

from assessments import evaluation, facts, library, panel, questionnaire
from assessments.lenses import Lens, Question

# The lists in which two lenses name the limits crossed. The others say it as a whole, by how they vote.
LISTS = {"S4": "seat_reasons", "S5": "needs"}
# The lens presupposes a CTO, and in a combined seat our person is it.
SETTLED = {"S5-Q10": "filled"}
TWO = "TWO_PEOPLE"


def crossed(key: str, known: dict[str, Any]) -> dict[str, str]:
    """The limits crossed, by code, in the lens's words. What is not known crosses nothing."""
    lens = library.shipped()[key]
    if key not in LISTS:
        votes = {vote["lens"]: vote for vote in panel.evaluate(known)["votes"]}
        vote = votes.get(key)
        says_two = vote is not None and vote["end_shape"] == TWO
        return {vote["outcome"]: lens.texts.get(vote["outcome"], "")} if vote and says_two else {}
    result = evaluation.evaluate(lens, completed(lens, known))
    return {code: lens.texts.get(code, code) for code in result[LISTS[key]]}


def figures(key: str, known: dict[str, Any]) -> dict[str, str]:
    """The known facts that these limits look at, as people say them."""
    lens = library.shipped()[key]
    names = lens.behind([item.when for item in lens.lists.get(LISTS.get(key, ""), ())])
    asked = {q.id for q in lens.questions if q.name in names} - SETTLED.keys()
    looked_at = [facts.sources()[id].fact for id in sorted(asked) if id in facts.sources()]
    return {
        questionnaire.label(name): questionnaire.spoken(name, known[name])
        for name in looked_at
        if name in known
    }


def completed(lens: Lens, known: dict[str, Any]) -> dict[str, Any]:
    """With everything that is open answered so that it meets no signal: else many open questions say nothing at all."""
    said = {**facts.answers_for(lens, known), **SETTLED}
    asked = {question.id: question for question in lens.questions}
    return {id: said.get(id, _nothing(question)) for id, question in asked.items()}


def _nothing(question: Question) -> Any:
    value = question.stand_in
    return "no" if question.kind == "yes_no" and value is False else value
