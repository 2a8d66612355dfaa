"""Assessments, the AI estate, the roadmap, metrics and risks over REST."""

from assessments.api import estate, incidents, lawful, reading, sharing, spend, work
from assessments.api.reading import PanelEvaluation, lens_router

__all__ = ["RESOURCES", "PanelEvaluation", "lens_router"]
RESOURCES = {
    **reading.RESOURCES,
    **estate.RESOURCES,
    **incidents.RESOURCES,
    **lawful.RESOURCES,
    **sharing.RESOURCES,
    **spend.RESOURCES,
    **work.RESOURCES,
}
