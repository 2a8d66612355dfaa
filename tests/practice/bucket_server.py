"""As much of S3 as keeping files needs, on this machine: put, get, delete, list by folder. Notes what it was asked."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

NAME = "files-of-clients"
LISTED = (
    '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>'
)
GONE = '<?xml version="1.0"?><Error><Code>{}</Code><Message>No.</Message></Error>'


@dataclass
class Bucket:
    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path with query, and headers of every request."""
    ill: int = 0
    """The status that everything is answered with instead."""

    def settings(self) -> dict[str, object]:
        options = {
            "bucket_name": NAME,
            "endpoint_url": self.address,
            "region_name": "eu-test-1",
            "access_key": "tests-only",
            "secret_key": "tests-only-secret",
        }
        return {"BACKEND": "practice.file_bucket.Bucket", "OPTIONS": options}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, *args: object) -> None: ...

    def handle_it(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.bucket.asked.append((self.command, self.path, headers))
        status, told = self.answer(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_it

    def answer(self, body: bytes) -> tuple[int, bytes]:
        bucket, url = self.bucket, urlsplit(self.path)
        _, name, *rest = unquote(url.path).split("/", 2)
        key = rest[0] if rest else ""
        if bucket.ill:
            return bucket.ill, GONE.format("InternalError").encode()
        if name != NAME or not self.headers.get("Authorization", "").startswith("AWS4-"):
            return 403, GONE.format("AccessDenied").encode()
        if self.command == "PUT":
            bucket.objects[key] = body
            return 200, b""
        if self.command == "DELETE":
            bucket.objects.pop(key, None)
            return 204, b""
        if not key:
            return 200, listed(bucket, parse_qs(url.query)).encode()
        if key in bucket.objects:
            return 200, bucket.objects[key]
        return 404, GONE.format("NoSuchKey").encode()


@contextlib.contextmanager
def serving() -> Iterator[Bucket]:
    bucket = Bucket()
    handler = type("OfBucket", (Handler,), {"bucket": bucket})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bucket.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()


def listed(bucket: Bucket, query: dict[str, list[str]]) -> str:
    prefix = query.get("prefix", [""])[0]
    keys = [key for key in sorted(bucket.objects) if key.startswith(prefix)]
    here = [key for key in keys if "/" not in key[len(prefix) :]]
    below = {prefix + key[len(prefix) :].split("/")[0] + "/" for key in keys} - {
        f"{key}/" for key in here
    }
    told = [f"<Contents><Key>{escape(key)}</Key></Contents>" for key in here]
    told += [
        f"<CommonPrefixes><Prefix>{escape(p)}</Prefix></CommonPrefixes>" for p in sorted(below)
    ]
    return LISTED.format("".join(told))
