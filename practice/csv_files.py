"""Reading and writing CSV: text of any spreadsheet into rows with their lines, and cells that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from practice.refusals import Invalid, Refusal

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class RowsWrong(Refusal):
    """Nothing was written: some rows cannot be taken."""

    code = "rows_wrong"
    sentence = "Some rows cannot be taken in, so none was. Correct them and send the file again."


def text(raw: bytes, *, largest: int, remedy: str = "send it in parts") -> str:
    """UTF-8 with or without its mark, and nothing that is no text."""
    if len(raw) > largest:
        raise Invalid({"content": [f"Larger than {largest // 1_000_000} MB; {remedy}."]})
    try:
        found = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Invalid(
            {"content": ["The file is not in UTF-8. Save it as CSV UTF-8 and try again."]}
        ) from wrong
    if "\x00" in found:
        raise Invalid({"content": ["This is not a text file. Save it as CSV UTF-8."]})
    return found


def separator(content: str) -> str:
    """Spreadsheets of some countries write semicolons."""
    first = content.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def rows(content: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on, as an editor counts."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator(content), strict=True)
    began = 1
    try:
        for cells in reader:
            yield began, cells
            began = reader.line_num + 1
    except csv.Error as wrong:
        raise Invalid({"content": [f"Line {reader.line_num} is not CSV: {wrong}."]}) from wrong


def cell(value: str) -> str:
    """Text that could be run begins with an apostrophe. What begins with one before such text gets another."""
    return f"'{value}" if value.lstrip("'").startswith(FORMULA) else value


def told(value: str) -> str:
    """What a cell says that was written by `cell`: the apostrophe is no part of it."""
    is_guarded = value.startswith("'") and value.lstrip("'").startswith(FORMULA)
    return value[1:] if is_guarded else value


class _Echo:
    """What csv writes is what it returns, so that a file can be given out line by line."""

    def write(self, line: str) -> str:
        return line


def lines(found: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """CSV of rows whose texts are guarded and whose figures stay figures: a credit begins with a minus."""
    writer = csv.writer(_Echo(), lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    for row in found:
        told_: Any = writer.writerow([cell(v) if isinstance(v, str) else v for v in row])
        yield told_.encode()
