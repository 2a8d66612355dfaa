"""The floor: the database writes the JSON, a bare WSGI function hands it on, token and tenant are in the one statement."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from django.db import connection
from django.utils import timezone

COLUMNS = {
    "id": "c.id",
    "version": "c.version",
    "created_at": "c.created_at",
    "name": "c.name",
    "legal_name": "c.legal_name",
    "industry": "c.industry",
    "country": "c.country",
    "time_zone": "c.time_zone",
    "currency": "c.currency",
    "fiscal_year_start": "c.fiscal_year_start",
    "status": "c.status",
    "responsible": "c.responsible_id",
    "contacts_count": "c.contacts_count",
    "responsible_name": "u.name",
}
FROM = """
  FROM practice_client c
  JOIN practice_member m ON m.id = c.responsible_id
  JOIN practice_user u ON u.id = m.user_id
 WHERE c.practice_id = (
       SELECT k.practice_id FROM practice_apikey k
        WHERE k.prefix = %s AND k.secret_hash = %s AND k.revoked_at IS NULL AND k.expires_at > %s)
"""
FIELDS = ", ".join(f"'{name}', {column}" for name, column in COLUMNS.items())
NAMED = ", ".join(f'{column} AS "{name}"' for name, column in COLUMNS.items())
SQL = {
    "sqlite": {
        "list": f"SELECT json_object('results', json_group_array(json(row))) FROM "
        f"(SELECT json_object({FIELDS}) AS row {FROM} ORDER BY c.name, c.id LIMIT %s)",
        "detail": f"SELECT json_object({FIELDS}) {FROM} AND c.id = %s",
    },
    "postgresql": {
        "list": "SELECT json_build_object('results', json_agg(page))::text FROM "
        f"(SELECT {NAMED} {FROM} ORDER BY c.name, c.id LIMIT %s) page",
        "detail": f"SELECT row_to_json(page)::text FROM (SELECT {NAMED} {FROM} AND c.id = %s) page",
    },
}

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    last = environ["PATH_INFO"].rstrip("/").rpartition("/")[2]
    if last == "clients":
        limit = parse_qs(environ["QUERY_STRING"]).get("limit", ["50"])[0]
        body = _ask(environ, "list", int(limit))
    else:
        body = _ask(environ, "detail", last.replace("-", ""))
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def _ask(environ: dict[str, Any], what: str, last: object) -> bytes:
    _, prefix, secret = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ").split("_", 2)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    now = timezone.now()
    # SQLite compares moments as the text that Django keeps them in.
    moment = now if connection.vendor == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection.ensure_connection()
    sql = SQL[connection.vendor][what]
    if connection.vendor == "sqlite":
        found = connection.connection.execute(
            sql.replace("%s", "?"), (prefix, digest, moment, last)
        )
    else:
        found = connection.connection.execute(sql, (prefix, digest, moment, last), prepare=True)
    row = found.fetchone()
    return row[0].encode() if row else b"null"
