"""A file that is tried before it is taken in: between the two it travels in the page itself, packed."""

import base64
import zlib
from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget


class CarriedFile(forms.Form):
    """`cleaned_data["content"]` is what the file holds, chosen just now or carried along; `told` says what it may be."""

    largest: ClassVar[int]
    told: ClassVar[str]

    file = forms.FileField(
        required=False,
        label="CSV file",
        # Unfold's script writes the name of a chosen file into the nearest text box; its widget brings one.
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
    )
    # What was tried, so that the file need not be chosen twice.
    packed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=900_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.told

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("file") is not None:
            given["content"] = given["file"].read(self.largest + 1)
        elif given.get("packed"):
            given["content"] = _unpacked(given["packed"], self.largest)
        if not given.get("content"):
            self.add_error("file", "Choose a file.")
        return given

    def carried(self) -> str:
        return base64.b64encode(zlib.compress(self.cleaned_data["content"], 9)).decode()


def _unpacked(text: str, largest: int) -> bytes:
    try:
        # Never more than a file may have, whatever it was packed from.
        return zlib.decompressobj().decompress(base64.b64decode(text), largest + 1)
    except (ValueError, zlib.error):
        return b""
