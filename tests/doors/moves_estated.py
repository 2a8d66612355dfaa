"""Valid calls for the AI estate."""

from collections.abc import Callable

from tests.doors.moving import Body, Move, always, nothing, of
from tests.doors.world import World

KNOWN = {"name": "Search", "kind": "shadow", "data_classes": ["personal"]}
TERMS = {"name": "Seats", "starts_on": "2026-01-01", "renews_on": "2098-06-01", "currency": "EUR"}
RATE = {"currency": "GBP", "into": "USD", "rate": "1.25", "since_on": "2026-01-01", "source": "B"}
BROKE = {"title": "Wrong sums", "severity": "high", "what_happened": "It made figures up"}
FOUND = {"title": "Seats", "lever": "unused", "identified_amount": "12.00", "currency": "EUR"}

ANSWERS = {"AI-ACT-ROLES": ["provider"], "AI-ACT-SHOWN": ["interacts"]}
SHOWN = {"title": "Policy", "article": "Article 4"}


def _new_line(world: World, place: str) -> Body:
    pointed_at = {name: world.id(place, name) for name in ("client", "vendor")}
    return {**pointed_at, "amount": "12.00", "month_on": "2026-01-01", "currency": "EUR"}


def _file(text: str) -> Callable[[World, str], Body]:
    def body(world: World, place: str) -> Body:
        said = {"client": world.id(place, "client"), "dry_run": False}
        # What a file points at by its Remit id is the client's own.
        return {**said, "content": text.replace("VENDOR", world.id(place, "vendor"))}

    return body


SPENT = "month,vendor,amount,currency\n2026-02,VENDOR,12.00,EUR\n"
CONTRACTED = "vendor,name,starts_on,currency\nVENDOR,Seats,2026-01-01,EUR\n"

MOVES = {
    "POST systems/import/": Move("system", _file("name,kind\nFresh,shadow\n"), ("system.added",)),
    "POST vendors/import/": Move("vendor", _file("name\nFresh\n"), ("vendor.added",)),
    "POST vendor-contracts/import/": Move(
        "vendorcontract", _file(CONTRACTED), ("vendor_contract.added",)
    ),
    "POST spend-lines/import/": Move("spendline", _file(SPENT), ("spend.noted",)),
    "POST systems/": Move("system", of("client", **KNOWN), ("system.added",)),
    "PATCH systems/{id}/": Move("system", always(purpose="Answers"), ("system.changed",)),
    "POST systems/{id}/move/": Move("system", always(to="assessed"), ("system.assessed",)),
    "POST systems/{id}/name-risk-owner/": Move(
        "system", always(name="Nora"), ("system.risk_owner_named",)
    ),
    "POST incidents/": Move("incident", of("system", **BROKE), ("incident.added",)),
    "PATCH incidents/{id}/": Move("incident", always(serious=True), ("incident.changed",)),
    "POST incidents/{id}/contain/": Move("incident", nothing, ("incident.contained",)),
    "POST incidents/{id}/reopen/": Move(
        "incident", nothing, ("incident.reopened",), at="incident contained"
    ),
    "POST incidents/{id}/close/": Move(
        "incident",
        always(learned="Check the sums", ended_at="2026-03-02T09:00:00Z"),
        ("incident.closed",),
        at="incident contained",
    ),
    "POST systems/{id}/classify/": Move(
        "system", always(answers=ANSWERS), ("system.classified", "classification.made")
    ),
    "POST evidence/": Move("evidence", of("client", **SHOWN), ("evidence.added",)),
    "PATCH evidence/{id}/": Move("evidence", always(title="Audit"), ("evidence.changed",)),
    "POST evidence/{id}/withdraw/": Move("evidence", nothing, ("evidence.withdrawn",)),
    "POST vendor-evidence/": Move(
        "vendorevidence", of("vendor", item="incidents"), ("vendor_evidence.added",)
    ),
    "PATCH vendor-evidence/{id}/": Move(
        "vendorevidence", always(status="asked"), ("vendor_evidence.changed",)
    ),
    "POST register-shares/": Move(
        "registershare", of("client", recipient="Nora"), ("register_share.made",)
    ),
    "POST register-shares/{id}/revoke/": Move(
        "registershare", nothing, ("register_share.revoked",)
    ),
    "POST vendors/": Move("vendor", of("client", name="Fresh"), ("vendor.added",)),
    "PATCH vendors/{id}/": Move("vendor", always(country="PT"), ("vendor.changed",)),
    "POST vendors/{id}/review/": Move("vendor", always(note="Still good"), ("vendor.reviewed",)),
    "POST vendor-contracts/": Move(
        "vendorcontract", of("vendor", **TERMS), ("vendor_contract.added",)
    ),
    "PATCH vendor-contracts/{id}/": Move(
        "vendorcontract", always(notice_days=60), ("vendor_contract.changed",)
    ),
    "POST vendor-contracts/{id}/give-notice/": Move(
        "vendorcontract", nothing, ("vendor_contract.notice_given",)
    ),
    "POST vendor-contracts/{id}/renew/": Move(
        "vendorcontract", nothing, ("vendor_contract.renewed",)
    ),
    "POST vendor-contracts/{id}/end/": Move("vendorcontract", nothing, ("vendor_contract.ended",)),
    "POST spend-lines/": Move(
        "spendline",
        _new_line,
        ("spend.noted",),
    ),
    "PATCH spend-lines/{id}/": Move("spendline", always(amount="13.00"), ("spend.changed",)),
    "DELETE spend-lines/{id}/": Move("spendline", nothing, ("spend.removed",)),
    "POST exchange-rates/": Move("exchangerate", of("client", **RATE), ("exchange_rate.recorded",)),
    "PATCH exchange-rates/{id}/": Move(
        "exchangerate", always(rate="1.2"), ("exchange_rate.corrected",)
    ),
    "POST savings/": Move("saving", of("client", **FOUND), ("saving.identified",)),
    "PATCH savings/{id}/": Move("saving", always(note="More"), ("saving.changed",)),
    "POST savings/{id}/agree/": Move("saving", always(amount="10.00"), ("saving.agreed",)),
    "POST savings/{id}/realise/": Move(
        "saving", always(amount="9.00"), ("saving.realised",), at="saving agreed"
    ),
    "POST savings/{id}/drop/": Move("saving", always(reason="Needed"), ("saving.dropped",)),
}
