"""Installed by tests/doors/test_planted.py alone."""

from django.apps import AppConfig


class PlantedConfig(AppConfig):
    name = "tests.doors.planted"
    label = "planted"
