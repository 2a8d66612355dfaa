"""The portal: where the executives of a client look and decide."""

from practice.portal.pages import Page
from practice.portal.site import portal

__all__ = ["Page", "portal"]
