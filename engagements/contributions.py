"""What engagements contribute to the lists of the rooms below."""

from pathlib import Path

from django.core import checks

from assessments import known, scoring
from engagements import (
    asking,
    charter_gate,
    conditions,
    dates,
    endings,
    eu_plan,
    gate,
    letters,
    lifecycle,
    moves,
    pauses,
    phases,
    radar,
    radar_checks,
    radar_clock,
    radar_estate,
    radar_faults,
    radar_roadmap,
    radar_time,
    rights_faults,
    suggestions,
    time_checks,
    wearing,
)
from engagements.models import Engagement
from practice import access, agenda, agenda_rules, notices, replanning
from practice.feeds.opening import SCOPES, Scope

DATA = Path(__file__).parent / "data"

# The radar.
checks.register(radar_faults.the_radar_is_sound)
agenda_rules.CONTRIBUTED.append(DATA / "agenda_radar.toml")
notices.EFFECTS.add("radar_sweep", radar_clock.look)
radar.CHECKS.add("FM-01", radar.Check(radar_time.ai_on_the_side))
radar.CHECKS.add("FM-02", radar.Check(radar_time.losing_hat))
radar.CHECKS.add("FM-03", radar.Check(radar_time.loud_fires))
radar.CHECKS.add("FM-04", radar.Check(radar_checks.no_platform))
radar.CHECKS.add("FM-04/roadmap", radar.Check(radar_roadmap.no_engineers))
radar.CHECKS.add("FM-05", radar.Check(radar_checks.two_people))
radar.CHECKS.add("FM-08", radar.Check(radar_roadmap.always_later))
radar.CHECKS.add("FM-09", radar.Check(radar_roadmap.tools_first))
radar.CHECKS.add("FM-10", radar.Check(radar_roadmap.nothing_measured))
radar.CHECKS.add("FM-07", radar.Check(radar_estate.no_risk_owner))
radar.CHECKS.add("FM-11", radar.Check(radar_estate.stale_market))
radar.CHECKS.add("FM-13", radar.Check(radar_estate.in_between))
radar.CHECKS.add("FM-15", radar.Check(radar_checks.advice_without_owner))
radar.CHECKS.add("FM-16", radar.Check(radar_checks.no_reporting_line))
radar.CHECKS.add("FM-17", radar.Check(radar_checks.outgrown_seat))

# The charter.
checks.register(rights_faults.the_rights_are_sound)
agenda_rules.CONTRIBUTED.append(DATA / "agenda_charter.toml")
gate.CONDITIONS.add("charter", charter_gate.CHARTER)
wearing.FOLLOWS.add("dates", dates.replan)

# The course.
agenda_rules.CONTRIBUTED.append(DATA / "agenda.toml")
agenda.RECIPIENTS.add("lead", dates.leads)
for name in letters.words():
    notices.LETTERS.add(name, letters.letter)
for name, letter in asking.LETTERS.items():
    notices.LETTERS.add(name, letter)
for condition in conditions.CONDITIONS:
    gate.CONDITIONS.add(condition.key, condition)
lifecycle.ENDINGS.add("deputies", endings.deputies)
lifecycle.ENDINGS.add("hats", endings.hats)
lifecycle.ENDINGS.add("reporting lines", endings.lines)
lifecycle.ENDINGS.add("charter and contract", endings.agreements)
lifecycle.ENDINGS.add("findings", endings.findings)
notices.EFFECTS.add("move_effective", moves.take_effect)
notices.EFFECTS.add("phase_turn", phases.turn)
notices.EFFECTS.add("pause_turn", pauses.turn)
notices.EFFECTS.add("plan_dates", dates.roll)
notices.EFFECTS.add("compare_point", suggestions.compare)
replanning.REPLANNERS.add("engagements", replanning.Replanner(dates.KINDS, dates.follow_client))
SCOPES.add(
    "engagement",
    Scope(
        "One engagement",
        dates.of_one,
        rows=lambda actor: access.visible_to(actor, Engagement),
    ),
)
dates.FOLLOWS.add("eu plan", eu_plan.course_changed)
known.FOLLOWERS.add("eu plan", eu_plan.learnt)
notices.EFFECTS.add("open_eu_plan", eu_plan.follow_fact)
scoring.FOLLOWERS.add("point on the spectrum", suggestions.assessed)

# Time.
checks.register(time_checks.the_layouts_are_sound)
