"""What a row of a register's file would do, whatever its kind: found, read, checked. The kinds are in register_kinds.py."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from assessments.register_files import Fault, Line, RegisterFile
from practice import access, events, ids
from practice.access import Actor
from practice.events import State
from practice.models import Client
from practice.refusals import Invalid, Refusal, Taken

ADD, CHANGE, SAME, ERROR = "add", "change", "same", "error"
ACTIONS = (ADD, CHANGE, SAME, ERROR)
Get = Callable[[str], Any]


@dataclass
class Row:
    """One row of the file and what it does."""

    line: Line
    action: str
    found: Any = None
    """The row of the register, as it will be."""
    touched: set[str] = field(default_factory=set)
    happened: list[tuple[str, State | None, State | None]] = field(default_factory=list)
    """Kinds of events, with the state before and after."""
    faults: list[Fault] = field(default_factory=list)


class Unread(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.fault = Fault(column, why)


class Judge:
    """The rules of a kind for many rows: what they ask of the database is read once, and the verb's own check decides."""

    model: ClassVar[Any]
    added: ClassVar[str]
    changed: ClassVar[str]
    taken: ClassVar[Taken]
    joined: ClassVar[tuple[str, ...]] = ()
    needed: ClassVar[tuple[str, ...]] = ("name",)
    """Columns without which there is no new row."""
    columns: ClassVar[dict[str, str]] = {}
    """Fields whose column is called otherwise."""

    def __init__(
        self, client: Client, file: RegisterFile, *, by: Actor, at: datetime.datetime, lock: bool
    ) -> None:
        self.client, self.file, self.by, self.at = client, file, by, at
        rows = access.visible_to(by, self.model).filter(client_id=client.pk)
        if lock:
            rows = rows.select_for_update(of=("self",))
        self.there: dict[UUID, Any] = {}
        self.by_external: dict[str, Any] = {}
        self.by_nature: dict[Any, list[Any]] = {}
        for row in rows.select_related(*self.joined).order_by("id"):
            row.client = client
            self.there[row.pk] = row
            if row.external_id:
                self.by_external[row.external_id] = row
            if (nature := self.nature(partial(getattr, row))) is not None:
                self.by_nature.setdefault(nature, []).append(row)
        self.said_on: dict[Any, int] = {}

    def read(self, column: str, text: str) -> dict[str, Any]:
        """The fields that a cell says; a ValueError says why it says none."""
        raise NotImplementedError

    def nature(self, get: Get) -> Any:
        """What tells a row from others that carry no id; None: nothing does."""
        raise NotImplementedError

    def check(self, row: Any, given: dict[str, Any], line: Line) -> None:
        """The verb's own rules."""
        raise NotImplementedError

    def complete(self, row: Any) -> None:
        """What a new row has besides what the file says."""

    def follow(self, row: Any, touched: set[str]) -> None:
        """What else changes with these fields, once they are known to be right."""

    def plan(self, row: Any) -> None:
        """What a row owes the agenda once it is written."""

    def kinds_of(self, touched: set[str]) -> list[tuple[str, set[str]]]:
        """The events of a change, each with its fields."""
        return [(self.changed, touched)]

    def row(self, line: Line) -> Row:
        faults, found = list(line.faults), None
        values: dict[str, Any] = {}
        for column, text in line.said.items():
            try:
                if column not in ("id", "external_id"):
                    values |= self.read(column, text)
            except ValueError as wrong:
                faults.append(Fault(column, str(wrong)))
        if faults:
            return Row(line, ERROR, faults=faults)
        if line.said.get("external_id"):
            values["external_id"] = line.said["external_id"]
        try:
            found = self._find(line, values)
            self._once(line, values, found)
            return self._new(line, values) if found is None else self._again(line, found, values)
        except Unread as wrong:
            return Row(line, ERROR, faults=[wrong.fault])
        except (Invalid, ValidationError) as wrong:
            told = wrong.errors if isinstance(wrong, Invalid) else wrong.message_dict
            named = [Fault(self.columns.get(n, n), str(said[0])) for n, said in told.items()]
            return Row(line, ERROR, faults=named)
        except Refusal as no:
            return Row(line, ERROR, faults=[Fault("", no.sentence)])

    def _find(self, line: Line, values: dict[str, Any]) -> Any:
        if text := line.said.get("id", ""):
            try:
                return self.there[UUID(text)]
            except (KeyError, ValueError) as wrong:
                raise Unread("id", "There is no such thing here.") from wrong
        if external := line.said.get("external_id", ""):
            return self.by_external.get(external)
        alike = self.by_nature.get(self.nature(values.get), [])
        if len(alike) > 1:
            raise Unread("", "Several rows are like this one: say which by external_id or id.")
        return alike[0] if alike else None

    def _once(self, line: Line, values: dict[str, Any], found: Any) -> None:
        external = values.get("external_id")
        if found is not None:
            key = ("id", found.pk)
        else:
            key = ("external_id", external) if external else ("nature", self.nature(values.get))
        earlier = line.number if key[1] is None else self.said_on.setdefault(key, line.number)
        if earlier != line.number:
            raise Unread("", f"The same as the row on line {earlier}.")

    def _new(self, line: Line, values: dict[str, Any]) -> Row:
        for name in self.needed:
            if not line.said.get(name):
                raise Unread(name, "Needed for what is not there yet.")
        row = self.model(
            id=ids.new(),
            created_at=self.at,
            practice_id=self.client.practice_id,
            client=self.client,
            **values,
        )
        self.complete(row)
        self.check(row, values, line)
        self.follow(row, set())
        row.clean_fields(exclude=_pointers(row))
        return Row(line, ADD, row, happened=[(self.added, None, events.state(row))])

    def _again(self, line: Line, row: Any, values: dict[str, Any]) -> Row:
        touched = {name for name, value in values.items() if _as_told(row, name) != value}
        if not touched:
            # What was put down as it is now need not be judged again: rules may have become stricter.
            return Row(line, SAME, row)
        other = self.by_external.get(values["external_id"]) if "external_id" in touched else None
        if other is not None:
            raise Unread("external_id", "Another row has this external id.")
        before = events.state(row)
        for name in touched:
            setattr(row, name, values[name])
        self.check(row, {name: values[name] for name in touched}, line)
        self.follow(row, touched)
        row.clean_fields(exclude=_pointers(row) | (_names(row) - touched))
        after = events.state(row)
        happened: list[tuple[str, State | None, State | None]] = []
        for kind, fields in self.kinds_of(touched):
            columns = {f.attname for f in row._meta.concrete_fields if f.name in fields}
            told = [{n: v for n, v in state.items() if n in columns} for state in (before, after)]
            happened.append((kind, told[0], told[1]))
        row.version += 1
        return Row(line, CHANGE, row, touched, happened)


def _as_told(row: Any, name: str) -> Any:
    """As a file would say it: without blanks around, and with one way to end a line."""
    value = getattr(row, name)
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else value


def _names(row: models.Model) -> set[str]:
    return {column.name for column in row._meta.concrete_fields}


def _pointers(row: models.Model) -> set[str]:
    fields = row._meta.concrete_fields
    return {column.name for column in fields if isinstance(column, models.ForeignKey)}
