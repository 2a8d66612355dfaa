"""Markdown as HTML: what it keeps of a document, and that nothing in it runs, loads or leads into our own pages."""

import re

import pytest

from practice import markdown

DOCUMENT = """# Capability map

Some **bold** and ~~old~~ text, see <https://example.test/a?b=1>.

| Area | Value |
|------|------:|
| Data | *good* |

- [ ] Reviewed
- [x] Shared
"""
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.test/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](/portal/deliverables/1/answer/)",
    "[x](//evil.test)",
    '[x](https://a.test "\\" onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{display:none}</style>",
    '```"><script>alert(1)</script>\nx\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<form action='/portal/'><button>Pay</button></form>",
    "\u202e\u0000<b onclick=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
)
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>")


def test_a_document_keeps_its_shape_under_the_heading_of_the_page():
    made = markdown.html(DOCUMENT)
    assert "<h2>Capability map</h2>" in made
    assert "<strong>bold</strong> and <s>old</s>" in made
    assert 'href="https://example.test/a?b=1" rel="noopener noreferrer nofollow"' in made
    assert '<th scope="col">Area</th>' in made
    assert "<td><em>good</em></td>" in made
    assert "<li>☐ Reviewed</li>" in made
    assert "<li>☑ Shared</li>" in made


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_write_becomes_more_than_text_and_plain_links(text):
    for _, tag, rest in TAG.findall(markdown.html(f"{text}\n\n| a |\n|---|\n| {text} |\n")):
        assert tag in markdown.TAGS
        href = re.search(r'href="([^"]*)"', rest)
        assert href is None or href[1].startswith(("http://", "https://", "mailto:"))
        assert not re.search(
            r"\bon\w+\s*=|style\s*=|src\s*=",
            rest.replace(href[0] if href else "", "").split('title="')[0],
        )


def test_deep_nesting_and_long_runs_come_to_an_end():
    for text in ("> " * 5000, "[" * 20_000, "*a " * 20_000, "- " * 3000, "|" * 20_000):
        markdown.html(text)
