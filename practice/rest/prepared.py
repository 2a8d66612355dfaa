"""Queries whose form never changes: built and compiled once, then run with new values. Only SQL text is kept, never rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Stands in a filter for a value that each run brings."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def fill(self, values: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


@dataclass(frozen=True)
class Form:
    """One compiled query."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    def raw(self, **values: Any) -> list[tuple[Any, ...]]:
        """As the driver gives them: ids and days of SQLite are text. Of one column they compare with each other."""
        params = [p.fill(values) if isinstance(p, Slot) else p for p in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return cursor.fetchall()  # type: ignore[no-any-return]

    def rows(self, **values: Any) -> list[list[Any]]:
        found = [list(row) for row in self.raw(**values)]
        for at in self.converters:
            read = self.reader(at)
            for row in found:
                row[at] = read(row[at])
        return found

    def reader(self, column: int) -> Callable[[Any], Any]:
        """What raw values of a column mean."""
        converters, expression = self.converters.get(column, ((), None))

        def read(value: Any) -> Any:
            for convert in converters:
                value = convert(value, expression, connection)
            return value

        return read


def compiled(rows: QuerySet[Any]) -> Form:
    return _compiled(rows.query.get_compiler(connection=connection))


def _compiled(compiler: Any) -> Form:
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    return Form(sql, tuple(params), converters)


class Prepared:
    """`build` makes a `.values_list()` queryset with Slots; `rows(name=value)` runs it."""

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        # By kind of database: the suite runs on two.
        self._forms: dict[str, Form] = {}

    @property
    def form(self) -> Form:
        found = self._forms.get(connection.vendor)
        if found is None:
            found = self._forms[connection.vendor] = compiled(self._build())
        return found

    def rows(self, **values: Any) -> list[list[Any]]:
        return self.form.rows(**values)


class PreparedRow(Generic[M]):
    """The same for one whole row with what it selects beside it: `one(name=value)` is an instance, or None."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._makers: dict[str, tuple[Form, Callable[[list[Any]], M]]] = {}

    def one(self, **values: Any) -> M | None:
        found = self._makers.get(connection.vendor)
        if found is None:
            found = self._makers[connection.vendor] = _making(self._build())
        form, make = found
        rows = form.rows(**values)
        return make(rows[0]) if rows else None


def _making(rows: QuerySet[M]) -> tuple[Form, Callable[[list[Any]], M]]:
    """As Django's own iteration over instances, with all that depends on the query alone done beforehand."""
    compiler = rows.query.get_compiler(connection=connection)
    form = _compiled(compiler)
    told: dict[str, Any] = compiler.klass_info  # type: ignore[assignment]
    at = told["select_fields"]
    begin, end = at[0], at[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[begin:end]]  # type: ignore[union-attr]
    beside = get_related_populators(told, compiler.select, rows.db)

    def make(row: list[Any]) -> M:
        made: M = told["model"].from_db(rows.db, names, row[begin:end])
        for related in beside:
            related.populate(row, made)
        return made

    return form, make
