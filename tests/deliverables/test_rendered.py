"""Every template as a page shows it: headings, tables and boxes come out whole."""

import pytest

from deliverables import catalogue
from practice import markdown


@pytest.mark.parametrize("code", sorted(catalogue.kinds()))
def test_every_template_comes_out_with_its_headings_tables_and_boxes(code):
    text = catalogue.kinds()[code].text
    made = markdown.html(text.markdown)
    assert made.count("<h3>") == len(text.headings)
    assert made.count("<table>") == len(text.tables)
    assert made.count("\u2610 ") == len(text.criteria)
