"""AI systems for the tests of the classification, read from systems.toml: what each is, and its whole finding."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from practice import book

FILE = Path(__file__).with_name("systems.toml")
BANS = {
    *("manipulation", "vulnerabilities", "social_scoring", "crime_prediction", "face_scraping"),
    *("emotions", "biometric_categories", "remote_biometrics"),
    # Added in 2026.
    *("intimate_material", "child_abuse_material"),
}
AREAS = {
    *("biometrics", "critical_infrastructure", "education", "employment", "essential_services"),
    *("law_enforcement", "migration", "justice_democracy"),
}
TASKS = {"procedural_task", "improves_human_work", "detects_patterns", "preparatory_task"}


@dataclass(frozen=True)
class Golden:
    name: str
    roles: tuple[str, ...]
    tier: str
    reasons: dict[str, tuple[str, ...]]
    owes: dict[str, tuple[str, ...]]
    said: dict[str, Any] = field(default_factory=dict)
    placed_on: date | None = None
    applies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Goldens:
    version: int
    systems: tuple[Golden, ...]


SYSTEMS = book.build(Goldens, book.read(FILE), FILE).systems


def named(golden: Golden) -> str:
    return golden.name
