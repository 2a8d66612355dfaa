"""Lists of the register: given out as files from their page, and taken in."""

from typing import ClassVar

from assessments import exporting
from practice.sites import ScopedAdmin


class ListedInFiles(ScopedAdmin):
    list_before_template = "assessments/desk/register_list.html"
    file_kind: ClassVar[str]
    file_forms = exporting.FORMATS
