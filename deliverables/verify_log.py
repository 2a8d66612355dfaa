#!/usr/bin/env python3
"""Checks a decision log that was downloaded from Remit, with nothing but Python's standard library.

    python verify_log.py                      the log.json beside this file
    python verify_log.py bundle.zip           the download as it came
    python verify_log.py --head 12:9f86d0...  against a head you kept earlier (may be given several times)
    python verify_log.py --key 3b6a27...      trust this practice key, and keys that it introduced, alone

It says which entry was edited, swapped, removed or cut off, and ends with
    0  intact, and it agrees with what lies outside of it: a head you kept, or heads the practice signed
    1  tampered with
    2  internally consistent only: whoever holds the database could have written all of it anew
    3  this is no log that it can read
Signatures need the package `cryptography`; without it they are not looked at, and the report says so.
This file imports nothing of Remit, and Remit checks its own database with it.
"""

import argparse
import hashlib
import itertools
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

BUNDLE, ENTRY, HEAD, KEY = "remit-bundle/1", "remit-log/1", "remit-head/1", "remit-key/1"
START = "0" * 64
INTACT, TAMPERED, CONSISTENT, UNREADABLE = 0, 1, 2, 3
LARGEST = 2**53 - 1
Json = dict[str, Any]


class Unreadable(Exception):
    """This is no log of a form known here."""


def canonical(value: Any) -> str:
    """RFC 8785, without fractions, which a log does not hold."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise Unreadable("a number beyond 2^53")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        # By UTF-16 code units, as the standard has it.
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    raise Unreadable(f"a value of the kind {type(value).__name__}")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entry_hash(log: str, seq: int, at: str, previous: str, body: str) -> str:
    header = {"format": ENTRY, "log": log, "seq": seq, "at": at, "previous": previous, "body": body}
    return sha256(canonical(header))


def commitment(name: str, salt: str, value: Any) -> str:
    return sha256(canonical([name, salt, value]))


@dataclass
class Entry:
    seq: int
    at: str
    previous: str
    hash: str
    body: str
    text: str | None
    openings: dict[str, Json]
    # The hash of what stands here, and the number it belongs under where that is another one.
    made: str = ""
    belongs: int = 0
    sound: bool = True


@dataclass
class Report:
    log: str
    entries: int = 0
    withheld: int = 0
    opened: int = 0
    closed: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Up to which entry something outside says that the log is what it was.
    attested: int = 0
    head: str = ""

    @property
    def status(self) -> int:
        if self.faults:
            return TAMPERED
        return INTACT if self.attested else CONSISTENT

    def lines(self) -> Iterator[str]:
        yield (
            f"Log {self.log}: {_count(self.entries, 'entry', 'entries')}, "
            f"{self.withheld} of them without their content in this copy; "
            f"{_count(self.opened, 'value')} opened, {self.closed} sealed but not in this copy."
        )
        yield from (f"FAULT: {fault}" for fault in self.faults)
        yield from (f"Note: {note}" for note in self.notes)
        if self.faults:
            yield "TAMPERED WITH: this log is not what was written."
        elif self.attested:
            yield f"INTACT up to entry {self.attested}."
        else:
            yield (
                "INTERNALLY CONSISTENT ONLY: nothing outside of it was there to compare it with. Give --head with a "
                "head you kept, or install the Python package cryptography to check the practice's signatures."
            )
        if self.head and not self.faults:
            yield f"Keep this for the next time: --head {self.entries}:{self.head}"


def check(log: Json, kept: Iterable[tuple[int, str]] = (), trusted: Iterable[str] = ()) -> Report:
    """All that can be said of one log. `kept`: heads the reader holds; `trusted`: keys the reader noted."""
    if log.get("format") != BUNDLE:
        raise Unreadable(f"not a log of the form {BUNDLE}")
    try:
        report = Report(str(log["log"]))
        entries = [_entry(row) for row in log["entries"]]
        _each(entries, report)
        _order(entries, report)
        signed = _signed_heads(log, report, set(trusted))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as wrong:
        raise Unreadable(f"{type(wrong).__name__}: {wrong}") from wrong
    theirs = [(seq, hash.lower(), "the head you kept", True) for seq, hash in kept]
    _heads(entries, [*theirs, *signed], report)
    return report


def _entry(row: Json) -> Entry:
    texts = [row[name] for name in ("at", "previous", "hash", "body")]
    if not isinstance(row["seq"], int) or not all(isinstance(text, str) for text in texts):
        raise Unreadable("an entry whose number or hash is none")
    at, previous, hash, body = texts
    return Entry(row["seq"], at, previous, hash, body, row["text"], dict(row["openings"]))


def _each(entries: list[Entry], report: Report) -> None:
    """Each entry's text and values, for themselves."""
    report.entries = len(entries)
    report.head = entries[-1].hash if entries else ""
    for entry in entries:
        entry.made = entry_hash(report.log, entry.seq, entry.at, entry.previous, entry.body)
        if entry.text is None:
            report.withheld += 1
            if entry.openings:
                _blame(entry, report, "values were added to it, whose seals are not in this copy")
        elif sha256(entry.text) != entry.body:
            _blame(entry, report, "it was edited: its text is not the one that was sealed")
        else:
            _openings(entry, said(entry.text).get("sealed"), report)


