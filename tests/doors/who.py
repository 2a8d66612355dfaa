"""What each actor may see, said a second time and independently of the access table, in the words of issue 2."""

from dataclasses import dataclass, replace

from tests.doors.canaries import Origin

# Of the throw-away app with the planted leaks.
PLANTED = "topic note"
ASSESSED = "clientfact assessment choice read"
# Of an engagement: what everybody at the client may know, what its sponsor and board may, what the sponsor alone may.
KNOWN = "engagement hatshare pause wearing stage burst"
LED = "deputy reportingline move charter right spendinglimit"
SPONSORED = "contractversion period"
# The decision log, as far as it is marked for the client.
LOGGED = "decision agreement score decisionlink chain sealedentry opening anchor"
# The client's own AI estate, and what it costs: for whoever works there and sees fees, for its sponsor and board.
ESTATE = "system vendor vendorcontract classification evidence vendorevidence"
# What they set out to do with it, how it is measured, what could go wrong.
PLANNED = "initiative initiativesystem milestone postponement roadmapreview metric metricvalue risk"
COSTED = "spendline exchangerate saving"
# What went wrong with it: for who works there, for sponsor and board.
BROKEN = "incident"
PAID = "vendorcontract spendline saving boardreport"
# What was released to them; of its recipients, themselves.
RELEASED = "deliverableversion release recipient tick comment"
# What stays with the practice.
INSIDE = (
    "exitstatement finding timeentry expense storedfile deliverable internalreview pack packshare "
    "rendering"
)
BILLED = "billingbatch billingline"
# What was issued to the board; who opened it, for the sponsor; and who was asked to write, for the practice.
REPORTED = "boardreport boardsection boardask boardanswer"
REPORTS = f"{REPORTED} boardreading contribution"
ENGAGED = f"{KNOWN} {LED} {LOGGED} {RELEASED} {INSIDE} handoveritem period"
WORK = (
    "practice member user assignment client competitors contact seat event agendaentry "
    f"{ASSESSED} {ESTATE} {BROKEN} {PLANNED} {ENGAGED} {PLANTED}"
)
ALL = (
    f"{WORK} {COSTED} {BILLED} {REPORTS} contractversion rate capacity invitation apikey notice prospectlink registershare practicelens "
    "webhook deliveryattempt remindertimes signingkey headfeed ownkind"
)
FEES = frozenset(
    {
        ("client", "day_rate"),
        ("client", "po_number"),
        ("engagement", "po_number"),
        ("contractversion", "summary"),
        ("event", "commercial"),
        ("expense", "amount"),
        ("rate", "low"),
        ("rate", "high"),
        ("billingbatch", "total"),
        ("billingbatch", "po_number"),
        ("billingline", "unit_price"),
        ("billingline", "amount"),
        ("billingline", "po_number"),
        *(
            (model, fee)
            for model in ("stage", "move")
            for fee in (
                "fee_amount",
                "hour_rate",
                "cap_amount",
                "allowance in money",
                "rollover_cap in money",
            )
        ),
        ("burst", "extra in money"),
        ("vendorcontract", "annual_spend"),
        ("spendline", "amount"),
        ("saving", "identified_amount"),
        ("saving", "agreed_amount"),
        ("saving", "realised_amount"),
        ("boardreport", "content"),
    }
)
# What the practice keeps among itself of rows that the client reads.
INNER = frozenset(
    {
        ("wearing", "depth_evidence"),
        ("initiative", "note"),
        ("roadmapreview", "note"),
        ("metric", "note"),
        ("risk", "note"),
        ("boardreport", "review_note"),
        ("boardreport", "self_reason"),
        ("classification", "note"),
        ("evidence", "note"),
        ("evidence", "file"),
        ("vendorevidence", "note"),
        ("vendorevidence", "file"),
    }
)
EVERY_FEE = " ".join(sorted({model for model, _ in FEES}))
AGREED_FEES = f"stage burst move contractversion {PAID}"
# Nobody's, through whatever door.
NEVER = frozenset(
    {
        ("apikey", "secret_hash"),
        ("invitation", "nonce"),
        ("user", "password"),
        ("prospectlink", "token_hash"),
        ("prospectlink", "draft"),
        ("feed", "token_hash"),
        ("packshare", "token_hash"),
        ("registershare", "token_hash"),
        ("contribution", "token_hash"),
        ("webhook", "earlier_nonce"),
    }
)


