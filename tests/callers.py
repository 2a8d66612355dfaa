"""Calling the API as somebody."""

from typing import Any

import orjson
from django.test import Client as Browser
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from practice.models import Contact, Member


class Form(dict[str, Any]):
    """A body that is sent as a form with files, and stays one when it is bent."""

    def __or__(self, other: Any) -> "Form":
        return Form(dict(self) | dict(other))


class Caller:
    """Speaks JSON to /api/v1/ as a person's session, with a key, or as nobody."""

    def __init__(self, who: Member | Contact | str | None = None) -> None:
        self.browser = Browser(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if isinstance(who, str):
            self.headers["Authorization"] = f"Bearer {who}"
        elif who is not None:
            self.browser.force_login(who.user)
            session = self.browser.session
            session["acting_as"] = f"{'member' if isinstance(who, Member) else 'contact'}:{who.pk}"
            session.save()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        extra: dict[str, Any] = {}
        if isinstance(body, Form):
            for file in body.values():
                if hasattr(file, "seek"):
                    file.seek(0)
            extra = {"data": encode_multipart(BOUNDARY, body), "content_type": MULTIPART_CONTENT}
        elif body is not None:
            extra = {
                "data": body if isinstance(body, bytes) else orjson.dumps(body),
                "content_type": "application/json",
            }
        url = path if path.startswith("/") else f"/api/v1/{path}"
        return self.browser.generic(method, url, headers={**self.headers, **named}, **extra)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body if body is not None else {}, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)
