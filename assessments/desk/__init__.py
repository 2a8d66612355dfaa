"""The desk's pages of the assessments: what is known, runs of the panel, links, reads, the library of lenses."""

from assessments.desk import (
    client,
    estate,
    facts,
    filling,
    incidents,
    library,
    links,
    metrics,
    own_lenses,
    reads,
    records,
    register_files,
    risks,
    roadmap,
    spend,
    vendors,
)
from assessments.models import (
    Assessment,
    ClientFact,
    ExchangeRate,
    Incident,
    Initiative,
    Metric,
    Milestone,
    PracticeLens,
    ProspectLink,
    Read,
    Risk,
    Saving,
    SpendLine,
    System,
    Vendor,
    VendorContract,
)
from practice.desk.site import desk

__all__ = [
    "client",
    "estate",
    "facts",
    "filling",
    "incidents",
    "library",
    "links",
    "metrics",
    "own_lenses",
    "reads",
    "records",
    "register_files",
    "risks",
    "roadmap",
    "spend",
    "vendors",
]

# After the clients, whom all of this is about.
desk.menu.insert(
    2,
    (
        "Assessments",
        [
            ("Assessments", "balance", Assessment),
            ("Facts", "fact_check", ClientFact),
            ("Prospect links", "link", ProspectLink),
            ("Reads", "article", Read),
            ("Lenses", "search_insights", "lenses"),
            ("Our own lenses", "edit_document", PracticeLens),
        ],
    ),
)
desk.menu.insert(
    3,
    (
        "AI estate",
        [
            ("Systems", "memory", System),
            ("Vendors", "storefront", Vendor),
            ("Vendor contracts", "contract", VendorContract),
            ("Spending", "payments", SpendLine),
            ("Savings", "savings", Saving),
            ("Incidents", "emergency_home", Incident),
            ("Exchange rates", "currency_exchange", ExchangeRate),
        ],
    ),
)
desk.menu.insert(
    4,
    (
        "Roadmap and risks",
        [
            ("Initiatives", "rocket_launch", Initiative),
            ("Milestones", "flag", Milestone),
            ("Metrics", "monitoring", Metric),
            ("Risks", "warning", Risk),
        ],
    ),
)
