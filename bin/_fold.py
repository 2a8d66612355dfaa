"""Write the first migration of an app anew from its models: `python bin/_fold.py APP ...`. Only before the first release.

Each table is made in one step, its constraints and indexes with it: SQLite makes a table anew for each that comes
later, and a fresh installation would take half a minute.
"""

import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, CreateModel
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from _venv import REPO

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
os.environ.setdefault("REMIT_MODE", "embedded")
sys.path.insert(0, str(REPO))
django.setup()
State = dict[str, ModelState]


def fold(label: str) -> None:
    file = next((Path(apps.get_app_config(label).path) / "migrations").glob("0001_*.py"))
    state = ProjectState.from_apps(apps).models.items()
    waiting: State = {name: model for (app, name), model in state if app == label}
    made: list[CreateModel] = []
    later: list[AddField | AddConstraint] = []
    while waiting:
        ready = [
            name for name in waiting if not _bases(waiting[name]) & _unmade(name, waiting, label)
        ]
        name = min(ready, key=lambda name: (len(_pointers(name, waiting, label)), name))
        cut = _pointers(name, waiting, label)
        model = waiting.pop(name)
        later += [AddField(name, field, model.fields[field]) for field in cut]
        waits = [rule for rule in model.options["constraints"] if _names(rule) & set(cut)]
        later += [AddConstraint(name, rule) for rule in waits]
        kept = [rule for rule in model.options["constraints"] if rule not in waits]
        fields = [(field, kind) for field, kind in model.fields.items() if field not in cut]
        options = {**model.options, "constraints": kept}
        told = {key: value for key, value in options.items() if value}
        made.append(CreateModel(model.name, fields, told, model.bases, model.managers))
    before = MigrationLoader(None).disk_migrations[label, file.stem]
    says = {
        "initial": True,
        "dependencies": before.dependencies,
        "operations": [*made, *later],
    }
    written = type("Migration", (migrations.Migration,), says)(file.stem, label)
    file.write_text(MigrationWriter(written, include_header=False).as_string())


def _pointers(name: str, waiting: State, label: str) -> list[str]:
    """Fields of a model that point at models which are not made yet."""
    unmade = _unmade(name, waiting, label)
    fields = waiting[name].fields.items()
    return [
        field
        for field, kind in fields
        if kind.remote_field and str(kind.remote_field.model).lower() in unmade
    ]


def _unmade(name: str, waiting: State, label: str) -> set[str]:
    return {f"{label}.{other}" for other in waiting if other != name}


def _bases(model: ModelState) -> set[str]:
    return {base.lower() for base in model.bases if isinstance(base, str)}


def _names(rule: object) -> set[str]:
    return {
        word.strip("'\"(),") for word in repr(rule).replace("=", " ").replace("__", " ").split()
    }


for app in sys.argv[1:]:
    fold(app)
