"""The desk's pages of the assessments: what is known, runs of the panel, links, reads, the library of lenses."""

from assessments.desk import (
    client,
    estate,
    evidence,
    facts,
    filling,
    incidents,
    lawful,
    library,
    links,
    metrics,
    own_lenses,
    reads,
    records,
    register_files,
    register_shares,
    risks,
    roadmap,
    spend,
    vendors,
)
from assessments.models import (
    Assessment,
    ClientFact,
    Evidence,
    ExchangeRate,
    Incident,
    Initiative,
    Metric,
    Milestone,
    PracticeLens,
    ProspectLink,
    Read,
    RegisterShare,
    Risk,
    RoadmapReview,
    Saving,
    SpendLine,
    System,
    Vendor,
    VendorContract,
    VendorEvidence,
)
from practice.desk.site import desk

__all__ = [
    "client",
    "estate",
    "evidence",
    "facts",
    "filling",
    "incidents",
    "lawful",
    "library",
    "links",
    "metrics",
    "own_lenses",
    "reads",
    "records",
    "register_files",
    "register_shares",
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
            ("Links to the register", "link", RegisterShare),
            ("Vendors", "storefront", Vendor),
            ("Vendor contracts", "contract", VendorContract),
            ("Spending", "payments", SpendLine),
            ("Savings", "savings", Saving),
            ("Incidents", "emergency_home", Incident),
            ("Exchange rates", "currency_exchange", ExchangeRate),
            ("Evidence", "verified_user", Evidence),
            ("Asked of model vendors", "assignment", VendorEvidence),
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
            ("Roadmap reviews", "event_repeat", RoadmapReview),
            ("Metrics", "monitoring", Metric),
            ("Risks", "warning", Risk),
        ],
    ),
)
