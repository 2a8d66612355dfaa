"""What every caller of the API may rely on: repeats, versions, errors, limits."""

import datetime
import re
import time

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from practice.models import ApiKey, Client, Event, Replay
from tests import make
from tests.callers import Caller
from tests.doors import faulty, walk
from tests.doors.moves import MOVES
from tests.doors.moving import target
from tests.doors.routes import operations

PROBLEM = "application/problem+json"
INSIDE = re.compile(
    r"SELECT|INSERT|UPDATE |DELETE FROM|Traceback|\.py\b|/work/|site-packages|sqlite|psycopg"
    r"|OperationalError|IntegrityError|RuntimeError|DoesNotExist|practice_|object at 0x",
    re.IGNORECASE,
)
CONTRACT = configured.BASE / "docs" / "openapi.yaml"


@pytest.fixture
def writer(cast) -> Caller:
    return Caller(make.key(cast.practice, "Writer", ("read", "write", "commercial")))


@pytest.fixture
def gone_wrong(settings):
    settings.ROOT_URLCONF = "tests.doors.faulty"
    faulty.crashes["left"] = 0


def new_client(cast, **more):
    return {"name": "Kiln", "responsible": str(cast.olu.pk), **more}


# Repeats.


def test_a_repeat_answers_as_the_first_time_with_its_headers(cast, writer):
    first = writer.post("clients/", new_client(cast), Idempotency_Key="once")
    again = writer.post("clients/", new_client(cast), Idempotency_Key="once")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert again.headers["Content-Type"] == first.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "name"), [("clients/", "Oven"), ("clients/?", "Kiln"), ("contacts/", "Kiln")]
)
def test_a_key_that_came_with_another_request_is_refused(cast, writer, path, name):
    writer.post("clients/", new_client(cast), Idempotency_Key="once")
    if path != "clients/?":
        answer = writer.post(path, new_client(cast, name=name), Idempotency_Key="once")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Client.objects.filter(practice=cast.practice, name="Kiln").count() == 1
    assert not Client.objects.filter(name="Oven").exists()


def test_the_same_key_of_another_tenant_or_credential_is_another_key(cast):
    zoes = Caller(make.key(cast.other_practice, "Zoe's", ("read", "write")))
    ours = [Caller(make.key(cast.practice, name, ("read", "write"))) for name in ("A", "B")]
    answers = [c.post("clients/", new_client(cast), Idempotency_Key="once") for c in ours]
    body = new_client(cast, responsible=str(cast.zoe.pk))
    answers.append(zoes.post("clients/", body, Idempotency_Key="once"))
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 3


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ä", "a b"])
def test_a_key_out_of_form_is_refused(cast, writer, key):
    before = walk.digest()
    answer = writer.post("clients/", new_client(cast), Idempotency_Key=key)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]
    assert walk.digest() == before


def test_a_refusal_frees_the_key(cast, writer):
    refused = writer.post("clients/", {"name": ""}, Idempotency_Key="once")
    made = writer.post("clients/", new_client(cast), Idempotency_Key="once")
    assert (refused.status_code, made.status_code) == (400, 201)


def test_a_repeated_key_making_shows_no_secret_and_the_database_holds_none(seeded):
    caller = seeded.callers()["olu"]
    body = {"name": "Robot", "scopes": ["read"]}
    first = caller.post("keys/", body, Idempotency_Key="once").json()
    again = caller.post("keys/", body, Idempotency_Key="once").json()
    assert again == first | {"secret": None}
    secret = first["secret"].split("_", 2)[2]
    assert Caller(first["secret"]).get("me/").status_code == 200
    stored = [
        repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
        for model in (ApiKey, Replay, Event)
        for row in model.objects.values_list()
    ]
    assert [row for row in stored if secret in row] == []


# Versions.

CHANGES = [o for o in operations() if o.method in {"PATCH", "DELETE"}]


@pytest.mark.parametrize("operation", CHANGES, ids=lambda o: o.name)
def test_a_stale_version_is_refused_and_the_present_one_accepted(seeded, operation):
    caller = seeded.callers()["olu"]
    path = operation.path(target(MOVES, seeded, operation, "orchard"))
    body = None if operation.method == "DELETE" else MOVES[operation.name].body(seeded, "orchard")
    tag, before = caller.get(path).headers["ETag"], walk.digest()
    for stale in ('"99"', 'W/"98"', "nonsense", "", '"' + "9" * 40 + '"', '"१"'):
        answer = caller.call(operation.method, path, body, If_Match=stale)
        assert (answer.status_code, answer.json()["code"]) == (412, "stale"), stale
    assert walk.digest() == before
    answer = caller.call(operation.method, path, body, If_Match=tag)
    assert answer.status_code in {200, 204}
    if operation.method == "PATCH":
        assert answer.headers["ETag"] == f'"{int(tag.strip(chr(34))) + 1}"'


# Errors.


