"""What is known of a client: facts are learnt, never overwritten, and each says who said so and when."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction

from assessments import facts as dictionary
from assessments import reassessment
from assessments.answers import BadAnswers
from assessments.models import ClientFact
from assessments.wire import refused
from practice import access, events
from practice.access import Actor
from practice.models import Client
from practice.refusals import Invalid
from practice.registers import Register

# Contributed: what follows new facts of a client, called as f(client, the new rows, at) in the transaction.
FOLLOWERS: Register[Callable[[Client, list[ClientFact], datetime.datetime], None]] = Register(
    "what follows new facts"
)


def now_of(client: Client) -> dict[str, Any]:
    """The facts as they are known now, by name. What a later dictionary no longer knows is left aside."""
    present = ClientFact.objects.filter(
        practice_id=client.practice_id,
        client=client,
        until_at=None,
        name__in=dictionary.dictionary(),
    )
    return {
        name: value for name, value in present.values_list("name", "value") if value is not None
    }


def learn(
    client: Client,
    *,
    facts: dict[str, Any],
    said_by: str = "",
    said_on: datetime.date,
    source: str,
    by: Actor,
    at: datetime.datetime,
) -> list[ClientFact]:
    """Put down new answers. What is known already in the same words stays as it is; null says: no longer known."""
    access.require(by, "fact", "add")
    answers = read(facts)
    if said_on > at.date() + datetime.timedelta(days=1):
        raise Invalid({"said_on": ["Not in the future."]})
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        present = {
            fact.name: fact
            for fact in ClientFact.objects.filter(
                practice_id=client.practice_id, client=client, until_at=None, name__in=answers
            )
        }
        new = [name for name, value in answers.items() if _is_news(present.get(name), value)]
        ended = [present[name].pk for name in new if name in present]
        ClientFact.objects.filter(pk__in=ended).update(until_at=at)
        rows = ClientFact.objects.bulk_create(
            ClientFact(
                practice_id=client.practice_id,
                client=client,
                name=name,
                value=answers[name],
                said_by=said_by,
                said_on=said_on,
                source=source,
                created_at=at,
            )
            for name in new
        )
        if rows:
            before = {name: present[name].value if name in present else None for name in new}
            after = {name: answers[name] for name in new}
            events.record("facts.learnt", by=by, at=at, subject=client, before=before, after=after)
            reassessment.after_learning(client, facts=now_of(client), at=at)
            for key in FOLLOWERS:
                FOLLOWERS[key](client, rows, at)
    return rows


def read(given: dict[str, Any]) -> dict[str, Any]:
    """Answers in the form they are kept in; null stays null."""
    try:
        known = dictionary.read(given)
    except BadAnswers as bad:
        raise refused(bad, "facts") from bad
    return {name: known.get(name) for name in given}


def _is_news(present: ClientFact | None, value: Any) -> bool:
    return value is not None if present is None else present.value != value
