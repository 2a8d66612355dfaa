"""Random ledgers: desk, portal, API and a plain sum over the rows tell the same figures, to the cent."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments import terms
from assessments.models import SpendLine
from practice.quarters import local_day
from tests.assessments import estate

CURRENCIES = ("EUR", "USD", "GBP", "JPY")
# For these and whole amounts every row comes to whole cents either way, so that rows can be added one by one.
RATES = ("0.5", "0.8", "1.25", "2", "4")
NOTHING = Decimal("0.00")
SEEDS = range(8)


def ledger(client, chance, months):
    """Some rows each month, of some vendors, systems and currencies, credits among them."""
    vendors = [estate.vendor(client, name) for name in ("Cloudmind", "Paperlantern", "Quill")]
    systems = [estate.system(client, name) for name in ("Search", "Letters")]
    rows = []
    for month in months:
        for _ in range(chance.randrange(6)):
            vendor = chance.choice([*vendors, None])
            rows.append(
                SpendLine(
                    practice_id=client.practice_id,
                    client=client,
                    month_on=month,
                    vendor=vendor,
                    system=chance.choice([*systems, None]) if vendor else systems[0],
                    amount=Decimal(chance.choice([-1, 1, 1, 1]) * chance.randrange(1, 10**6)),
                    currency=chance.choice(CURRENCIES),
                    created_at=timezone.now(),
                )
            )
    SpendLine.objects.bulk_create(rows)
    return rows


def rates(client, chance, first):
    """None, one or two for each currency, either way round, perhaps only for a part of the time."""
    found = []
    for currency in CURRENCIES[1:]:
        for months in chance.sample(range(14), chance.randrange(3)):
            pair = chance.sample(["EUR", currency], 2)
            since = terms.months_on(first, months)
            rate = chance.choice(RATES)
            estate.rate(client, *pair, rate, since)
            found.append((*pair, Decimal(rate), since))
    return found


def in_euros(row, recorded):
    """One row by the rate recorded last for the end of its month, whichever way round; None without one."""
    if row.currency == "EUR":
        return row.amount
    end = terms.months_on(row.month_on, 1) - terms.ONE
    fits = [one for one in recorded if row.currency in one[:2] and one[3] <= end]
    if not fits:
        return None
    currency, _, rate, _ = max(fits, key=lambda one: one[3])
    return row.amount * rate if currency == row.currency else row.amount / rate


def added(rows, recorded):
    """What they come to, and what no rate covers, each currency by itself."""
    total, left_out = NOTHING, defaultdict(lambda: NOTHING)
    for row in rows:
        euros = in_euros(row, recorded)
        if euros is None:
            left_out[row.currency] += row.amount
        else:
            total += euros
    return total, [(name, left_out[name]) for name in sorted(left_out)]


def plain(rows, recorded, today):
    """The figures, row by row: of up to twelve whole months until the last in the ledger."""
    whole = [row for row in rows if row.month_on < today.replace(day=1)]
    if not whole:
        return None
    last = max(row.month_on for row in whole)
    year = [row for row in whole if row.month_on >= terms.months_on(last, -11)]
    vendors, months = defaultdict(list), defaultdict(list)
    for row in year:
        vendors[row.vendor.name if row.vendor else ""].append(row)
    for row in rows:
        months[row.month_on.isoformat()].append(row)
    return {
        "spent": added(year, recorded),
        "vendors": {name: added(of_it, recorded) for name, of_it in vendors.items()},
        "months": {month: added(of_it, recorded) for month, of_it in months.items()},
    }


def told(report):
    """The same figures as a door tells them."""

    def one(figure):
        left_out = [(of["currency"], Decimal(of["amount"])) for of in figure["left_out"]]
        return Decimal(figure["amount"]), left_out

    return {
        "spent": one(report["spent"]),
        "vendors": {of["name"]: one(of) for of in report["vendors"]},
        "months": {str(of["month_on"]): one(of) for of in report["months"]},
    }


def written(amount: Decimal) -> str:
    return f"{amount:,.2f}"


@pytest.mark.parametrize("seed", SEEDS)
def test_desk_portal_api_and_the_rows_themselves_agree_to_the_cent(cast, api, page, seed):
    chance = random.Random(seed)
    today = local_day(timezone.now(), cast.orchard.time_zone)
    first = terms.months_on(today.replace(day=1), -14)
    months = [terms.months_on(first, number) for number in range(15)]
    rows, recorded = ledger(cast.orchard, chance, months), rates(cast.orchard, chance, first)
    expected = plain(rows, recorded, today)
    desk = page(cast.ada).get(f"/desk/practice/client/{cast.orchard.pk}/ai-spending/")
    portals = [page(who).get("/portal/ai-register/") for who in (cast.priya, cast.marta)]
    over_api = api(cast.priya).get(f"spend-report/?client={cast.orchard.pk}").json()
    assert told(over_api) == expected
    assert told(desk.context["told"]) == expected
    assert [told(portal.context["spend"]) for portal in portals] == [expected, expected]
    # And as people read it.
    total, left_out = expected["spent"]
    for answer in (desk, *portals):
        text = answer.content.decode()
        assert f"{written(total)} EUR" in text
        for currency, amount in left_out:
            assert f"and {written(amount)} {currency} without a rate" in text


def test_the_seeds_have_ledgers_with_and_without_rates(cast):
    """Else the test above would agree about little."""
    chances = [random.Random(seed) for seed in SEEDS]
    today = datetime.date(2026, 3, 2)
    complete = []
    for chance in chances:
        months = [terms.months_on(today.replace(day=1), number - 14) for number in range(15)]
        client = cast.orchard
        rows, recorded = ledger(client, chance, months), rates(client, chance, months[0])
        complete.append(not plain(rows, recorded, today)["spent"][1])
        SpendLine.objects.all().delete()
        type(estate.rate(client, "EUR", "CHF", "2", today)).objects.all().delete()
    assert len(rows) > 20
    assert False in complete