def errors(cast, writer):
    """(status, code, call) for every way to fail."""
    orchard, nobody = f"clients/{cast.orchard.pk}/", Caller()
    large = b'{"name":"' + b"x" * configured.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    form = {"data": b"name=Kiln", "content_type": "application/x-www-form-urlencoded"}
    key = {"Authorization": f"Bearer {cast.bot}"}
    stale = {"If_Match": '"99"'}
    pair = {"one": str(cast.orchard.pk), "other": str(cast.orchard.pk)}
    writer.post("clients/", new_client(cast), Idempotency_Key="used")
    return [
        (400, "malformed", lambda: writer.post("clients/", b"{")),
        (400, "invalid", lambda: writer.post("clients/", {"name": 1, "status": "gone"})),
        (400, "invalid", lambda: writer.get("clients/?nothing=1")),
        (401, "not_authenticated", lambda: nobody.get("clients/")),
        (401, "not_authenticated", lambda: Caller("rmt_aaaaaaaaaa_x").get("clients/")),
        (401, "not_authenticated", lambda: nobody.get("clients/", Authorization="Basic eDp5")),
        (403, "not_allowed", lambda: Caller(cast.bot).patch(orchard, {"name": "Kiln"})),
        (404, "not_found", lambda: writer.get("nothing/")),
        (404, "not_found", lambda: writer.get("/api/nothing")),
        (404, "not_found", lambda: writer.get(f"clients/{cast.zoes_client.pk}/")),
        (404, "not_found", lambda: writer.get("clients/not-an-id/")),
        (405, "method_not_allowed", lambda: writer.call("PUT", orchard, {})),
        (405, "method_not_allowed", lambda: writer.call("TRACE", orchard)),
        (406, "not_acceptable", lambda: writer.get(orchard, Accept="text/html")),
        (406, "not_acceptable", lambda: nobody.get("/api/schema/", Accept="text/html")),
        (409, "status_move_refused", lambda: backwards(writer, orchard)),
        (409, "same_client", lambda: Caller(cast.olu).post("competitors/", pair)),
        (412, "stale", lambda: writer.patch(orchard, {"name": "Kiln"}, **stale)),
        (413, "too_large", lambda: writer.post("clients/", large)),
        (
            415,
            "unsupported_media_type",
            lambda: nobody.browser.post("/api/v1/clients/", headers=key, **form),
        ),
        (
            422,
            "idempotency_key_reused",
            lambda: writer.post("clients/", {}, Idempotency_Key="used"),
        ),
        (
            428,
            "match_needed",
            lambda: writer.patch(f"careful/{cast.orchard.pk}/", {"name": "Kiln"}),
        ),
        (500, "internal", lambda: crashing(cast, writer)),
        (503, "busy", lambda: writer.patch(f"away/{cast.orchard.pk}/", {"name": "Kiln"})),
    ]


def backwards(writer, path):
    writer.patch(path, {"status": "active"})
    return writer.patch(path, {"status": "prospect"})


def crashing(cast, writer):
    faulty.crashes["left"] = 1
    return writer.post("careful/", new_client(cast))


def assert_problem(answer, status, code):
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    told = answer.json()
    assert (told["status"], told["code"], told["type"]) == (
        status,
        code,
        f"urn:remit:problem:{code}",
    )
    assert all(isinstance(told[name], str) and told[name] for name in ("title", "detail"))
    assert not INSIDE.search(answer.content.decode()), answer.content
    assert answer.headers["X-Request-ID"]


def test_every_error_is_a_problem_with_a_code_and_nothing_of_the_inside(cast, writer, gone_wrong):
    told = errors(cast, writer)
    for status, code, call in told:
        assert_problem(call(), status, code)
    assert {status for status, _, _ in told} | {429} == {
        400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503,
    }  # fmt: skip


def test_a_missing_and_another_s_row_answer_the_same_to_the_byte(cast, writer):
    missing = writer.get("clients/0199aaaa-0000-7000-8000-00000000dead/", X_Request_ID="the-same")
    anothers = writer.get(f"clients/{cast.zoes_client.pk}/", X_Request_ID="the-same")
    assert missing.content == anothers.content
    assert dict(missing.headers) == dict(anothers.headers)


def test_a_busy_answer_says_when_to_come_back(cast, writer, gone_wrong):
    answer = writer.patch(f"away/{cast.orchard.pk}/", {"name": "Kiln"})
    assert int(answer.headers["Retry-After"]) > 0


def test_who_is_not_signed_in_is_told_how(cast):
    assert Caller().get("clients/").headers["WWW-Authenticate"].startswith("Bearer")


# Limits.


def wait_for_a_fresh_minute() -> None:
    """The count starts anew each minute; a crowd that straddles two would be let in twice."""
    left = 60 - time.time() % 60
    if left < 15:
        time.sleep(left + 0.1)


def test_one_credential_s_calls_do_not_use_up_another_s(cast, settings):
    settings.API_RATE_PER_MINUTE = 2
    wait_for_a_fresh_minute()
    assert [Caller(cast.bot).get("me/").status_code for _ in range(3)] == [200, 200, 429]
    assert Caller(cast.olu).get("me/").status_code == 200


# The document.


def test_the_committed_contract_is_what_the_code_answers(tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert CONTRACT.read_text() == made.read_text(), (
        "run: .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"
    )


def test_a_key_ends_when_it_is_revoked_or_expired(seeded):
    olu, bot = seeded.callers()["olu"], Caller(seeded.keys["bot"])
    key = ApiKey.objects.get(prefix=seeded.keys["bot"].split("_")[1])
    assert bot.get("me/").status_code == 200
    assert olu.post(f"keys/{key.pk}/revoke/").status_code == 200
    assert bot.get("me/").status_code == 401
    ApiKey.objects.filter(pk=key.pk).update(
        revoked_at=None, expires_at=make.NOW - datetime.timedelta(days=1)
    )
    assert bot.get("me/").status_code == 401
