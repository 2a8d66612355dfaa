"""Engagements over REST, one module a part."""

from engagements.api import charter, course, engaging, oversight, time

spectrum_router = course.spectrum_router
RESOURCES = (
    engaging.RESOURCES | course.RESOURCES | charter.RESOURCES | time.RESOURCES | oversight.RESOURCES
)
