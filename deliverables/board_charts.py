"""Charts of a board report: the same measures drawn as SVG for a page and handed to the paper. Nothing is computed here
but where a bar ends; each chart also says in words what it shows."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from engagements.pictures import BAR, TOP

Chart = dict[str, Any]
TONES = 4
# Of a line: its height in pixels, and what is kept free above for figures and below for labels.
HIGH, ABOVE, BELOW = 190, 26, 28
# Nobody reads more figures than these along a line.
MOST_FIGURES = 8
LONGEST_LABEL = 48
WHOLE, SCALE = Decimal(100), Decimal(8)
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Bar:
    """From where to where, in per cent of the width; without a place there is no bar."""

    series: str
    tone: int
    at: Decimal | None
    wide: Decimal | None
    shown: str


@dataclass(frozen=True)
class Point:
    """Across and down, in per cent."""

    x: Decimal
    y: Decimal
    shown: str
    label: str


@dataclass(frozen=True)
class Line:
    label: str
    tone: int
    stretches: list[list[Point]]
    """Points side by side; where a value is missing, the line is interrupted."""


@dataclass(frozen=True)
class Drawn:
    """A chart with everything measured."""

    title: str
    kind: str
    unit: str
    words: str
    keys: list[str]
    rows: list[tuple[str, list[Bar]]]
    lines: list[Line]
    ticks: list[tuple[Decimal, str]]
    labels: list[tuple[Decimal, str]]
    zero: Decimal
    figures: bool


def drawn(chart: Chart) -> Drawn:
    series = [
        (
            _short(one["label"]),
            [(_short(p["label"]), _number(p["value"]), p["value"]) for p in one["points"]],
        )
        for one in chart["series"]
    ]
    labels = list(dict.fromkeys(label for _, points in series for label, _, _ in points))
    values = [value for _, points in series for _, value, _ in points if value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    rows: list[tuple[str, list[Bar]]] = []
    lines: list[Line] = []
    ticks: list[tuple[Decimal, str]] = []
    if chart["kind"] == "line":
        step = _step(high - low)
        low = (low / step).to_integral_value(ROUND_FLOOR) * step
        high = (high / step).to_integral_value(ROUND_CEILING) * step
        if low == high:
            high = low + step
        ticks = [
            (_per_cent(high - low - step * n, high - low), _round(low + step * n))
            for n in range(int((high - low) / step) + 1)
        ]
        lines = _lines(series, labels, low, high)
    else:
        rows = _rows(series, labels, low, high, chart)
    return Drawn(
        title=chart["title"],
        kind="line" if lines else "bars",
        unit=chart["unit"],
        words=_words(chart, series),
        keys=[label for label, _ in series] if len(series) > 1 else [],
        rows=rows,
        lines=lines,
        ticks=ticks,
        labels=[(_across(n, len(labels)), label) for n, label in enumerate(labels)],
        zero=_per_cent(-low, high - low),
        figures=len(series) == 1 and len(labels) <= MOST_FIGURES,
    )


def for_paper(chart: Chart) -> dict[str, Any]:
    return asdict(drawn(chart))


def svg(chart: Chart) -> SafeString:
    """For a page that carries engagements/pictures.css. Words keep their size on a phone; nothing in it runs."""
    measured = drawn(chart)
    if measured.lines:
        height, inside = ABOVE + HIGH + BELOW, _svg_line(measured)
    else:
        height, inside = _svg_bars(measured)
    return format_html(
        '<svg class="en-picture" role="img" width="100%" height="{}"><title>{}</title>'
        "<desc>{}</desc>{}</svg>{}",
        height,
        measured.title,
        measured.words,
        inside,
        _svg_key(measured.keys, measured.kind),
    )


def _number(value: str | None) -> Decimal | None:
    """A quarter that nobody measured is a gap, not a nought."""
    try:
        number = Decimal(value or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _per_cent(value: Decimal, whole: Decimal) -> Decimal:
    return (value * 100 / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def _across(number: int, many: int) -> Decimal:
    """Half a place free at both ends for the labels of the first and the last, and before it the room of the scale."""
    place = (Decimal(number) + Decimal("0.5")) / many
    return (SCALE + place * (WHOLE - SCALE)).quantize(Decimal("0.01"))


def _step(extent: Decimal) -> Decimal:
    """A round figure of which three to seven fit."""
    if not extent:
        return Decimal(1)
    base = Decimal(10) ** (extent.adjusted() - 1)
    return next(base * n for n in (1, 2, 5, 10, 20, 50) if extent / (base * n) <= 6)


def _short(label: str) -> str:
    """A label has one line; the tables beside it have room for more."""
    return label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…"


def _round(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _shown(number: Decimal | None, text: str | None) -> str:
    return f"{number:,f}" if number is not None else (text or NOT_KNOWN)


Series = Sequence[tuple[str, list[tuple[str, Decimal | None, str]]]]


def _rows(
    series: Series, labels: list[str], low: Decimal, high: Decimal, chart: Chart
) -> list[tuple[str, list[Bar]]]:
    made: list[tuple[str, list[Bar]]] = []
    as_shares = chart["kind"] == "shares"
    for label in labels:
        bars = []
        for tone, (name, points) in enumerate(series):
            known = [value for _, value, _ in points if value is not None]
            total = sum(known, Decimal(0))
            for _, value, text in [point for point in points if point[0] == label]:
                shown = _shown(value, text)
                # Of a loss nothing is a part.
                if as_shares and total and min(known) >= 0 and value is not None:
                    part = _per_cent(value, total)
                    # What is told in parts of a hundred is not told twice.
                    also = "" if chart["unit"] == "%" else f", {shown}"
                    shown = f"{part.quantize(Decimal('0.1'))} %{also}"
                    bars.append(Bar(name, tone % TONES, Decimal(0), part, shown))
                elif value is None or low == high:
                    bars.append(Bar(name, tone % TONES, None, None, shown))
                else:
                    at = _per_cent(min(value, Decimal(0)) - low, high - low)
                    wide = _per_cent(abs(value), high - low)
                    bars.append(Bar(name, tone % TONES, at, wide, shown))
        made.append((label, bars))
    return made


def _lines(series: Series, labels: list[str], low: Decimal, high: Decimal) -> list[Line]:
    made = []
    for tone, (name, points) in enumerate(series):
        stretches: list[list[Point]] = [[]]
        by_label = {label: (value, text) for label, value, text in points}
        for n, label in enumerate(labels):
            value, text = by_label.get(label, (None, ""))
            if value is None:
                stretches.append([])
                continue
            down = _per_cent(high - value, high - low)
            stretches[-1].append(Point(_across(n, len(labels)), down, _shown(value, text), label))
        made.append(Line(name, tone % TONES, [one for one in stretches if one]))
    return made


def _words(chart: Chart, series: Series) -> str:
    unit = f" {chart['unit']}" if chart["unit"] else ""
    told = [
        (f"{name}: " if len(series) > 1 else "")
        + ", ".join(f"{label} {_shown(value, text)}{unit}" for label, value, text in points)
        for name, points in series
    ]
    return "; ".join(told) or "Nothing to show."


def _svg_bars(measured: Drawn) -> tuple[int, SafeString]:
    parts, y = [], 0
    several = bool(measured.keys)
    for label, bars in measured.rows:
        if several:
            parts.append(_text("en-label", "0", y + TOP - 2, label))
            y += TOP + 4
        for bar in bars:
            name = bar.series if several else label
            parts.append(_text("en-figure" if several else "en-label", "0", y + TOP - 2, name))
            parts.append(_text("en-figure", "100%", y + TOP - 2, bar.shown, anchor="end"))
            if bar.at is not None and bar.wide:
                parts.append(
                    format_html(
                        '<rect class="en-tone-{}" x="{}%" y="{}" width="{}%" height="{}" rx="2"/>',
                        bar.tone,
                        bar.at,
                        y + TOP + 5,
                        max(bar.wide, Decimal("0.2")),
                        BAR,
                    )
                )
                if measured.zero:
                    parts.append(
                        format_html(
                            '<line class="en-axis" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>',
                            *(measured.zero, y + TOP + 2, y + TOP + BAR + 8),
                        )
                    )
            y += TOP + BAR + 14
        y += 8 if several else 0
    return y, _joined(parts)


def _svg_line(measured: Drawn) -> SafeString:
    parts = []
    for down, shown in measured.ticks:
        y = _down(down)
        parts.append(format_html('<line class="en-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>', y))
        parts.append(_text("en-tick", "0", y - 3, shown))
    for n, (x, label) in enumerate(measured.labels):
        name = _rarely("en-tick", n, len(measured.labels))
        parts.append(_text(name, f"{x}%", ABOVE + HIGH + BELOW - 8, label, anchor="middle"))
    for line in measured.lines:
        for run in line.stretches:
            parts += [
                format_html(
                    '<line class="en-line en-stroke-{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
                    *(line.tone, one.x, _down(one.y), other.x, _down(other.y)),
                )
                for one, other in itertools.pairwise(run)
            ]
            for point in run:
                parts.append(
                    format_html(
                        '<circle class="en-dot-{}" cx="{}%" cy="{}" r="4"/>',
                        *(line.tone, point.x, _down(point.y)),
                    )
                )
                if measured.figures:
                    n = measured.labels.index((point.x, point.label))
                    name = _rarely("en-point", n, len(measured.labels))
                    y = _down(point.y) - 9
                    parts.append(_text(name, f"{point.x}%", y, point.shown, anchor="middle"))
    return _joined(parts)


def _rarely(name: str, number: int, many: int) -> str:
    """On a phone every second one is left out, the last one never."""
    return f"{name} en-rare" if (many - 1 - number) % 2 and many > 4 else name


def _svg_key(keys: list[str], kind: str) -> SafeString:
    if not keys:
        return SafeString("")
    swatch = (
        '<line class="en-line en-stroke-{}" x1="0" x2="28" y1="6" y2="6"/>'
        if kind == "line"
        else '<rect class="en-tone-{}" width="12" height="12" rx="2"/>'
    )
    inside = format_html_join(
        "",
        f'<li><svg class="en-swatch" width="{{}}" height="12" aria-hidden="true">{swatch}</svg> {{}}</li>',
        ((28 if kind == "line" else 12, n % TONES, label) for n, label in enumerate(keys)),
    )
    return format_html('<ul class="en-key en-tones">{}</ul>', inside)


def _down(per_cent: Decimal) -> Decimal:
    return (ABOVE + per_cent * HIGH / WHOLE).quantize(Decimal("0.1"))


def _text(name: str, x: str, y: Any, words: str, *, anchor: str = "start") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', name, x, y, anchor, words
    )


def _joined(parts: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
