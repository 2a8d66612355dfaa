"""PDF by Typst: a template of ours and data that stays data. The same data gives the same bytes."""

from pathlib import Path
from typing import Any, cast

import orjson
import typst


def render(template: Path, data: dict[str, Any]) -> bytes:
    """Data goes in as JSON text, so nothing in it is ever read as markup, a path or an address."""
    made: object = typst.compile(  # type: ignore[type-var]  # the stub forgets plain paths
        template,
        root=str(template.parent),
        sys_inputs={"data": orjson.dumps(data, default=str).decode()},
        ignore_system_fonts=True,
    )
    return cast(bytes, made)  # one PDF; only pictures come as a list of pages
