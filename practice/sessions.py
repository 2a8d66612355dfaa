"""Sessions in the database, read on every request of somebody signed in: by a query that was compiled once."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from practice.rest.prepared import PreparedRow, Slot

OPEN = PreparedRow(
    lambda: Session.objects.filter(
        session_key=Slot("key", models.CharField()),
        expire_date__gt=Slot("now", models.DateTimeField()),
    )
)


class SessionStore(InDatabase):
    def _get_session_from_db(self) -> Any:
        found = OPEN.one(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
