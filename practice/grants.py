"""What the role of web and worker may do on PostgreSQL: what is append-only, it may read and add to, and nothing else.

The guards refuse the same by triggers. A role of its own is the second wall: who owns a table could take them off.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Model

from practice import guards

WHOLE = "SELECT, INSERT, UPDATE, DELETE"


def statements(role: str) -> Iterator[str]:
    """To be run by the role that owns the tables, after every migrate; running them again changes nothing."""
    name = connection.ops.quote_name(role)
    rights = {model._meta.db_table: _rights(model) for model in guards.tenant_models()}
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    for table in sorted(connection.introspection.table_names()):
        yield f'REVOKE ALL ON "{table}" FROM {name}'
        yield f'GRANT {rights.get(table, WHOLE)} ON "{table}" TO {name}'


def _rights(model: type[Model]) -> str:
    if getattr(model, "append_only", False):
        return "SELECT, INSERT"
    # What opens a seal is never changed; erasing deletes it.
    if getattr(model, "written_once", False):
        return "SELECT, INSERT, DELETE"
    return WHOLE
