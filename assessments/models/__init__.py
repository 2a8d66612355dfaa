"""What is known of a client and read from it, and the client's AI estate: systems, vendors, contracts, spend."""

from assessments.models.estate import (
    DataProcessing,
    Discovery,
    System,
    SystemKind,
    SystemStatus,
    Vendor,
    VendorContract,
)
from assessments.models.incidents import Incident, IncidentStatus, Severity
from assessments.models.reading import (
    Assessment,
    Choice,
    ClientFact,
    FactSource,
    PracticeLens,
    ProspectLink,
    Read,
)
from assessments.models.spend import ExchangeRate, Lever, Saving, SavingStatus, SpendLine

__all__ = [
    "Assessment",
    "Choice",
    "ClientFact",
    "DataProcessing",
    "Discovery",
    "ExchangeRate",
    "FactSource",
    "Incident",
    "IncidentStatus",
    "Lever",
    "PracticeLens",
    "ProspectLink",
    "Read",
    "Saving",
    "SavingStatus",
    "Severity",
    "SpendLine",
    "System",
    "SystemKind",
    "SystemStatus",
    "Vendor",
    "VendorContract",
]
