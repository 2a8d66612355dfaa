"""Webhooks: other software is told of events as they happen, in the form of Standard Webhooks 1.0 (docs/webhooks.md)."""
