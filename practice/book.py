"""The book of knowledge: versioned TOML files read into frozen dataclasses, refused with file and key when wrong."""

import dataclasses
import tomllib
import types
import typing
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from practice.durations import duration

T = TypeVar("T")


class BadBook(Exception):
    """A data file that cannot be read: which file, which key, and why."""

    def __init__(self, file: Path, key: str, why: str) -> None:
        super().__init__(f"{file.name}: {key or 'file'}: {why}")
        self.file, self.key, self.why = file, key, why


def read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except tomllib.TOMLDecodeError as wrong:
        raise BadBook(file, "", str(wrong)) from wrong


def tables(shape: type[T], *files: Path) -> dict[str, T]:
    """Files of tables of one form, by name; a name belongs to one file."""
    found: dict[str, T] = {}
    for file in files:
        for key, table in read(file).items():
            if key in found:
                raise BadBook(file, key, "is declared in another file already")
            if key != "version":
                found[key] = build(shape, table, file, key)
    return found


def build(shape: type[T], data: Any, file: Path, key: str = "") -> T:
    """A frozen dataclass from a TOML table: no key too many, none missing, every value of its type."""
    if not isinstance(data, dict):
        raise BadBook(file, key, "a table is expected here")
    hints = typing.get_type_hints(shape)
    fields = {f.name: f for f in dataclasses.fields(shape)}  # type: ignore[arg-type]
    for name in data:
        if name not in fields:
            raise BadBook(file, f"{key}.{name}".lstrip("."), "no such key; misspelt?")
    values = {}
    for name, field in fields.items():
        path = f"{key}.{name}".lstrip(".")
        if name in data:
            values[name] = _value(hints[name], data[name], file, path)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BadBook(file, path, "is missing")
    return shape(**values)


def _value(hint: Any, value: Any, file: Path, key: str) -> Any:
    if hint is Any:
        return value
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        hint = next(arg for arg in args if arg is not type(None))
        return _value(hint, value, file, key)
    if origin is tuple:
        _expect(list, "a list", value, file, key)
        return tuple(_value(args[0], v, file, f"{key}[{i}]") for i, v in enumerate(value))
    if origin is dict:
        _expect(dict, "a table", value, file, key)
        return {name: _value(args[1], v, file, f"{key}.{name}") for name, v in value.items()}
    if dataclasses.is_dataclass(hint):
        return build(hint, value, file, key)  # type: ignore[arg-type]
    return _plain(hint, value, file, key)


def _plain(hint: Any, value: Any, file: Path, key: str) -> Any:
    if hint is timedelta:
        try:
            return duration(value)
        except ValueError as wrong:
            raise BadBook(file, key, str(wrong)) from wrong
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise BadBook(file, key, f"{hint.__name__} is expected here, not {type(value).__name__}")
    return value


def _expect(kind: type, name: str, value: Any, file: Path, key: str) -> None:
    if not isinstance(value, kind):
        raise BadBook(file, key, f"{name} is expected here")
