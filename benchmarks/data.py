"""The same rows every time: two practices, their members, clients and contacts, made by number and not by chance."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models

from practice import keys
from practice.models import ApiKey, Client, Contact, Member, Practice, User

MADE_AT = datetime.datetime(2026, 1, 5, 9, 0, tzinfo=datetime.UTC)
FIRST = (
    "Amber",
    "Birch",
    "Cobalt",
    "Dune",
    "Ember",
    "Fjord",
    "Granite",
    "Hazel",
    "Ivory",
    "Juniper",
)
SECOND = ("Mills", "Freight", "Orchards", "Optics", "Café", "Werke", "Labs", "Harbour", "Foods")
COUNTRIES = ("DE", "PT", "FR", "GB", "NL", "AT")
INDUSTRIES = ("Logistics", "Retail", "Manufacturing", "Health", "Education")
MEMBERS = 8
BATCH = 2000
PREFIX, SECRET = "bench00001", "s" * 43
# Tables within the numbering of ids.
PRACTICE, USER, MEMBER, CLIENT, CONTACT, KEY = range(1, 7)


@dataclass(frozen=True)
class Facts:
    """What a measurement has to know of the rows."""

    practice_id: UUID
    key: str
    client_ids: tuple[UUID, ...]
    """Of the practice measured, in the order of the list."""


def id_of(table: int, number: int) -> UUID:
    """Like the product's own ids, they sort by creation."""
    milliseconds = int(MADE_AT.timestamp() * 1000) + number
    return UUID(int=milliseconds << 80 | 7 << 76 | table << 64 | 2 << 62 | number)


def load(rows: int) -> Facts:
    """`rows` clients for the practice measured, and a tenth of that for its neighbour."""
    home, neighbour = _practice(0), _practice(1)
    _write(Client, (_client(number, home) for number in range(rows)))
    _write(Client, (_client(number, neighbour) for number in range(rows, rows + rows // 10)))
    _write(Contact, _contacts(rows))
    _analyze()
    listed = Client.objects.filter(practice_id=home).order_by("name", "id")
    key = ApiKey.objects.get(practice_id=home)
    return Facts(home, keys.text_of(key, SECRET), tuple(listed.values_list("id", flat=True)))


def contacts_of(number: int) -> int:
    return number % 4


def _practice(number: int) -> UUID:
    practice = id_of(PRACTICE, number)
    first = number * MEMBERS
    numbers = range(first, first + MEMBERS)
    _write(Practice, [Practice(id=practice, name=f"Practice {number}", created_at=MADE_AT)])
    _write(User, [_user(n) for n in numbers])
    _write(Member, [_member(n, practice) for n in numbers])
    key = ApiKey(
        id=id_of(KEY, number),
        practice_id=practice,
        name="Benchmark",
        prefix=PREFIX if number == 0 else f"other{number:05}",
        secret_hash=keys.digest(SECRET),
        scopes=["read"],
        # A benchmark outlives the rule that keys do not live for ever.
        expires_at=MADE_AT + datetime.timedelta(days=36_500),
        created_at=MADE_AT,
    )
    _write(ApiKey, [key])
    return practice


def _user(number: int) -> User:
    return User(
        id=id_of(USER, number),
        email=f"member{number}@bench.test",
        name=f"Member {number}",
        password="!",  # noqa: S106 (Django's mark for: cannot sign in)
        created_at=MADE_AT,
    )


def _member(number: int, practice: UUID) -> Member:
    return Member(
        id=id_of(MEMBER, number),
        practice_id=practice,
        user_id=id_of(USER, number),
        role="owner" if number % MEMBERS == 0 else "consultant",
        created_at=MADE_AT,
    )


def _client(number: int, practice: UUID) -> Client:
    # 7,919 is prime: names do not come in the order of ids.
    shuffled = number * 7_919 % 1_000_003
    name = f"{FIRST[shuffled % len(FIRST)]} {SECOND[shuffled % len(SECOND)]} {shuffled:07}"
    of_home = practice == id_of(PRACTICE, 0)
    return Client(
        id=id_of(CLIENT, number),
        practice_id=practice,
        name=name,
        legal_name=f"{name} GmbH" if number % 3 else "",
        industry=INDUSTRIES[number % len(INDUSTRIES)],
        country=COUNTRIES[number % len(COUNTRIES)],
        time_zone="Europe/Berlin",
        fiscal_year_start=number % 12 + 1,
        status=Client.Status.values[number % 3],
        responsible_id=id_of(MEMBER, number % MEMBERS + (0 if of_home else MEMBERS)),
        day_rate=900 + number % 1500,
        contacts_count=contacts_of(number) if of_home else 0,
        created_at=MADE_AT + datetime.timedelta(seconds=number),
    )


def _contacts(rows: int) -> Iterator[Contact]:
    home, made = id_of(PRACTICE, 0), 0
    for number in range(rows):
        for _ in range(contacts_of(number)):
            made += 1
            yield Contact(
                id=id_of(CONTACT, made),
                practice_id=home,
                client_id=id_of(CLIENT, number),
                name=f"Contact {made}",
                role="viewer",
                created_at=MADE_AT,
            )


def _write(model: type[models.Model], made: Iterable[Any]) -> None:
    left = iter(made)
    while batch := list(islice(left, BATCH)):
        model._default_manager.bulk_create(batch)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        cursor.execute("ANALYZE")
