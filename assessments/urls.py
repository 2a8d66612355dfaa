"""Addresses outside the two sites: a prospect's questionnaire and read. Wiring only."""

from django.urls import path

from assessments import public

urlpatterns = [
    path("<str:token>/", public.answer, name="answer"),
    path("<str:token>/read/", public.read, name="answer-read"),
    path("<str:token>/read/pdf/", public.pdf, name="answer-pdf"),
]
