"""The lenses that ship with Remit, every version of each, read once per process and refused when broken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments.lens_faults import faults
from assessments.lenses import Lens
from practice import book

FOLDER = Path(__file__).parent / "data" / "lenses"


@dataclass(frozen=True)
class Pin:
    """A version that was published, and the hash of its file on that day."""

    key: str
    version: int
    file: str
    sha256: str


@dataclass(frozen=True)
class Published:
    version: int
    published: tuple[Pin, ...]


def load(file: Path) -> Lens:
    lens = book.build(Lens, book.read(file), file)
    for key, why in faults(lens):
        raise book.BadBook(file, key, why)
    return lens


def shipped(folder: Path | None = None) -> dict[str, Lens]:
    """The newest version of each lens of the panel, by key, in the order of their sources."""
    return {key: lens for key, lens in newest(folder).items() if lens.panel}


def instruments(folder: Path | None = None) -> dict[str, Lens]:
    """What is built like a lens but answers another question; it never votes."""
    return {key: lens for key, lens in newest(folder).items() if not lens.panel}


def newest(folder: Path | None = None) -> dict[str, Lens]:
    """Lenses and instruments."""
    return _newest(folder or FOLDER)


def pinned(key: str, version: int, folder: Path | None = None) -> Lens:
    """The version an old result was computed with. KeyError where there is none."""
    return _versions(folder or FOLDER)[key][version]


def digest(key: str, version: int, folder: Path | None = None) -> str:
    """The hash under which a version was published."""
    pins = _pins((folder or FOLDER).parent / "published.toml")
    return next(pin.sha256 for pin in pins if (pin.key, pin.version) == (key, version))


def text(key: str, version: int, folder: Path | None = None) -> str:
    """The file as it was published."""
    folder = folder or FOLDER
    pins = _pins(folder.parent / "published.toml")
    return next(
        (folder / pin.file).read_text() for pin in pins if (pin.key, pin.version) == (key, version)
    )


@cache
def _newest(folder: Path) -> dict[str, Lens]:
    return {key: of_key[max(of_key)] for key, of_key in _versions(folder).items()}


@cache
def _versions(folder: Path) -> dict[str, dict[int, Lens]]:
    found: dict[str, dict[int, Lens]] = {}
    for file in sorted(folder.glob("*.toml")):
        lens = load(file)
        of_key = found.setdefault(lens.key, {})
        if lens.version in of_key:
            raise book.BadBook(file, "version", f"{lens.key} {lens.version} is in another file too")
        of_key[lens.version] = lens
    return found


def _pins(file: Path) -> tuple[Pin, ...]:
    return book.build(Published, book.read(file), file).published


def unsound(folder: Path | None = None) -> Iterator[book.BadBook]:
    """What `manage.py check` refuses: broken files, and published ones that were changed afterwards."""
    folder = folder or FOLDER
    sound = True
    for file in sorted(folder.glob("*.toml")):
        try:
            load(file)
        except book.BadBook as bad:
            sound = False
            yield bad
    if not sound:
        return
    try:
        _versions(folder)
        yield from _unpinned(folder)
    except book.BadBook as bad:
        yield bad


def _unpinned(folder: Path) -> Iterator[book.BadBook]:
    pinboard = folder.parent / "published.toml"
    pins = {pin.file: pin for pin in _pins(pinboard)}
    files = {file.name: file for file in sorted(folder.glob("*.toml"))}
    for name in pins.keys() - files.keys():
        yield book.BadBook(pinboard, name, "was published and is gone")
    for name, file in files.items():
        pin, lens = pins.get(name), load(file)
        if pin is None:
            yield book.BadBook(file, "version", f"has no line in {pinboard.name}")
        elif (pin.key, pin.version) != (lens.key, lens.version):
            yield book.BadBook(file, "version", f"was published as {pin.key} version {pin.version}")
        elif pin.sha256 != hashlib.sha256(file.read_bytes()).hexdigest():
            yield book.BadBook(
                file,
                "file",
                f"version {pin.version} is published and was changed; make it version {pin.version + 1} in a new file",
            )
