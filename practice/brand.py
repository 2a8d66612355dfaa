"""The practice's name, colour and logo on every page, and Remit's own where there is no practice."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from practice.identity import Here

NAME = "Remit"
HOUSE_COLOUR = "#1f4e79"
# The lightest ground that text stands on in the dark theme.
WHITE, INK = (255, 255, 255), (31, 41, 55)
# WCAG AA for text; a little more, because screens differ.
READABLE = 4.6
Rgb = tuple[int, int, int]


def context(request: HttpRequest) -> dict[str, Any]:
    here = getattr(request, "here", None)
    return {
        "here": here,
        "brand_name": here.practice.name if here else NAME,
        "brand_colour": colour_of(here),
        "brand_logo": logo_url(here) if here else "",
        "accent": accent(colour_of(here)),
        "signup_open": settings.SIGNUP_OPEN,
    }


def colour_of(here: Here | None) -> str:
    return here.practice.colour if here else HOUSE_COLOUR


def logo_url(here: Here | None) -> str:
    """The address changes with the practice and its version: a browser that switches places shows no stale picture."""
    if here is None:
        return static("practice/remit.svg")
    return f"{reverse('logo')}?v={here.practice.pk.hex}-{here.practice.version}"


def stylesheet(request: HttpRequest) -> str:
    return static("practice/desk.css")


@lru_cache(maxsize=1024)
def palette(colour: str) -> dict[str, str]:
    """Unfold's eleven weights from one colour. 600 carries white text on buttons and is text on white; 500 is
    text on the dark theme: both are moved until they can be read."""
    base = _rgb(colour)
    strong = _until_readable(base, WHITE, towards=(0, 0, 0))
    lit = _until_readable(base, INK, towards=WHITE)
    tints = {"50": 0.95, "100": 0.9, "200": 0.78, "300": 0.6}
    shades = {"700": 0.16, "800": 0.32, "900": 0.46, "950": 0.64}
    weights = {w: _mix(strong, WHITE, part) for w, part in tints.items()}
    weights |= {"400": _mix(lit, WHITE, 0.15), "500": lit, "600": strong}
    weights |= {w: _mix(strong, (0, 0, 0), part) for w, part in shades.items()}
    return {weight: _hex(rgb) for weight, rgb in weights.items()}


def accent(colour: str) -> dict[str, str]:
    """For our own pages: the accent on light, on dark, and its faint background."""
    weights = palette(colour)
    return {"strong": weights["600"], "lit": weights["500"], "faint": weights["50"]}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours."""
    light, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_readable(colour: Rgb, ground: Rgb, *, towards: Rgb) -> Rgb:
    for step in range(101):
        mixed = _mix(colour, towards, step / 100)
        if contrast(_hex(mixed), _hex(ground)) >= READABLE:
            return mixed
    return towards


def _luminance(rgb: Rgb) -> float:
    parts = [v / 255 for v in rgb]
    lin = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]


def _mix(one: Rgb, other: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)
