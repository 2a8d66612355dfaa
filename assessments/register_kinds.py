"""The four kinds of files of the register: what their cells mean, and which verb's rules hold."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from assessments import (
    estate_book,
    register_cells,
    spend,
    systems,
    terms,
    vendor_contracts,
    vendor_dates,
    vendors,
)
from assessments.models import (
    DataProcessing,
    Discovery,
    SpendLine,
    System,
    SystemKind,
    SystemStatus,
    Vendor,
    VendorContract,
)
from assessments.models.estate import VOUCHED_FOR
from assessments.register_files import Line
from assessments.register_rows import Get, Judge, Unread
from practice import access
from practice.models import Contact
from practice.quarters import local_day

RISK_OWNER = {"risk_owner", "risk_owner_name"}


class Named:
    """Rows of the client by external id, or by a name that only one of them has."""

    def __init__(self, rows: Iterable[Any], what: str) -> None:
        self.what = what
        self.by_external: dict[str, Any] = {}
        self.by_id: dict[str, Any] = {}
        self.by_name: dict[str, list[Any]] = {}
        for row in rows:
            if row.external_id:
                self.by_external[row.external_id] = row
            self.by_id[str(row.pk)] = row
            self.by_name.setdefault(row.name.strip().casefold(), []).append(row)

    def find(self, text: str) -> Any:
        if not text:
            return None
        if found := self.by_external.get(text) or self.by_id.get(text):
            return found
        alike = self.by_name.get(text.casefold(), [])
        if len(alike) == 1:
            return alike[0]
        if alike:
            raise ValueError(f"Several {self.what}s have this name: say which by external id.")
        raise ValueError(f"There is no {self.what} by this external id or name; take it in first.")


def shown_person(row: System, column: str) -> str:
    """Who it is, as an export says it."""
    contact = getattr(row, column)
    name: str = contact.name if contact is not None else getattr(row, f"{column}_name")
    return name.strip()


class OfEstate(Judge):
    @cached_property
    def vendors(self) -> Named:
        return Named(access.visible_to(self.by, Vendor).filter(client=self.client), "vendor")

    @cached_property
    def systems(self) -> Named:
        return Named(access.visible_to(self.by, System).filter(client=self.client), "system")


class Systems(OfEstate):
    model, added, changed, taken = System, "system.added", "system.changed", systems.TAKEN
    joined = ("vendor", "owner", "risk_owner")
    needed = ("name", "kind")
    columns = {"owner_name": "owner", "risk_owner_name": "risk_owner"}
    flags = ("in_production", "customer_facing", "critical_path")

    @cached_property
    def people(self) -> list[Contact]:
        here = access.visible_to(self.by, Contact).filter(client=self.client, active=True)
        return list(here)

    def read(self, column: str, text: str) -> dict[str, Any]:
        if column in ("owner", "risk_owner", "status"):
            return {}  # judged beside the row that is there
        if column == "vendor":
            return {column: self.vendors.find(text)}
        if column == "data_classes":
            said = register_cells.words(text, estate_book.words().data_classes.items())
            return {column: list(dict.fromkeys(said))}
        if column == "profiles_persons":
            return {column: register_cells.flag(text) if text else None}
        meant: dict[str, Any] = {
            "kind": lambda: register_cells.word(text, SystemKind.choices),
            "discovered_how": lambda: register_cells.word(text, Discovery.choices),
            "discovered_on": lambda: register_cells.day(text),
            **dict.fromkeys(self.flags, lambda: register_cells.flag(text)),
        }
        if column in meant:
            return {column: meant[column]()} if text else {}
        return {column: text}

    def nature(self, get: Get) -> Any:
        return (get("name") or "").strip().casefold() or None

    def complete(self, row: System) -> None:
        row.status_at = self.at
        if row.discovered_on is None:
            row.discovered_on = local_day(self.at, self.client.time_zone)

    def _new(self, line: Line, values: dict[str, Any]) -> Any:
        return super()._new(line, {"discovered_how": Discovery.IMPORT} | values)

    def _find(self, line: Line, values: dict[str, Any]) -> Any:
        row = super()._find(line, values)
        for column in ("owner", "risk_owner"):
            text = line.said.get(column)
            if text is not None and (row is None or text != shown_person(row, column)):
                values |= self._person(column, text)
        if said := line.said.get("status"):
            self._same_status(said, row)
        return row

    def _same_status(self, said: str, row: System | None) -> None:
        present = row.status if row is not None else SystemStatus.DISCOVERED
        try:
            wanted = register_cells.word(said, SystemStatus.choices)
        except ValueError as wrong:
            raise Unread("status", str(wrong)) from wrong
        if wanted != present:
            # To approve is a right of few, and each step has its moment: neither comes by a file.
            raise Unread("status", f"Steps are taken one by one: leave it empty or {present}.")

    def check(self, row: System, given: dict[str, Any], line: Line) -> None:
        systems.check(row, self.at)
        if row.status in VOUCHED_FOR and not row.has_risk_owner:
            raise Unread("risk_owner", "This system is approved: name another person instead.")

    def kinds_of(self, touched: set[str]) -> list[tuple[str, set[str]]]:
        named = [("system.risk_owner_named", touched & RISK_OWNER)] if touched & RISK_OWNER else []
        rest = touched - RISK_OWNER
        return [*([(self.changed, rest)] if rest else []), *named]

    def _person(self, column: str, text: str) -> dict[str, Any]:
        """One of the client's people by e-mail address, or by a name that only one has; else a name alone."""
        said = text.casefold()
        alike = [p for p in self.people if text and said in (p.email.casefold(), p.name.casefold())]
        if len(alike) > 1:
            raise Unread(column, "Several people have this name: say which by e-mail address.")
        contact = alike[0] if alike else None
        return {column: contact, f"{column}_name": "" if contact else text}


