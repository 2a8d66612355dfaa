"""What the desk and the portal stand on: a site that asks who is here, and admin classes that ask the access table."""

from practice.sites.acts import Act
from practice.sites.forms import VerbForm
from practice.sites.pages import RowPage
from practice.sites.scoped import ScopedAdmin
from practice.sites.sections import Section
from practice.sites.site import Site

__all__ = ["Act", "RowPage", "ScopedAdmin", "Section", "Site", "VerbForm"]
