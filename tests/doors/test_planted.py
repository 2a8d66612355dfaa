"""The door test bites: each of these leaks, planted alone in a throw-away app, is found; the honest twin is clean."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection
from django.test.utils import override_settings
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from practice import urls as real
from tests.doors import admin_probes, api_probes
from tests.doors import world as worlds
from tests.doors.asking import Asker
from tests.doors.lasting import Lasting
from tests.doors.moving import Move
from tests.doors.planted import admin_leaks, api_leaks
from tests.doors.planted.models import Note, Topic

# Where each leak shows, and as what: found for the right reason, not for any.
FOUND = {
    "browsable form select": ("GET notes/", "shows topic.title of harbour"),
    "foreign key to a foreign client": ("POST notes/ client", "accepts a row of harbour"),
    "foreign key to a foreign practice": ("POST notes/ topic", "accepts a row of harbour"),
    "nested read of it": ("GET notes/", "shows topic.title of harbour"),
    "chained filter lookup": (
        "GET notes/?client__po_number__startswith",
        "undeclared filter tells",
    ),
    "filter answering 200 or 400 by existence": ("GET notes/?topic", "filter tells another's"),
    "unique-constraint message": ("POST notes/ slug", "tells that a value is taken"),
    "HTML filter choices": ("GET notes/", "shows topic.title of harbour"),
    "admin list_filter on a foreign key": ("planted note list", "shows topic.title of harbour"),
    "admin list_filter through a relation": ("planted note list", "shows client.name of harbour"),
    "select in an add form": ("planted note add", "shows topic.title of harbour"),
    "select in a change form": ("planted note change", "shows topic.title of harbour"),
    "select in an inline": ("planted topic change", "shows client.name of harbour"),
    "adding into a foreign client": ("planted note add client", "accepts a row of quarry"),
    "raw_id label": ("planted note add?topic", "shows topic.title of harbour"),
    "export or bulk action": ("planted note action export", "shows note.title of harbour"),
}
MOVES = {
    "POST notes/": Move(
        "note",
        lambda world, place: {
            "client": world.id(place, "client"),
            "title": "Fresh",
            "slug": "fresh",
        },
        (),
    )
}


@pytest.fixture(scope="module")
def _planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The app is installed and its tables made before any test's transaction, and gone after this file."""
    installed = [*configured.INSTALLED_APPS, "tests.doors.planted.apps.PlantedConfig"]
    with django_db_blocker.unblock(), override_settings(INSTALLED_APPS=installed):
        with connection.schema_editor() as editor:
            for model in (Topic, Note):
                editor.create_model(model)
        assert {Topic, Note} <= set(apps.get_models())
        yield
        with connection.schema_editor() as editor:
            for model in (Note, Topic):
                editor.delete_model(model)


@pytest.fixture(scope="module")
def _built(_planted: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    lasting = Lasting(django_db_blocker)
    yield lasting.world()
    lasting.close()


@pytest.fixture
def world(_built: worlds.World, db: None, quiet: None) -> worlds.World:
    return _built


class Addresses:
    """What the resolver takes for a module of addresses."""

    def __init__(self, urlpatterns: list[Any]) -> None:
        self.urlpatterns = urlpatterns
        self.handler400, self.handler403 = real.handler400, real.handler403
        self.handler404, self.handler500 = real.handler404, real.handler500


@contextlib.contextmanager
def routed(resource: Any, site: Any) -> Iterator[Addresses]:
    """The real addresses with the planted ones before them; the round looks at the planted ones alone."""
    router = SimpleRouter(use_regex_path=True)
    router.register("notes", resource, basename="notes")
    planted = [path("planted/", site.urls), path("api/v1/", include(router.urls))]
    with override_settings(ROOT_URLCONF=Addresses([*planted, *real.urlpatterns])):
        yield Addresses(planted)


def findings(
    world: worlds.World, actors: tuple[str, ...], resource: Any, admins: dict[Any, Any]
) -> list[tuple[str, str]]:
    """What the round finds at the planted doors, with its whole matrix; a key has no business at a site."""
    site, callers, found = admin_leaks.site(admins), world.callers(), set()
    with routed(resource or api_leaks.Notes, site) as urls:
        for actor in actors:
            asker = Asker(world, actor, callers[actor])
            if resource:
                api_probes.knock(asker, MOVES, urls)
            if admins and actor != "bot":
                admin_probes.knock(asker, [site], urls)
            found |= {(finding.door, finding.what) for finding in asker.findings}
    return sorted(found)


def has(found: list[tuple[str, str]], leak: str) -> bool:
    door, what = FOUND[leak]
    return any(at == door and told.startswith(what) for at, told in found)


def test_the_leaks_are_those_of_the_list():
    assert list(FOUND) == [*api_leaks.LEAKS, *admin_leaks.LEAKS]


def test_the_honest_twins_are_clean(world):
    assert findings(world, ("olu", "ada", "zoe", "bot"), api_leaks.Notes, admin_leaks.HONEST) == []


@pytest.mark.parametrize("leak", api_leaks.LEAKS)
def test_a_leak_of_the_api_is_found(world, leak):
    if leak == "nested read of it":
        # The link is there already, from before somebody noticed.
        note = Note.objects.get(pk=world.id("orchard", "note"))
        Note.objects.filter(pk=note.pk).update(topic=world.rows["harbour", "topic"])
    found = findings(world, ("olu", "bot"), api_leaks.LEAKS[leak], {})
    assert has(found, leak), "\n".join(map(str, found))


@pytest.mark.parametrize("leak", admin_leaks.LEAKS)
def test_a_leak_of_a_site_is_found(world, leak):
    found = findings(world, ("ada",), None, admin_leaks.LEAKS[leak])
    assert has(found, leak), "\n".join(map(str, found))
