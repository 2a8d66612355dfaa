"""What somebody with the database in hand could do to a log. Each takes the log and a source of chance, writes past
every rule, and returns the sentence that has to come of it, where one is owed, else an empty one."""

import datetime
import json
import random
from collections.abc import Callable

from deliverables import chain
from deliverables.chain import Link
from deliverables.models import Anchor, Chain, Opening, SealedEntry

Tamper = Callable[[Chain, random.Random], str]
FAR = 1_000_000


def rows(log: Chain):
    return SealedEntry.objects.filter(engagement_id=log.engagement_id)


def _one(log: Chain, chance: random.Random) -> SealedEntry:
    return rows(log).get(number=chance.randint(1, log.length))


def _set(entry: SealedEntry, **columns) -> None:
    SealedEntry.objects.filter(pk=entry.pk).update(**columns)


def edit_text(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    said = json.loads(entry.body)
    said["open"]["amount"] = f"{chance.randint(10_000, 99_999)}.00"
    _set(entry, body=chain.canonical.text(said))
    return f"entry {entry.number}: it was edited"


def edit_moment(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    later = datetime.timedelta(microseconds=chance.randint(1, 10**12))
    _set(entry, sealed_at=entry.sealed_at + later)
    return f"entry {entry.number}: it was edited"


def edit_hash(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    _set(entry, hash=f"{chance.getrandbits(256):064x}")
    return f"entry {entry.number}: it was edited"


def edit_link(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    _set(entry, previous=f"{chance.getrandbits(256):064x}")
    return f"entry {entry.number}: it was edited"


def edit_value(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    opening = chance.choice(list(Opening.objects.filter(entry=entry).order_by("name")))
    Opening.objects.filter(pk=opening.pk).update(value='"Never said."')
    return f"entry {entry.number}: its value {opening.name!r} was edited"


def edit_salt(log: Chain, chance: random.Random) -> str:
    entry = _one(log, chance)
    opening = chance.choice(list(Opening.objects.filter(entry=entry).order_by("name")))
    Opening.objects.filter(pk=opening.pk).update(salt=f"{chance.getrandbits(256):064x}")
    return f"entry {entry.number}: its value {opening.name!r} was edited"


def swap(log: Chain, chance: random.Random) -> str:
    """Two entries change places, whole."""
    one, other = sorted(chance.sample(range(1, log.length + 1), 2))
    rows(log).filter(number=one).update(number=FAR)
    rows(log).filter(number=other).update(number=one)
    rows(log).filter(number=FAR).update(number=other)
    return f"entries {one} and {other} were swapped"


def swap_texts(log: Chain, chance: random.Random) -> str:
    one, other = (rows(log).get(number=n) for n in chance.sample(range(1, log.length + 1), 2))
    _set(one, body=other.body)
    _set(other, body=one.body)
    return f"entry {one.number}: "


def delete_middle(log: Chain, chance: random.Random) -> str:
    number = chance.randint(1, log.length - 1)
    _delete(log, number, number)
    return f"entry {number} was removed"


def delete_stretch(log: Chain, chance: random.Random) -> str:
    first, last = sorted(chance.sample(range(1, log.length), 2))
    _delete(log, first, last)
    return f"entries {first} to {last} were removed"


def delete_and_close(log: Chain, chance: random.Random) -> str:
    """What followed moves up, so that the numbers have no gap."""
    number = chance.randint(1, log.length - 1)
    _delete(log, number, number)
    _move_up(log, number)
    _end(log)
    return f"entry {number} was removed"


def delete_tail(log: Chain, chance: random.Random) -> str:
    """The quiet one: what is left is a whole log. Heads of what is gone go as well."""
    first, last = chance.randint(1, log.length), log.length
    _delete(log, first, last)
    Anchor.objects.filter(engagement_id=log.engagement_id, number__gte=first).delete()
    _end(log)
    return f"{'entry' if first == last else 'entries'} {first}"


def rechain_edited(log: Chain, chance: random.Random) -> str:
    """An entry is written anew, and everything after it gets the hashes that fit."""
    entry = _one(log, chance)
    said = json.loads(entry.body)
    said["open"]["right"] = "DR-99"
    _set(entry, body=chain.canonical.text(said))
    _rechain(log, chance)
    return ""


def rechain_deleted(log: Chain, chance: random.Random) -> str:
    number = chance.randint(1, log.length - 1)
    _delete(log, number, number)
    _move_up(log, number)
    _rechain(log, chance)
    return ""


def rechain_swapped(log: Chain, chance: random.Random) -> str:
    swap(log, chance)
    _rechain(log, chance)
    return ""


def rechain_inserted(log: Chain, chance: random.Random) -> str:
    number = chance.randint(1, log.length)
    forged = rows(log).get(number=number)
    for entry in rows(log).filter(number__gte=number).order_by("-number"):
        _set(entry, number=entry.number + 1)
    said = json.loads(forged.body)
    said["salt"] = f"{chance.getrandbits(256):064x}"
    forged.pk, forged.number, forged.body = None, number, chain.canonical.text(said)
    forged.id = SealedEntry._meta.pk.get_default()
    forged.save(force_insert=True)
    _rechain(log, chance)
    return ""


KINDS: dict[str, tuple[Tamper, ...]] = {
    "edit": (edit_text, edit_moment, edit_hash, edit_link, edit_value, edit_salt),
    "swap": (swap, swap_texts),
    "delete middle": (delete_middle, delete_stretch, delete_and_close),
    "delete tail": (delete_tail,),
    "re-chain": (rechain_edited, rechain_deleted, rechain_swapped, rechain_inserted),
}


def _delete(log: Chain, first: int, last: int) -> None:
    gone = rows(log).filter(number__range=(first, last))
    Opening.objects.filter(entry__in=gone).delete()
    gone.delete()


def _move_up(log: Chain, gone: int) -> None:
    for entry in rows(log).filter(number__gt=gone).order_by("number"):
        _set(entry, number=entry.number - 1)


def _rechain(log: Chain, chance: random.Random) -> None:
    previous = chain.START
    for entry in rows(log).order_by("number"):
        link = Link(log.engagement_id, entry.number, entry.sealed_at, previous)
        hash = chain.entry(link, chain.sha256(entry.body))
        _set(entry, previous=previous, hash=hash)
        previous = hash
    # Whoever does this removes the heads that would tell, or leaves them.
    if chance.random() < 0.5:
        Anchor.objects.filter(engagement_id=log.engagement_id).delete()
    _end(log)


def _end(log: Chain) -> None:
    """The log's own row is made to fit, too."""
    last = rows(log).order_by("-number").first()
    ends = {"length": last.number, "head": last.hash} if last else {"length": 0, "head": ""}
    Chain.objects.filter(pk=log.pk).update(**ends)
