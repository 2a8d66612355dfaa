"""The folder that files are kept in by default: private, written through to the disk, with no address on the web."""

import os
from pathlib import Path
from typing import NoReturn

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class Disk(FileSystemStorage):
    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name: str | None) -> NoReturn:
        raise NotImplementedError("Files have no address of their own; go through the row.")

    def _save(self, name: str, content: "File[bytes]") -> str:
        name = super()._save(name, content)  # type: ignore[misc]
        # The row that names it is committed next: a power cut must not leave that and lose these bytes. A new name
        # is safe once its folder is written, too, and a new folder once its parent is.
        path = Path(self.path(name))
        for written in (path, *path.relative_to(self.location).parents):
            _to_disk(Path(self.location) / written)
        return name


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
