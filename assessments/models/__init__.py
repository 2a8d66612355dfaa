"""What is known of a client and read from it, its AI estate and what it costs, its roadmap, metrics and risks."""

from assessments.models.estate import (
    DataProcessing,
    Discovery,
    System,
    SystemKind,
    SystemStatus,
    Tier,
    Vendor,
    VendorContract,
)
from assessments.models.incidents import Incident, IncidentStatus, Severity
from assessments.models.lawful import Asked, Classification, Evidence, VendorEvidence
from assessments.models.reading import (
    Assessment,
    Choice,
    ClientFact,
    FactSource,
    PracticeLens,
    ProspectLink,
    Read,
)
from assessments.models.risk import Risk, RiskStatus, Treatment
from assessments.models.sharing import RegisterShare
from assessments.models.spend import ExchangeRate, Lever, Saving, SavingStatus, SpendLine
from assessments.models.work import (
    Direction,
    Horizon,
    Initiative,
    InitiativeStatus,
    InitiativeSystem,
    Metric,
    MetricValue,
    Milestone,
    PostponedFor,
    Postponement,
    Unit,
)

__all__ = [
    "Asked",
    "Assessment",
    "Choice",
    "Classification",
    "ClientFact",
    "DataProcessing",
    "Direction",
    "Discovery",
    "Evidence",
    "ExchangeRate",
    "FactSource",
    "Horizon",
    "Incident",
    "IncidentStatus",
    "Initiative",
    "InitiativeStatus",
    "InitiativeSystem",
    "Lever",
    "Metric",
    "MetricValue",
    "Milestone",
    "PostponedFor",
    "Postponement",
    "PracticeLens",
    "ProspectLink",
    "Read",
    "RegisterShare",
    "Risk",
    "RiskStatus",
    "Saving",
    "SavingStatus",
    "Severity",
    "SpendLine",
    "System",
    "SystemKind",
    "SystemStatus",
    "Tier",
    "Treatment",
    "Unit",
    "Vendor",
    "VendorContract",
    "VendorEvidence",
]
