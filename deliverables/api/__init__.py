"""Decisions and deliverables over REST, one module a part."""

from deliverables.api import board, decisions, deliverables, kinds, log, packs, releases, versions

RESOURCES = (
    decisions.RESOURCES
    | log.RESOURCES
    | deliverables.RESOURCES
    | versions.RESOURCES
    | releases.RESOURCES
    | kinds.RESOURCES
    | packs.RESOURCES
    | board.RESOURCES
)
catalogue_router = kinds.catalogue_router
