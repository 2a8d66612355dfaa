"""What the API says of a lens, and how bad answers become a problem answer."""

from typing import Any

from assessments.answers import BadAnswers
from assessments.lenses import Lens
from practice.refusals import Invalid


def summary(lens: Lens) -> dict[str, Any]:
    return {
        "key": lens.key,
        "version": lens.version,
        "name": lens.name,
        "subject": lens.subject,
        "file": lens.file,
        "bias": lens.bias,
        "outcomes": list(lens.outcomes),
    }


def whole(lens: Lens) -> dict[str, Any]:
    questions = [
        {
            "id": question.id,
            "text": question.text,
            "kind": question.kind,
            "choices": list(question.choices),
            "help": question.help,
            "needed": question.needed,
            "required": question.required,
            "asked": question.asked,
        }
        for question in lens.questions
    ]
    return {**summary(lens), "questions": questions, "texts": lens.texts}


def refused(bad: BadAnswers, under: str) -> Invalid:
    return Invalid(
        {f"{under}.{name}" if name != under else name: [why] for name, why in bad.errors.items()}
    )
