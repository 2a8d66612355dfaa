"""How a mail looks: the practice's name and colour, plain words, one thing to do."""

from typing import Any

from django.template.loader import render_to_string

from practice import brand
from practice.models import Practice
from practice.notices import Letter


def compose(
    template: str,
    subject: str,
    practice: Practice,
    context: dict[str, Any],
    *,
    headers: dict[str, str] | None = None,
) -> Letter:
    """Text and HTML from `mail/<template>.txt` and `.html`; `link` in the context is the one thing to do.

    `headers` are further ones of the mail, such as List-Unsubscribe for what comes regularly.
    """
    context = {**context, "practice": practice, "accent": brand.accent(practice.colour)["strong"]}
    return Letter(
        # A line break in a name must not become a header.
        subject=" ".join(subject.split()),
        text=render_to_string(f"mail/{template}.txt", context),
        html=render_to_string(f"mail/{template}.html", context),
        headers=headers or {},
        link=str(context.get("link", "")),
    )


def plain(
    subject: str,
    practice: Practice,
    *,
    lines: list[str],
    action: str,
    link: str,
    headers: dict[str, str] | None = None,
) -> Letter:
    """A letter that needs no template of its own: a few sentences and what to do."""
    context = {"subject": subject, "lines": lines, "action": action, "link": link}
    return compose("plain", subject, practice, context, headers=headers)
