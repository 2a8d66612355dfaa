"""How much a form with files may bring. Read at the door, so that nothing larger reaches memory or disk."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# The largest file that is taken (practice/files.py), and room for the form around it.
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_BODY = LARGEST_FILE + 64 * 1024


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep something, and keeps nothing itself."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *more: Any) -> None:
        # What is not announced is not read: the server cuts a body off at its announced length.
        if content_length > LARGEST_BODY:
            raise RequestDataTooBig("The body is larger than any file that is taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