class Vendors(Judge):
    model, added, changed, taken = Vendor, "vendor.added", "vendor.changed", vendors.TAKEN

    def read(self, column: str, text: str) -> dict[str, Any]:
        if column == "review_months":
            return {column: register_cells.whole(text)} if text else {}
        return {column: text.upper() if column == "country" else text}

    def nature(self, get: Get) -> Any:
        return (get("name") or "").strip().casefold() or None

    def complete(self, row: Vendor) -> None:
        today = local_day(self.at, self.client.time_zone)
        row.review_on = vendors.next_look(row, today)

    def follow(self, row: Vendor, touched: set[str]) -> None:
        if "review_months" in touched:
            row.review_on = vendors.next_look(row, vendors.looked_on(row))
            touched.add("review_on")

    def check(self, row: Vendor, given: dict[str, Any], line: Line) -> None:
        vendors.check(row, given)

    def plan(self, row: Vendor) -> None:
        vendors.plan(row, self.at)


class Contracts(OfEstate):
    model, added, changed = VendorContract, "vendor_contract.added", "vendor_contract.changed"
    taken = vendor_contracts.TAKEN
    joined = ("vendor",)
    needed = ("vendor", "name", "starts_on")

    def read(self, column: str, text: str) -> dict[str, Any]:
        if column == "vendor":
            found = self.vendors.find(text)
            return {column: found} if found is not None else {}
        if column == "annual_spend":
            comma = self.file.decimal_comma
            return {column: register_cells.money(text, decimal_comma=comma) if text else None}
        if column == "renews_on":
            return {column: register_cells.day(text) if text else None}
        meant: dict[str, Any] = {
            "currency": text.upper,
            "starts_on": lambda: register_cells.day(text),
            "auto_renew": lambda: register_cells.flag(text),
            "renewal_months": lambda: register_cells.whole(text),
            "notice_days": lambda: register_cells.whole(text),
            "data_processing": lambda: register_cells.word(text, DataProcessing.choices),
        }
        if column in meant:
            return {column: meant[column]()} if text else {}
        return {column: text}

    def nature(self, get: Get) -> Any:
        vendor, name = get("vendor"), (get("name") or "").strip().casefold()
        # What is over is history: another contract may be called the same.
        return (vendor.pk, name) if vendor is not None and name and not get("ended_on") else None

    def _new(self, line: Line, values: dict[str, Any]) -> Any:
        return super()._new(line, {"currency": self.client.currency} | values)

    def follow(self, row: VendorContract, touched: set[str]) -> None:
        notice_on = terms.notice_on(row.renews_on, row.notice_days)
        if notice_on != row.notice_on:
            row.notice_on = notice_on
            touched.add("notice_on")

    def check(self, row: VendorContract, given: dict[str, Any], line: Line) -> None:
        if row.pk in self.there:
            if "vendor" in given:
                raise Unread("vendor", "A contract stays with its vendor.")
            vendor_contracts.check_change(row)
        vendor_contracts.check(row)

    def plan(self, row: VendorContract) -> None:
        vendor_dates.replan(row, at=self.at)


class Spend(OfEstate):
    model, added, changed, taken = SpendLine, "spend.noted", "spend.changed", spend.TAKEN
    joined = ("system", "vendor")
    needed = ("month", "amount")
    columns = {"month_on": "month"}

    def read(self, column: str, text: str) -> dict[str, Any]:
        if column in ("system", "vendor"):
            of = self.systems if column == "system" else self.vendors
            return {column: of.find(text)}
        if column == "month":
            return {"month_on": register_cells.month(text)} if text else {}
        if column == "amount":
            comma = self.file.decimal_comma
            return {column: register_cells.money(text, decimal_comma=comma)} if text else {}
        if column == "currency":
            return {column: text.upper()} if text else {}
        return {column: text}

    def nature(self, get: Get) -> Any:
        """Of a line that carries no id: one sum for a month, a system, a vendor and a currency."""
        month_on, pointed_at = get("month_on"), (get("system"), get("vendor"))
        if month_on is None or get("external_id"):
            return None
        whose = tuple(row.pk if row is not None else None for row in pointed_at)
        return (month_on, *whose, get("currency") or self.client.currency)

    def _new(self, line: Line, values: dict[str, Any]) -> Any:
        return super()._new(line, {"currency": self.client.currency} | values)

    def check(self, row: SpendLine, given: dict[str, Any], line: Line) -> None:
        spend.check(row, self.at)


JUDGES: dict[str, type[Any]] = {
    "systems": Systems,
    "vendors": Vendors,
    "contracts": Contracts,
    "spend": Spend,
}
