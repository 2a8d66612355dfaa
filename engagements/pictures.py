"""Pictures of time as SVG: the balance by month and the shares of the hats. Pages of the desk and the portal embed them.

Positions across are per cent and down are pixels, so a picture fills its place and its words keep their size. Colours
come from static/engagements/pictures.css. Each says in words what it shows.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from engagements.hat_shares import BALANCED, HatBalance
from engagements.ledger import MINUTES, Month

ROW, TOP, BAR = 54, 18, 14


def length(minutes: int | Decimal) -> str:
    """90 → 1:30 h"""
    whole = abs(int(minutes))
    return f"{'-' if minutes < 0 else ''}{whole // 60}:{whole % 60:02} h"


def amount(month: Month, value: Decimal) -> str:
    """Of a month's account, as people write it."""
    return length(value) if month.unit == MINUTES else f"{value:,.2f} {month.currency}"


def told(month: Month) -> str:
    """One month in words."""
    given = month.allowance + month.rolled_in
    words = f"{amount(month, month.used)} of {amount(month, given)} used"
    if month.over:
        return f"{words}, {amount(month, month.over)} over"
    return f"{words}, {amount(month, month.left)} left"


def balance(months: Sequence[Month]) -> SafeString:
    """A bar for each month: the frame is what there was, the filling what was used, the rest beyond it is over."""
    if not months:
        return SafeString("")
    scales = {
        month.account: max(_extent(m) for m in months if m.account == month.account)
        for month in months
    }
    rows = format_html_join(
        "",
        "{}",
        ((_bar(n, month, scales[month.account] or Decimal(1)),) for n, month in enumerate(months)),
    )
    words = "; ".join(f"{month.starts_on:%B %Y}: {told(month)}" for month in months)
    return _svg("Allowance by month", words, len(months), rows)


def hats(measured: HatBalance) -> SafeString:
    """A bar for each hat, and a line where its share was meant to end."""
    rows = format_html_join("", "{}", ((_hat(n, measured, n),) for n in range(len(measured.hats))))
    shares = "; ".join(f"{one.hat}: {one.share} %, {one.target} % meant" for one in measured.hats)
    return _svg("Share of each hat", f"{measured.sentence} {shares}.", len(measured.hats), rows)


def _extent(month: Month) -> Decimal:
    return max(month.allowance + month.rolled_in, month.used, Decimal(0))


def _bar(number: int, month: Month, scale: Decimal) -> SafeString:
    y = number * ROW
    given = max(month.allowance + month.rolled_in, Decimal(0))
    parts = [
        ("en-given", Decimal(0), given),
        ("en-used", Decimal(0), min(month.used, given)),
        ("en-over", min(month.used, given), max(month.used - given, Decimal(0))),
    ]
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="3"/>',
        (
            (name, _part(at, scale), y + TOP + 6, _part(wide, scale), BAR)
            for name, at, wide in parts
        ),
    )
    label = f"{month.starts_on:%b %Y}" + (", closed" if month.locked else "")
    return format_html(
        '<text class="en-label" x="0" y="{}">{}</text>'
        '<text class="en-figure" x="100%" y="{}" text-anchor="end">{}</text>{}',
        y + TOP - 2,
        label,
        y + TOP - 2,
        _short(month),
        bars,
    )


def _short(month: Month) -> str:
    return (
        f"{amount(month, month.over)} over" if month.over else f"{amount(month, month.left)} left"
    )


def _hat(number: int, measured: HatBalance, index: int) -> SafeString:
    one, y = measured.hats[index], number * ROW
    losing = measured.status != BALANCED and one.hat in measured.losers
    return format_html(
        '<text class="en-label" x="0" y="{0}">{1}</text>'
        '<text class="en-figure" x="100%" y="{0}" text-anchor="end">{2} %, {3} % meant</text>'
        '<rect class="en-given" x="0" y="{4}" width="100%" height="{5}" rx="3"/>'
        '<rect class="{6}" x="0" y="{4}" width="{2}%" height="{5}" rx="3"/>'
        '<line class="en-target" x1="{7}%" x2="{7}%" y1="{8}" y2="{9}"/>',
        y + TOP - 2,
        f"{one.hat}, losing" if losing else one.hat,
        one.share,
        one.target,
        y + TOP + 6,
        BAR,
        "en-losing" if losing else "en-used",
        # A line at the very edge would be cut in half.
        min(Decimal("99.7"), max(Decimal("0.3"), Decimal(one.target))),
        y + TOP + 1,
        y + TOP + 11 + BAR,
    )


def _part(value: Decimal, scale: Decimal) -> Decimal:
    return (value * 100 / scale).quantize(Decimal("0.01"))


def _svg(title: str, words: str, rows: int, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg class="en-picture" role="img" width="100%" height="{}" aria-label="{}: {}">{}</svg>',
        rows * ROW,
        title,
        words,
        drawn,
    )