@dataclass(frozen=True)
class Sees:
    places: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    fees: frozenset[str] = frozenset()
    """Models whose fees they see."""
    house: str = ""
    in_house: frozenset[str] = frozenset()
    """Of the rows that speak of no client: models."""
    me: str = ""
    """What is theirs alone is in drawers of this name."""
    names_in_house: bool = False
    """Names of colleagues and of the practice, as on a letterhead; nothing else of theirs."""

    def allows(self, origin: Origin) -> bool:
        if origin.model == "(never)" or (origin.model, origin.field) in NEVER:
            return False
        origin = self._opened(origin)
        own = f", of {self.me}"
        if all(place.endswith(own) for place in origin.places):
            # As long as they reach the client it is about.
            return {p.removesuffix(own) for p in origin.places} <= self.places | {self.house}
        if origin.places <= frozenset({self.house}):
            return self._in_house(origin)
        if origin.field == "id":
            # Ids of rows within reach may stand in other rows (of a file of fees, in its contract); what they hold may not.
            return {place.removesuffix(", fees") for place in origin.places} <= self.places
        return origin.places <= self.places and self._here(origin.model, origin.field)

    def _opened(self, origin: Origin) -> Origin:
        """To whoever sees the whole outbox a letter to somebody is one of all; of what else is a person's own, the
        log tells them that it is there."""
        if "notice" in self.models and (origin.model == "notice" or origin.field == "id"):
            return _of_all(origin)
        # To whoever works there, so is before whom something was put; each contact reads of themselves.
        if "deliverable" in self.models and origin.model == "recipient":
            return _of_all(origin)
        return origin

    def _here(self, model: str, field: str) -> bool:
        # Whoever works for the practice reads its files; no contact does.
        ours = "storedfile" in self.models
        fits = model in self.fees or (model, field) not in FEES
        return model in self.models and fits and (ours or (model, field) not in INNER)

    def _in_house(self, origin: Origin) -> bool:
        if not self.house:
            return False
        if self.in_house and origin.field == "id":
            return True
        letterhead = origin.model in {"practice", "user", "member"} and origin.field in {
            "id",
            "name",
        }
        hidden = (origin.model, origin.field) in FEES and origin.model not in self.fees
        return (origin.model in self.in_house and not hidden) or (
            self.names_in_house and letterhead
        )


def _of_all(origin: Origin) -> Origin:
    return replace(origin, places=frozenset(place.split(", of ")[0] for place in origin.places))


def _sees(
    places: str,
    models: str,
    *,
    fees: str = "",
    house: str = "",
    in_house: str = "",
    drawers: str = "",
) -> Sees:
    """`drawers`: what lies in them of the places named (tests/doors/drawers.py)."""
    here = {f"{p}, {drawer}" for p in places.split() for drawer in drawers.split()}
    return Sees(
        frozenset(places.split()) | here,
        frozenset(models.split()),
        frozenset(fees.split()),
        house,
        frozenset(in_house.split()),
        names_in_house=bool(house),
    )


OURS = "orchard quarry mill vineyard"
THEIRS = "harbour marina cove"
COLLEAGUES = "practice member user remindertimes"
# Who works for clients also knows the practice's own lenses.
HOUSE = f"{COLLEAGUES} practicelens signingkey headfeed ownkind"
LEADS = "withheld fees"
AT_CLIENT = f"client contact user agendaentry read handoveritem {KNOWN} {LOGGED} {RELEASED}"
BOARD = f"{AT_CLIENT} seat {LED} {ESTATE} {BROKEN} {PLANNED} {COSTED} {REPORTED}"
SPONSOR = f"{BOARD} {SPONSORED} boardreading"
COUNTED = f"client contact user storedfile timeentry expense {KNOWN} {SPONSORED} {BILLED}"
BY_KEY = (
    "practice member user assignment client contact seat event agendaentry prospectlink registershare practicelens "
    f"rate capacity remindertimes signingkey headfeed ownkind {ASSESSED} {ESTATE} {BROKEN} {PLANNED} {COSTED} {ENGAGED} contractversion {BILLED} {REPORTS} {PLANTED}"
)
FULL = {"fees": EVERY_FEE, "drawers": LEADS}

SEES = {
    "olu": _sees(OURS, ALL, house="lantern", in_house=ALL, **FULL),
    "ada": _sees(
        "orchard mill",
        f"{WORK} {COSTED} {REPORTS} contractversion invitation prospectlink registershare",
        house="lantern",
        in_house=f"{HOUSE} rate capacity",
        **FULL,
    ),
    "ben": _sees("", WORK, house="lantern", in_house=HOUSE),
    "amy": _sees(
        "orchard", WORK, house="lantern", in_house=HOUSE, fees="expense", drawers="withheld"
    ),
    "fin": _sees(OURS, COUNTED, house="lantern", in_house=f"{COLLEAGUES} rate", **FULL),
    "priya": _sees("orchard", SPONSOR, house="lantern", fees=AGREED_FEES, drawers="fees"),
    "marta": _sees("orchard", BOARD, house="lantern", fees=PAID),
    "ravi": _sees("quarry", SPONSOR, house="lantern", fees=AGREED_FEES, drawers="fees"),
    "zoe": _sees(THEIRS, ALL, house="northlight", in_house=ALL, **FULL),
    "hana": _sees("harbour", SPONSOR, house="northlight", fees=AGREED_FEES, drawers="fees"),
    "bot": _sees(OURS, BY_KEY, house="lantern", in_house=BY_KEY, drawers="withheld"),
    "writer": _sees(OURS, BY_KEY, house="lantern", in_house=BY_KEY, **FULL),
    "limited": _sees("orchard", BY_KEY, house="lantern", drawers="withheld"),
    "limited_writer": _sees("orchard", BY_KEY, house="lantern", drawers="withheld"),
    "zoes_bot": _sees(THEIRS, BY_KEY, house="northlight", in_house=BY_KEY, **FULL),
    "reviewer": _sees("orchard", f"{AT_CLIENT} system classification evidence", house="lantern"),
    "viewer": _sees("orchard", AT_CLIENT, house="lantern"),
    "nobody": Sees(),
}
# Nobody has anything of their own who is no person.
SEES = {name: replace(sees, me=name) for name, sees in SEES.items()}
