"""Assessments and the AI estate over REST."""

from assessments.api import estate, reading, spend
from assessments.api.reading import PanelEvaluation, lens_router

__all__ = ["RESOURCES", "PanelEvaluation", "lens_router"]
RESOURCES = {**reading.RESOURCES, **estate.RESOURCES, **spend.RESOURCES}
