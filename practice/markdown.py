"""Markdown that people wrote, as HTML that can do nothing: no markup of theirs, no pictures, no address that runs."""

import re
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    # One tag a line would be thirty lines.
    "p br hr h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a "  # noqa: SIM905
    "table thead tbody tr th td div".split()
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"scope"},
    # A table that is wider than a phone is moved by itself, with the keyboard as well.
    "div": {"class", "tabindex", "role", "aria-label"},
}
SCHEMES = {"http", "https", "mailto"}
BOX = re.compile(r"\A\[([ xX])\]\s")
TICKS = {" ": "☐ ", "x": "☑ ", "X": "☑ "}


def html(text: str) -> SafeString:
    """Headings begin at the second level: the page they stand on has the first."""
    made = _parser().render(text)
    clean = nh3.clean(
        made,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        # An address of ours without a host would be followed with the reader's session.
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 (this is where it becomes safe)


def tokens(text: str) -> list[Token]:
    """What a text says, piece by piece, for what is no page."""
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    # People who write a list of lines mean lines.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
        ["table", "strikethrough"]
    )
    # A picture would be fetched from wherever its writer wants: its words stay, as a link.
    parser.disable(["image", "html_block", "html_inline"])
    parser.core.ruler.push("as_on_our_pages", lambda state: _adapt(state.tokens))
    parser.add_render_rule("table_open", lambda *_: f"{WIDE}<table>\n")
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


WIDE = '<div class="md-wide" tabindex="0" role="region" aria-label="Table">'


def _adapt(tokens: list[Token]) -> None:
    for one in tokens:
        if one.type in ("heading_open", "heading_close"):
            one.tag = f"h{min(int(one.tag[1]) + 1, 6)}"
        elif one.type == "th_open":
            one.attrs = {"scope": "col"}
        elif one.type == "td_open":
            one.attrs = {}
        elif one.type == "inline" and one.children and one.children[0].type == "text":
            first = one.children[0]
            first.content = BOX.sub(lambda found: TICKS[found[1]], first.content)
