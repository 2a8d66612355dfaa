"""What assessments contribute to the ground floor's lists."""

from pathlib import Path

from assessments import (
    derived,
    law_calendar,
    law_letters,
    reassessment,
    roadmap_reviews,
    vendor_contracts,
    vendor_dates,
    work_dates,
)
from assessments.models import System
from practice import access, agenda, agenda_rules, clockwork, notices, policies, replanning

DATA = Path(__file__).parent / "data"
agenda_rules.CONTRIBUTED.append(DATA / "agenda.toml")
policies.CONTRIBUTED.append(DATA / "policies.toml")
agenda.RECIPIENTS.add("responsible", reassessment.responsible)
replanning.REPLANNERS.add(
    "assessments", replanning.Replanner((reassessment.QUARTERLY,), reassessment.replan)
)
notices.LETTERS.add("reassessment_due", reassessment.due_letter)
notices.LETTERS.add("facts_moved", reassessment.moved_letter)

# The estate.
agenda_rules.CONTRIBUTED.append(DATA / "agenda_estate.toml")
agenda.RECIPIENTS.add("client_responsible", vendor_dates.responsible)
replanning.REPLANNERS.add(
    "estate", replanning.Replanner(vendor_dates.KINDS, vendor_dates.follow_client)
)
notices.EFFECTS.add("estate_facts", derived.follow)
notices.EFFECTS.add("vendor_contract_turn", vendor_contracts.turn)
notices.LETTERS.add("vendor_contract_renews", vendor_dates.contract_letter)
notices.LETTERS.add("vendor_review_due", vendor_dates.review_letter)

# The roadmap and the risk register.
agenda_rules.CONTRIBUTED.append(DATA / "agenda_work.toml")
replanning.REPLANNERS.add("work", replanning.Replanner(work_dates.KINDS, work_dates.follow_client))
notices.LETTERS.add("roadmap_milestone_due", work_dates.milestone_letter)
notices.LETTERS.add("risk_review_due", work_dates.review_letter)
notices.LETTERS.add("roadmap_review_due", roadmap_reviews.letter)

# The law.
agenda_rules.CONTRIBUTED.append(DATA / "agenda_law.toml")
# A client's viewers read no systems, and so none of their dates.
agenda_rules.ADDRESSED.add(
    law_calendar.DATE, lambda actor: access.visible_to(actor, System).values("pk")
)
notices.LETTERS.add("law_applies", law_letters.applies)
notices.LETTERS.add("law_moved", law_letters.moved)
notices.LETTERS.add("evidence_expires", law_letters.expires)
clockwork.RECURRING.add("law", law_calendar.follow_law)