def _openings(entry: Entry, sealed: Any, report: Report) -> None:
    if not isinstance(sealed, dict):
        return _blame(entry, report, "it was edited: its text is not in the form of a sealed one")
    for name, opening in entry.openings.items():
        if name not in sealed:
            _blame(entry, report, f"the value {name!r} was added to it")
        elif commitment(name, str(opening["salt"]), opening["value"]) != sealed[name]:
            _blame(entry, report, f"its value {name!r} was edited")
    report.opened += len(entry.openings)
    report.closed += len(set(sealed) - set(entry.openings))
    return None


def _blame(entry: Entry, report: Report, what: str) -> None:
    entry.sound = False
    report.faults.append(f"entry {entry.seq}: {what}.")


def _order(entries: list[Entry], report: Report) -> None:
    """All of them together: numbers, and that each names the hash of the one before it."""
    _strays([entry for entry in entries if entry.made != entry.hash], report)
    _numbers(entries, report)
    if entries and entries[0].seq == 1 and entries[0].previous != START and entries[0].sound:
        _blame(entries[0], report, "it does not begin the log: what was before it was removed")
    for before, entry in itertools.pairwise(entries):
        linked = entry.seq != before.seq + 1 or entry.previous == before.hash
        # Mostly the reason is known already.
        if not linked and before.sound and entry.sound:
            what = f"it was written anew; entry {entry.seq} still names the hash that it had"
            _blame(before, report, what)


def _strays(strays: list[Entry], report: Report) -> None:
    """Entries whose hash is of something else: of the same under another number, or of another text."""
    shift, others = 0, [entry.seq for entry in strays[:64]]
    for entry in strays:
        near = range(max(1, entry.seq - 16), entry.seq + 17)
        for seq in (entry.seq + shift, *others, *near):
            parts = (entry.at, entry.previous, entry.body)
            if entry_hash(report.log, seq, *parts) == entry.hash:
                entry.belongs, shift = seq, seq - entry.seq
                break
    moved = {entry.seq: entry for entry in strays if entry.belongs}
    for entry in strays:
        other = moved.get(entry.belongs)
        if other is not None and other.belongs == entry.seq:
            if entry.seq < other.seq:
                report.faults.append(f"entries {entry.seq} and {other.seq} were swapped.")
            entry.sound = False
        elif entry.belongs:
            _blame(entry, report, f"what stands here is entry {entry.belongs}")
        elif entry.sound:
            _blame(entry, report, "it was edited: its hash is not that of what stands there")


def _numbers(entries: list[Entry], report: Report) -> None:
    numbers = [entry.seq for entry in entries]
    there = {entry.belongs or entry.seq for entry in entries}
    missing = sorted(set(range(1, max(there, default=0) + 1)) - there)
    for _, stretch in itertools.groupby(enumerate(missing), lambda pair: pair[1] - pair[0]):
        run = [number for _, number in stretch]
        report.faults.append(f"{_span(run[0], run[-1])} removed.")
    for before, after in itertools.pairwise([0, *numbers]):
        if after <= before:
            report.faults.append(f"entry {after} stands behind entry {before}: one was put in.")


Attested = tuple[int, str, str, bool]


def _heads(entries: list[Entry], heads: list[Attested], report: Report) -> None:
    """A head says: at this number stood this hash. Those that count as evidence attest to all before them."""
    there = {entry.seq: entry for entry in entries}
    last, agreed, told = max(there, default=0), 0, set()
    for seq, hash, whence, counts in sorted(heads, key=lambda head: head[0]):
        entry = there.get(seq)
        if entry is not None and entry.hash == hash:
            agreed = seq
            report.attested = max(report.attested, seq if counts else 0)
            continue
        if seq > last:
            fault = f"{_span(last + 1, seq)} cut off: {whence} names entry {seq}."
        elif entry is None:
            fault = f"entry {seq}, which {whence} names, is not there."
        elif not entry.sound:
            continue  # what is wrong with it was said
        else:
            fault = f"entry {seq} is not what {whence} says"
            fault += f": {_span(agreed + 1, seq)} written anew in whole or in part."
        if fault not in told:
            report.faults.append(fault)
        told.add(fault)
    if report.attested and report.attested < last:
        newer = _span(report.attested + 1, last)
        report.notes.append(f"{newer} written after the last head; the next will attest to that.")


