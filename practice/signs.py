"""Signs that no face of ours has, on paper: emoji and a few more are said by name, so that nobody reads a box."""

import re
import unicodedata

# What the faces of practice/pdf.py lack below U+1F000. tests/practice/test_signs.py holds every sign against them.
LACKING = "℟℣℥↊↋␀-␡␤-␦⑀-⑊☇☈☰-☷⚌-⚏⚝⚞⚟⚨⚩⚰⚱⚳-⚼⚿-⛿✀✅✊✋✕✖✧✩✨❌❎❓-❕❗❟❠➕-➗➰⹐⹑"
# Of what lies above, faces have the enclosed letters and ideographs, and geometric shapes with their arrows.
HIGH = (
    "\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f16d-\U0001f16f\U0001f1ad-\U0001f1ff"
    "\U0001f260-\U0001f265\U0001f300-\U0001f6d0\U0001f6d2-\U0001f77f\U0001f7f0\U0001f900-\U0001faff"
)
JOINED, MODIFIERS = "\u200d", "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
SIGN = re.compile(f"[{LACKING}{HIGH}][{MODIFIERS}{JOINED}{LACKING}{HIGH}]*")
LETTERS = "REGIONAL INDICATOR SYMBOL LETTER "


def said(text: str) -> str:
    """A rocket is [rocket], a flag the letters of its country; everything else as it was."""
    return SIGN.sub(_named, text)


def _named(found: re.Match[str]) -> str:
    told = ""
    for name in _names(found[0]):
        if not name.startswith(LETTERS):
            told += f"[{name.lower()}]"
        elif re.search(r"\[[A-Z]\]$", told):
            told = f"{told[:-1]}{name[-1]}]"
        else:
            told += f"[{name[-1]}]"
    return told


def _names(signs: str) -> list[str]:
    them = [one for one in signs if one != JOINED and not re.fullmatch(f"[{MODIFIERS}]", one)]
    return [unicodedata.name(one, f"U+{ord(one):X}") for one in them or signs[:1]]
