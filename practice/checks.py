"""What `manage.py check` refuses besides Django's own checks: tables that belong to nobody, broken data files."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, Warning, register

from practice import access, agenda, guards, notices
from practice.agenda_rules import rules
from practice.book import BadBook
from practice.policies import policies
from practice.reach import Everyones, Reach
from practice.registers import Register

OURS = ("practice", "assessments", "engagements", "deliverables")


@register(Tags.models)
def every_model_states_its_reach(app_configs: Any, **kwargs: Any) -> list[Error]:
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        reach = getattr(model, "reach", None)
        if not isinstance(reach, Reach | Everyones):
            wrong.append(
                Error(
                    "does not state whose its rows are",
                    hint="see practice/reach.py",
                    obj=model,
                    id="remit.E001",
                )
            )
        elif (
            isinstance(reach, Reach)
            and reach.resource not in access.TABLE
            and reach.resource != "replay"
        ):
            wrong.append(
                Error(f"{reach.resource!r} is not in the access table", obj=model, id="remit.E002")
            )
    return wrong


@register(Tags.models)
def every_reach_names_columns(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A misspelt name would hide nothing, and say so to nobody."""
    wrong = []
    for model in apps.get_models():
        reach = getattr(model, "reach", None)
        if not isinstance(reach, Reach):
            continue
        when = reach.fees_when
        named = {*reach.personal, *reach.secret, *reach.fees, reach.commercial}
        named |= {*when.fields, when.column} if when else set()
        there = {field.name for field in model._meta.concrete_fields} | {""}
        wrong += [
            Error(f"its reach names {name!r}, which is no column", obj=model, id="remit.E005")
            for name in sorted(named - there)
        ]
    return wrong


@register()
def the_book_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    wrong = []
    for read in (rules, policies):
        try:
            read()
        except BadBook as bad:
            wrong.append(Error(str(bad), id="remit.E003"))
    return wrong


@register()
def every_agenda_name_is_contributed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A misspelt name would be found out only when the first entry falls due."""
    wrong = []
    for kind, rule in rules().items():
        if not rule.wired:
            continue
        named: list[tuple[Register[Any], str]] = [(agenda.RECIPIENTS, r.to) for r in rule.said]
        named += [(notices.LETTERS, r.notice) for r in rule.said]
        named += [(notices.EFFECTS, e.effect) for e in rule.effects]
        wrong += [
            Error(f"agenda kind {kind}: {name!r} is not among the {among.what}", id="remit.E004")
            for among, name in named
            if name not in among
        ]
    return wrong


@register(Tags.database)
def the_guards_stand(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Warning]:
    from django.db import connections  # only when a database is to be looked at

    found = []
    for alias in databases or []:
        absent = guards.missing(connections[alias])
        if absent:
            found.append(
                Warning(
                    f"{len(absent)} database guards are missing, such as {absent[0]}",
                    hint="run migrate",
                    id="remit.W001",
                )
            )
    return found
