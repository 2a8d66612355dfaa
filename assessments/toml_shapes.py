"""A table against the dataclass it is to become: every misfit at once, and the table put right so that more can be
checked. practice/book.py, which builds what ships, stops at the first."""

import dataclasses
import typing
from typing import Any

from assessments.lens_faults import Fault

EMPTY: dict[type, Any] = {str: "", int: 0, bool: False, float: 0.0}


def repaired(shape: type, data: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    found: list[Fault] = []
    return _table(shape, data, "", found), found


def _table(shape: type, data: Any, key: str, found: list[Fault]) -> dict[str, Any]:
    if not isinstance(data, dict):
        found.append((key, "a table is expected here"))
        data, known = {}, False
    else:
        known = True
    hints = typing.get_type_hints(shape)
    fields = {field.name: field for field in dataclasses.fields(shape)}
    found += [
        (f"{key}.{name}".lstrip("."), "no such key; misspelt?")
        for name in data
        if name not in fields
    ]
    values = {}
    for name, field in fields.items():
        at = f"{key}.{name}".lstrip(".")
        if name in data:
            values[name] = _value(hints[name], data[name], at, found)
        elif _is_needed(field):
            values[name] = _empty(hints[name])
            if known:
                found.append((at, "is missing"))
    return values


def _is_needed(field: Any) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(hint: Any, value: Any, at: str, found: list[Fault]) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if origin is tuple:
        if isinstance(value, list):
            return [_value(args[0], part, f"{at}[{i}]", found) for i, part in enumerate(value)]
        found.append((at, "a list is expected here"))
        return []
    if origin is dict:
        if isinstance(value, dict):
            return {name: _value(args[1], v, f"{at}.{name}", found) for name, v in value.items()}
        found.append((at, "a table is expected here"))
        return {}
    if dataclasses.is_dataclass(hint):
        return _table(typing.cast(type, hint), value, at, found)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        found.append((at, f"{hint.__name__} is expected here, not {type(value).__name__}"))
        return _empty(hint)
    return value


def _empty(hint: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (tuple, dict):
        return [] if origin is tuple else {}
    return EMPTY[hint]
