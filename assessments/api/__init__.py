"""Assessments and the AI estate over REST."""

from assessments.api import estate, incidents, reading, spend
from assessments.api.reading import PanelEvaluation, lens_router

__all__ = ["RESOURCES", "PanelEvaluation", "lens_router"]
RESOURCES = {**reading.RESOURCES, **estate.RESOURCES, **incidents.RESOURCES, **spend.RESOURCES}
