"""Small pictures of oversight as SVG: the share of each hat beside its target, and days promised beside days possible."""

from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from engagements.hat_shares import HatBalance

WIDE, HIGH = 160, 10


def balance(found: HatBalance) -> SafeString:
    """One bar a hat: filled as far as it got, with a mark where it was meant to be. Words beside it say the same."""
    if not found.minutes:
        return SafeString("")
    bars = format_html_join(
        "",
        '<g transform="translate(0 {})"><rect class="ov-rail" x="48" width="{}" height="{}" rx="3"/>'
        '<rect class="ov-bar{}" x="48" width="{}" height="{}" rx="3"/>'
        '<rect class="ov-mark" x="{}" y="-2" width="2" height="{}"/>'
        '<text class="ov-text" x="0" y="9">{}</text></g>',
        (
            (
                n * 18 + 3,
                WIDE,
                HIGH,
                " ov-loses" if hat.hat in found.losers else "",
                _scaled(hat.share, 100),
                HIGH,
                47 + _scaled(Decimal(hat.target), 100),
                HIGH + 4,
                _named(hat.hat),
            )
            for n, hat in enumerate(found.hats)
        ),
    )
    told = ", ".join(f"{_named(hat.hat)} {hat.share} % of {hat.target} %" for hat in found.hats)
    return _svg(bars, WIDE + 52, 18 * len(found.hats), told)


def load(promised: Decimal, proposed: Decimal, possible: Decimal | None) -> SafeString:
    """A bar of promised days, what proposals would add behind it, and a mark where the stated days end."""
    most = max(promised + proposed, possible or Decimal(0), Decimal(1))
    first, both = _scaled(promised, most), _scaled(promised + proposed, most)
    over = possible is not None and promised > possible
    parts = format_html(
        '<g transform="translate(0 3)"><rect class="ov-rail" width="{}" height="{}" rx="3"/>'
        '<rect class="ov-maybe" width="{}" height="{}" rx="3"/>'
        '<rect class="ov-bar{}" width="{}" height="{}" rx="3"/>{}</g>',
        WIDE,
        HIGH,
        both,
        HIGH,
        " ov-loses" if over else "",
        first,
        HIGH,
        format_html(
            '<rect class="ov-mark" x="{}" y="-2" width="2" height="{}"/>',
            max(_scaled(possible, most) - 1, 0),
            HIGH + 4,
        )
        if possible is not None
        else "",
    )
    can = f"{possible} possible" if possible is not None else "possible days not stated"
    return _svg(parts, WIDE + 2, 18, f"{promised} days promised, {proposed} proposed, {can}")


def _svg(parts: SafeString, width: int, height: int, told: str) -> SafeString:
    return format_html(
        '<svg class="ov-picture" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        width,
        height,
        width,
        height,
        told,
        parts,
    )


def _named(hat: str) -> str:
    return hat.replace("_", " ")


def _scaled(part: Decimal, whole: Decimal | int) -> int:
    return int(min(part / whole, Decimal(1)) * WIDE) if part > 0 else 0
