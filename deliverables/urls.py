"""Addresses outside the two sites: a pack behind a link. Wiring only."""

from django.urls import path

from deliverables import pack_public

urlpatterns = [
    path("<str:token>/", pack_public.pack, name="pack"),
    path("<str:token>/archive/", pack_public.archive, name="pack-archive"),
    path("<str:token>/files/<uuid:version>/", pack_public.file, name="pack-file"),
]
