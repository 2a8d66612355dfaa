"""The API base that every resource inherits: three declarative lines make a list (docs/api.md).

Nothing is imported here: DRF loads its settings' classes from these modules while it is itself being imported.
"""