def _signed_heads(log: Json, report: Report, trusted: set[str]) -> list[Attested]:
    """The heads that came with the log. They count only where the practice's signature could be checked."""
    verify = signatures()
    if verify is None and log["heads"]:
        report.notes.append(
            f"{_count(len(log['heads']), 'signed head')} came with it; the package cryptography is not installed, "
            "so no signature was checked."
        )
    keys = _known_keys(log, verify, trusted, report)
    found: list[Attested] = []
    used = set()
    for head in log["heads"]:
        told, key = said(head["text"], HEAD), str(head["key"])
        seq, hash, when = told.get("seq", 0), told.get("hash", ""), told.get("at", "")
        if (told.get("log"), told.get("key"), type(seq)) != (report.log, key, int):
            report.faults.append(
                "a head that came with it was edited, or is of another log or key."
            )
        elif verify is not None and not verify(key, head["signature"], head["text"]):
            report.faults.append(f"the head of entry {seq} from {when} has a wrong signature.")
        else:
            checked = verify is not None and key in keys
            used |= {key} if checked else set()
            found.append((seq, hash, f"the head from {when}", checked))
    for key in sorted(used):
        own = "which you trust" if trusted else "compare it with the one you were told: --key"
        report.notes.append(f"heads are signed with the practice's key {key} ({own}).")
    return found


def _known_keys(log: Json, verify: Any, trusted: set[str], report: Report) -> set[str]:
    """Keys whose signatures count: all that came, or those the reader named and what these introduced."""
    rows = {str(row["public_key"]): row for row in log["keys"]}
    if verify is None:
        return set()
    introduced = {}
    for key, row in rows.items():
        text, signature = row["introduction"], row["introduction_signature"]
        told = said(text, KEY)
        if told.get("key") == key and verify(str(told["previous"]), signature, text):
            introduced[key] = str(told["previous"])
        elif text:
            report.faults.append(f"the key {key} has a wrong signature of the one before it.")
    if not trusted:
        return set(rows)
    known = {key.lower() for key in trusted}
    for _ in rows:
        known |= {key for key, by in introduced.items() if by in known}
    for key in sorted(set(rows) - known):
        report.notes.append(f"the key {key} is neither trusted nor introduced by one.")
    return known


def said(text: str, form: str = "") -> Json:
    """What a text says that is written as it has to be; nothing of any other."""
    try:
        told = json.loads(text)
        written = isinstance(told, dict) and canonical(told) == text
    except (ValueError, RecursionError, Unreadable):
        return {}
    return told if written and told.get("format", "") == form else {}


def signatures() -> Any:
    """A function that checks one Ed25519 signature, or None where there is nothing to check it with."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None

    def verify(key: str, signature: str, text: str) -> bool:
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            public.verify(bytes.fromhex(signature), text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    return verify


def _span(first: int, last: int) -> str:
    return f"entry {first} was" if first == last else f"entries {first} to {last} were"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def load(path: Path) -> Json:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as bundle:
                raw = bundle.read("log.json")
        else:
            raw = (path / "log.json" if path.is_dir() else path).read_bytes()
        log = json.loads(raw.decode("utf-8"))
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile) as wrong:
        raise Unreadable(f"{path}: {wrong}") from wrong
    if not isinstance(log, dict):
        raise Unreadable(f"{path} is no log")
    return log


def head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"([0-9]{1,15}):([0-9a-fA-F]{64})", text.strip())
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError("write it as it was given to you: SEQ:HASH")
    return int(found[1]), found[2].lower()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # Not 2, which says something of a log.
        self.print_usage(sys.stderr)
        self.exit(UNREADABLE, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    parser = _Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parent
    parser.add_argument("log", nargs="?", type=Path, default=beside)
    parser.add_argument("--head", action="append", default=[], type=head, metavar="SEQ:HASH")
    parser.add_argument("--key", action="append", default=[], metavar="PUBLIC_KEY")
    chosen = parser.parse_args(arguments)
    try:
        report = check(load(chosen.log), chosen.head, chosen.key)
    except Unreadable as wrong:
        print(f"This cannot be read as a log: {wrong}", file=sys.stderr)
        return UNREADABLE
    print("\n".join(report.lines()))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
