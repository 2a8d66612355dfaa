"""Every address. Wiring only."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

# The pages of an app join the two sites by being imported, before those are asked for their addresses.
import assessments.desk
import assessments.portal
import assessments.portal_estate
import assessments.portal_law
import assessments.portal_outlook
import deliverables.desk
import deliverables.portal
import deliverables.portal_board
import deliverables.portal_releases
import engagements.desk
import engagements.portal
import engagements.portal_balance
import engagements.portal_charter
from assessments import api as assessments
from deliverables import api as deliverables
from deliverables import board_public
from deliverables import public as sealed
from engagements import api as engagements
from practice import api, api_files, channels_api, file_pages, health, own_pages, public
from practice.desk import desk
from practice.feeds import answering
from practice.hooks import api as hooks
from practice.portal import portal

router = SimpleRouter(use_regex_path=True)
for name, resource in {
    "practices": api.Practices,
    "members": api.Members,
    "clients": api.Clients,
    "assignments": api.Assignments,
    "contacts": api.Contacts,
    "competitors": api.CompetitorPairs,
    "seats": api.Seats,
    "invitations": api.Invitations,
    "keys": api.Keys,
    "events": api.Events,
    "agenda": api.Agenda,
    "notices": api.Notices,
    "reminder-times": api.ReminderTimesOfKinds,
    "files": api_files.Files,
    **channels_api.RESOURCES,
    **hooks.RESOURCES,
    **assessments.RESOURCES,
    **engagements.RESOURCES,
    **deliverables.RESOURCES,
}.items():
    router.register(name, resource, basename=name)

own_pages.join()

# Their answer to OPTIONS is a fault of the page's template.
looked_at = {"http_method_names": ["get", "head"]}
urlpatterns = [
    path("", public.front, name="front"),
    path("switch/", public.switch, name="switch"),
    path("join/<str:token>/", public.join, name="join"),
    path("calendar/<str:token>.ics", answering.calendar, name="calendar"),
    path("logo/", public.logo, name="logo"),
    path("files/<str:token>/", file_pages.follow, name="file-link"),
    path("no-digest/<str:token>/", public.no_digest, name="no-digest"),
    path("heads/<uuid:practice>/", sealed.heads, name="heads"),
    path("", include("assessments.urls")),
    path("packs/", include("deliverables.urls")),
    path("contributions/<str:token>/", board_public.contribute, name="contribution"),
    path("accounts/", include("allauth.urls")),
    path("desk/", desk.urls),
    path("portal/", portal.urls),
    path("api/v1/panel/evaluate/", assessments.PanelEvaluation.as_view(), name="panel-evaluate"),
    path("api/v1/", include(assessments.lens_router.urls)),
    path("api/v1/", include(engagements.spectrum_router.urls)),
    path("api/v1/", include(deliverables.catalogue_router.urls)),
    path("api/v1/me/", api.Me.as_view(), name="me"),
    path("api/v1/me/preferences/", api.MyPreferences.as_view(), name="me-preferences"),
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(**looked_at), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerView.as_view(url_name="schema", **looked_at),
        name="api-docs",
    ),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
handler400, handler403 = public.bad_request, public.forbidden
handler404, handler500 = public.not_found, public.broken
