"""What a page's form would send: its fields with their present or first possible values."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VALUES = {
    "email": "nora@fresh.test",
    "date": "2026-05-01",
    "number": "1",
    "datetime-local": "2099-01-01T10:00",
}
# Buttons and marks of the page itself.
LEFT_OUT = {"csrfmiddlewaretoken", "action", "_selected_action", "select_across", "_delete"}


@dataclass
class Form(HTMLParser):
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    _select: str = ""
    _area: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "input":
            self._input(told)
        elif tag == "select":
            self._select = told.get("name", "")
            self.options.setdefault(self._select, [])
        elif tag == "option" and self._select:
            self.options[self._select].append(told.get("value", ""))
            if "selected" in told:
                self.values[self._select] = told.get("value", "")
        elif tag == "textarea":
            self.values[told.get("name", "")] = "Fresh"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            possible = [value for value in self.options[self._select] if value]
            if not self.values.get(self._select) and possible:
                self.values[self._select] = possible[0]
            self._select = ""

    def _input(self, told: dict[str, str]) -> None:
        name, kind = told.get("name", ""), told.get("type", "text")
        if (
            kind in {"checkbox", "radio", "submit", "button", "file", "image"}
            and "checked" not in told
        ):
            return
        blank = "" if kind == "hidden" else VALUES.get(kind, "Fresh")
        self.values[name] = told.get("value", "on") or blank

    def sent(self) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if name and name not in LEFT_OUT}


def read(page: str) -> Form:
    form = Form()
    form.feed(page)
    return form
