"""Addresses outside the two sites: a prospect's questionnaire and read, and the register behind a link. Wiring only."""

from django.urls import path

from assessments import public, register_public

urlpatterns = [
    path("answer/<str:token>/", public.answer, name="answer"),
    path("answer/<str:token>/read/", public.read, name="answer-read"),
    path("answer/<str:token>/read/pdf/", public.pdf, name="answer-pdf"),
    path("registers/<str:token>/", register_public.register, name="register"),
    path("registers/<str:token>/file/", register_public.file, name="register-file"),
]
