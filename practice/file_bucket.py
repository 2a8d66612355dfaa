"""Files in an S3-compatible bucket instead of the folder. Imported only where FILES_S3_BUCKET is set."""

import functools
import tempfile
from collections.abc import Callable
from typing import Any, NoReturn

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 1024 * 1024
AT_ONCE = 64 * 1024


def _as_oserror(method: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever keeps files knows one kind of trouble, wherever they lie."""

    @functools.wraps(method)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except ClientError as fault:
            if fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                raise FileNotFoundError(str(fault)) from fault
            raise OSError(str(fault)) from fault
        except BotoCoreError as fault:
            raise OSError(str(fault)) from fault

    return told


class Bucket(S3Storage):
    """No ACL is sent: without one an object is its owner's alone, and buckets of today refuse requests that bring
    any. What the library reads from AWS_… settings besides, such as credentials of the machine, holds here too."""

    def get_default_settings(self) -> dict[str, Any]:
        # One request each way: files are at most 10 MB, and threads of its own would outlive the worker's.
        whole = TransferConfig(multipart_threshold=64 * 1024 * 1024, use_threads=False)
        return {
            **super().get_default_settings(),
            "default_acl": None,
            "querystring_auth": False,
            "transfer_config": whole,
            "client_config": self._client(),
        }

    def _client(self) -> Config:
        # An endpoint of one's own rarely answers to names like bucket.host; Amazon prefers them.
        style = "path" if self._own_endpoint else "auto"
        return Config(
            signature_version="s3v4",
            s3={"addressing_style": style},
            connect_timeout=5,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 3},
            # Checksums that came in 2025 and that other servers than Amazon's may not know; we have our own.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def __init__(self, **settings: Any) -> None:
        self._own_endpoint = bool(settings.get("endpoint_url"))
        super().__init__(**settings)

    def url(self, name: str, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("Files have no address of their own; go through the row.")

    @_as_oserror
    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Fetched once, to be read twice: for its checksum and for whoever asked. Beyond a megabyte on the disk."""
        body = self.bucket.Object(self._normalize_name(name)).get()["Body"]
        spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by whoever opened it)
        try:
            for piece in body.iter_chunks(AT_ONCE):
                spool.write(piece)
        except BaseException:
            spool.close()
            raise
        finally:
            body.close()
        spool.seek(0)
        return File(spool, name=name)

    _save = _as_oserror(S3Storage._save)
    delete = _as_oserror(S3Storage.delete)
    listdir = _as_oserror(S3Storage.listdir)
    exists = _as_oserror(S3Storage.exists)
