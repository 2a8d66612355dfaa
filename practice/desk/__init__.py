"""The desk: where the members of a practice work."""

from practice.desk import clients, hooks, keys, motion, record, team
from practice.desk.site import desk

__all__ = ["clients", "desk", "hooks", "keys", "motion", "record", "team"]
