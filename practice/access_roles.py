"""Roles, and which of them may do what to which resource: data only. Asked through practice/access.py and nowhere else."""

OWNER, CONSULTANT, ASSOCIATE, FINANCE = "owner", "consultant", "associate", "finance"
SPONSOR, BOARD, REVIEWER, VIEWER = "sponsor", "board", "reviewer", "viewer"
KEY, SYSTEM = "key", "system"

MEMBERS = frozenset({OWNER, CONSULTANT, ASSOCIATE, FINANCE})
CONTACTS = frozenset({SPONSOR, BOARD, REVIEWER, VIEWER})
LEADS = frozenset({OWNER, CONSULTANT})
DELIVERY = LEADS | {ASSOCIATE}
INTEGRATION = frozenset({KEY})
CLIENT_LEADS = frozenset({SPONSOR, BOARD})
NOBODY: frozenset[str] = frozenset()

# resource → action → roles. `view` is which rows can be seen at all; rows come from `visible_to`.
# A key needs its scope besides (SCOPE_OF). The system (clockwork, set-up) may do everything.
TABLE: dict[str, dict[str, frozenset[str]]] = {
    "practice": {"view": MEMBERS | INTEGRATION, "change": frozenset({OWNER})},
    "member": {"view": MEMBERS | INTEGRATION, "change": frozenset({OWNER})},
    "assignment": {
        "view": DELIVERY | INTEGRATION,
        "add": frozenset({OWNER}),
        "change": frozenset({OWNER}),
        "remove": frozenset({OWNER}),
    },
    "client": {
        "view": MEMBERS | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "see_fees": LEADS | {FINANCE, KEY},
        "set_fees": LEADS | {FINANCE, KEY},
    },
    # The names and hats of those who serve them: all that a contact knows of an assignment.
    "team": {"view": CONTACTS},
    "competitors": {"view": DELIVERY, "add": frozenset({OWNER}), "remove": frozenset({OWNER})},
    "contact": {
        "view": MEMBERS | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "seat": {
        "view": DELIVERY | {SPONSOR, BOARD} | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "invitation": {
        "view": LEADS,
        "add": LEADS,
        "invite_member": frozenset({OWNER}),
        "change": LEADS,
    },
    "key": {"view": frozenset({OWNER}), "add": frozenset({OWNER}), "change": frozenset({OWNER})},
    "event": {"view": DELIVERY | INTEGRATION, "see_fees": LEADS | INTEGRATION},
    "agenda": {"view": DELIVERY | CONTACTS | INTEGRATION, "change": DELIVERY},
    "reminder_times": {
        "view": MEMBERS | INTEGRATION,
        "add": frozenset({OWNER}),
        "change": frozenset({OWNER}),
        "remove": frozenset({OWNER}),
    },
    # Everybody's own.
    "preference": {"view": MEMBERS | CONTACTS, "change": MEMBERS | CONTACTS},
    "notice": {"view": frozenset({OWNER}), "change": frozenset({OWNER})},
    # Everybody's own notices, and calendar addresses with what they may see: nobody else's.
    "inbox": {"view": MEMBERS | CONTACTS, "change": MEMBERS | CONTACTS},
    "calendar": {
        "view": DELIVERY | CONTACTS,
        "add": DELIVERY | CONTACTS,
        "change": DELIVERY | CONTACTS,
    },
    "webhook": {
        "view": frozenset({OWNER}),
        "add": frozenset({OWNER}),
        "change": frozenset({OWNER}),
        "remove": frozenset({OWNER}),
    },
    "lens": {"view": DELIVERY | INTEGRATION},
    "own_lens": {"view": DELIVERY | INTEGRATION, "add": frozenset({OWNER})},
    "fact": {"view": DELIVERY | INTEGRATION, "add": DELIVERY | INTEGRATION},
    "assessment": {"view": DELIVERY | INTEGRATION, "add": DELIVERY | INTEGRATION},
    "choice": {"view": DELIVERY | INTEGRATION, "add": LEADS | INTEGRATION},
    "prospect_link": {
        "view": LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "read": {"view": DELIVERY | CONTACTS | INTEGRATION, "add": LEADS | INTEGRATION},
    # The AI estate: the client's own register, kept by whoever works there. What it costs is for those who see fees,
    # and for the client's sponsor and board; its reviewers read the systems alone.
    "system": {
        "view": DELIVERY | CLIENT_LEADS | {REVIEWER, KEY},
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
        "approve": LEADS,
    },
    # Links by which an auditor of the client reads its register without an account.
    "register_share": {
        "view": LEADS | INTEGRATION,
        "add": LEADS,
        "change": LEADS | INTEGRATION,
    },
    # What the law makes of it: a classification is a lead's judgement, evidence is gathered by whoever works there.
    "classification": {
        "view": DELIVERY | CLIENT_LEADS | {REVIEWER, KEY},
        "add": LEADS | INTEGRATION,
    },
    "evidence": {
        "view": DELIVERY | CLIENT_LEADS | {REVIEWER, KEY},
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "vendor_evidence": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "vendor": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "vendor_contract": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "see_fees": LEADS | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "spend": {
        "view": LEADS | CLIENT_LEADS | INTEGRATION,
        "see_fees": LEADS | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "remove": LEADS | INTEGRATION,
    },
    "exchange_rate": {
        "view": LEADS | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "saving": {
        "view": LEADS | CLIENT_LEADS | INTEGRATION,
        "see_fees": LEADS | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    # What went wrong with them: told whoever leads the client, as soon as it is put down.
    "incident": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    # The roadmap with its milestones, the metrics with their values, and the risks: kept by whoever works there, read by
    # the client's sponsor and board. To accept a risk is for those who lead.
    "initiative": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "metric": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
    },
    "risk": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
        "accept": LEADS,
    },
    "file": {
        "view": DELIVERY | {FINANCE, KEY},
        "add": DELIVERY | {FINANCE, KEY},
        "see_fees": LEADS | {FINANCE, KEY},
    },
    # Engagements: led by consultants, accepted by the sponsor; fees for those who see fees.
    "engagement": {
        "view": MEMBERS | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "see_fees": LEADS | {FINANCE, KEY},
    },
    "wearing": {
        "view": MEMBERS | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "deputy": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "accept": frozenset({SPONSOR}),
    },
    "reporting_line": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
    },
    "stage": {
        "view": MEMBERS | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "see_fees": LEADS | {FINANCE, SPONSOR, KEY},
    },
    "move": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "accept": frozenset({SPONSOR}),
        "see_fees": LEADS | {SPONSOR, KEY},
    },
    "exit_statement": {"view": DELIVERY | INTEGRATION, "add": LEADS | INTEGRATION},
    "handover": {"view": DELIVERY | CONTACTS | INTEGRATION, "change": LEADS | INTEGRATION},
    "contract": {
        "view": LEADS | {FINANCE, SPONSOR, KEY},
        "see_fees": LEADS | {FINANCE, SPONSOR, KEY},
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "accept": frozenset({SPONSOR}),
    },
    "charter": {
        "view": DELIVERY | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "accept": frozenset({SPONSOR}),
    },
    "time": {
        "view": DELIVERY | {FINANCE, KEY},
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
        "remove": DELIVERY | INTEGRATION,
    },
    "expense": {
        "view": DELIVERY | {FINANCE, KEY},
        "add": DELIVERY | INTEGRATION,
        "change": DELIVERY | INTEGRATION,
        "remove": DELIVERY | INTEGRATION,
        "see_fees": MEMBERS | INTEGRATION,
    },
    "period": {
        "view": MEMBERS | {SPONSOR, KEY},
        "add": LEADS | {FINANCE, KEY},
        "remove": LEADS | {FINANCE, KEY},
        "see_fees": LEADS | {FINANCE, SPONSOR, KEY},
    },
    # Contacts only where the terms of the day say so (engagements/hat_shares.py).
    "hat_balance": {"view": DELIVERY | CLIENT_LEADS | INTEGRATION},
    # A client never sees what the radar says of it, nor who in the practice is stretched.
    "finding": {"view": DELIVERY | INTEGRATION, "change": LEADS | INTEGRATION},
    "portfolio": {"view": LEADS | INTEGRATION},
    "capacity": {"view": LEADS | INTEGRATION, "add": frozenset({OWNER})},
    "rate": {
        "view": LEADS | {FINANCE, KEY},
        "see_fees": LEADS | {FINANCE, KEY},
        "add": frozenset({OWNER}),
    },
    # The decision log. Who decides is whoever wears the hat; the sponsor agrees for the client.
    "decision": {
        "view": DELIVERY | CONTACTS | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "decide": DELIVERY,
        "accept": frozenset({SPONSOR}),
    },
    # Its seal: whoever reads decisions may check that nobody rewrote them.
    "log": {
        "view": DELIVERY | CONTACTS | INTEGRATION,
        "anchor": LEADS | CLIENT_LEADS | INTEGRATION,
        "erase": frozenset({OWNER}),
    },
    "signing_key": {"view": DELIVERY | INTEGRATION, "change": frozenset({OWNER})},
    # Deliverables: the practice's own until they are released; then the client reads what was released to them by name.
    "deliverable_kind": {
        "view": DELIVERY | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "deliverable": {
        "view": DELIVERY | INTEGRATION,
        "write": DELIVERY | INTEGRATION,
        "review": DELIVERY,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
    },
    "deliverable_version": {"view": DELIVERY | CONTACTS | INTEGRATION},
    "release": {
        "view": DELIVERY | CONTACTS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "accept": CLIENT_LEADS | {REVIEWER},
    },
    "deliverable_comment": {
        "view": DELIVERY | CONTACTS | INTEGRATION,
        # Viewers read only, here as everywhere.
        "add": DELIVERY | CLIENT_LEADS | {REVIEWER},
    },
    # How far a paper is; who may have the paper itself, the thing it is of decides.
    "rendering": {
        "view": DELIVERY | INTEGRATION,
        "add": DELIVERY | INTEGRATION,
        "change": LEADS,
    },
    "pack": {
        "view": DELIVERY | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        "share": LEADS,
    },
    "board_report": {
        "view": LEADS | CLIENT_LEADS | INTEGRATION,
        "see_fees": LEADS | CLIENT_LEADS | INTEGRATION,
        "add": LEADS | INTEGRATION,
        "change": LEADS | INTEGRATION,
        # Looking at what another wrote, and putting it before the board, are for people.
        "review": LEADS,
        "issue": LEADS,
        "share": LEADS,
        "accept": frozenset({BOARD}),
    },
    "billing": {
        "view": frozenset({OWNER, FINANCE, KEY}),
        "see_fees": frozenset({OWNER, FINANCE, KEY}),
        "add": frozenset({OWNER, FINANCE, KEY}),
        "change": frozenset({OWNER, FINANCE, KEY}),
    },
}

# Which client rows a role reaches within its practice.
WHOLE_PRACTICE = frozenset({OWNER, FINANCE})
SCOPES = {
    "read": "Read",
    "write": "Write, which includes to read",
    "commercial": "Fees and purchase orders",
}
SCOPE_OF = {"view": "read", "see_fees": "commercial"}
# What is nothing but fees: nobody opens, exports or settles by a key that could not read what it does.
ALL_FEES = frozenset({"billing", "spend", "saving"})
