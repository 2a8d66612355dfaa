"""PDF by Typst: a template of ours and data that stays data. The same data gives the same bytes."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import orjson
import typst

# Typst itself brings faces for Latin, Greek, Cyrillic, Hebrew, Armenian and Georgian; these are for Chinese, Japanese and
# Korean, for Arabic, Devanagari and Thai. Which face a letter needs is found out letter by letter.
FACES = (
    "noto_cjk_sans_otc",
    "fontpkg_amiri",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_thai",
)


def render(template: Path, data: dict[str, Any]) -> bytes:
    """Data goes in as JSON text, so nothing in it is ever read as markup, a path or an address."""
    made: object = typst.compile(  # type: ignore[type-var]  # the stub forgets plain paths
        template,
        root=str(template.parent),
        sys_inputs={"data": orjson.dumps(data, default=str).decode()},
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )
    return cast(bytes, made)  # one PDF; only pictures come as a list of pages


@cache
def _fonts() -> typst.Fonts:
    """Read once a process. An installation older than the lock still prints, with boxes for letters it lacks."""
    found = [spec.origin for name in FACES if (spec := find_spec(name)) and spec.origin]
    folders = [str(Path(origin).parent) for origin in found]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
