"""Alive, ready, measured, and what the log says of a request."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app
from django.utils import timezone

from practice import clockwork
from practice.models import Notice, Pulse
from tests.ops.serving import REPO

TOKEN = "a-token-of-thirty-two-characters"


def ready(client) -> tuple[int, dict[str, object]]:
    answer = client.get("/readyz")
    body = answer.json()
    body.pop("tick_age_seconds")
    body.pop("notice_wait_seconds")
    return answer.status_code, body


@pytest.fixture
def ticked(db) -> Pulse:
    return Pulse.objects.create(name="tick", at=timezone.now())


@pytest.fixture
def broker_away():
    """The worker's own connection is made anew for each call, so its address can change between two."""
    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    yield
    current_app.conf.broker_url = before
    current_app.conf.broker_write_url = before


def test_healthz_answers_without_asking_the_database(client):
    # No database fixture: pytest-django would refuse a query.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_database_broker_and_clock_answer(client, ticked):
    assert ready(client) == (
        200,
        {"status": "ready", "database": "ok", "broker": "ok", "tick": "ok", "worker": "ok"},
    )


@pytest.mark.parametrize("channel", ["mail", "effect", "digest"])
def test_a_worker_that_leaves_what_is_due_is_late_but_not_unready(client, cast, ticked, channel):
    moment = timezone.now() - datetime.timedelta(seconds=400)
    told = {"practice": cast.practice, "kind": "x", "subject_id": cast.practice.pk}
    told |= {"occurrence": "x", "channel": channel, "due_at": moment, "created_at": moment}
    Notice.objects.create(**told, recipient="x")
    # A receiver that does not answer is no fault of the worker's.
    Notice.objects.create(**told | {"channel": "hook"}, recipient="y")
    body = client.get("/readyz").json()
    assert (body["status"], body["worker"]) == ("ready", "late")
    assert 400 <= body["notice_wait_seconds"] < 500
    Notice.objects.filter(recipient="x").update(status="done")
    body = client.get("/readyz").json()
    assert (body["worker"], body["notice_wait_seconds"]) == ("ok", 0.0)


def test_a_clock_that_never_ticked_is_late_but_not_unready(client, db):
    status, body = ready(client)
    assert (status, body["tick"]) == (200, "late")
    assert client.get("/readyz").json()["tick_age_seconds"] is None


def test_the_tick_is_late_after_three_missed_ones(client, ticked, settings):
    settings.TICK_SECONDS = 60.0
    for seconds, told in ((175, "ok"), (185, "late")):
        Pulse.objects.update(at=timezone.now() - datetime.timedelta(seconds=seconds))
        assert ready(client)[1]["tick"] == told


def test_a_tick_makes_it_ready_again(client, db):
    clockwork.tick(at=timezone.now())
    assert ready(client)[1]["tick"] == "ok"


def test_without_a_broker_it_is_not_ready_and_says_which_part(client, ticked, broker_away):
    assert ready(client) == (
        503,
        {
            "status": "not ready",
            "database": "ok",
            "broker": "unreachable",
            "tick": "ok",
            "worker": "ok",
        },
    )


def test_without_a_database_it_is_not_ready_and_still_answers():
    """In a process of its own, whose database is a folder."""
    environ = {**os.environ, "DATABASE_URL": "sqlite:////", "REDIS_URL": "", "REMIT_MODE": "test"}
    code = (
        "from django.test import Client; a = Client().get('/readyz');"
        "print(a.status_code, a.json()['database'], a.json()['tick'], Client().get('/healthz').status_code)"
    )
    assert shell(code, environ).stdout == "503 unreachable late 200\n"


def test_an_empty_database_is_not_ready(tmp_path):
    """As between the start of a new release and the end of its migrations."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    environ = {**os.environ, "DATABASE_URL": url, "REDIS_URL": "", "REMIT_MODE": "test"}
    code = "from django.test import Client; a = Client().get('/readyz'); print(a.status_code)"
    assert shell(code, environ).stdout == "503\n"


def test_metrics_do_not_exist_without_a_token_in_the_settings(client, db, settings):
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_metrics_are_for_the_bearer_of_the_token_alone(client, db, settings):
    settings.METRICS_TOKEN = TOKEN
    for given in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ü"):
        answer = client.get("/metrics", headers={"Authorization": given})
        assert answer.status_code == 404, given
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


def test_metrics_tell_the_clocks_age_and_how_many_notices_wait_or_are_dead(
    client, cast, ticked, settings
):
    settings.METRICS_TOKEN = TOKEN
    Notice.objects.create(
        practice=cast.practice,
        channel="mail",
        kind="x",
        subject_id=cast.practice.pk,
        occurrence="x",
        recipient="x",
        status="dead",
        due_at=timezone.now(),
        created_at=timezone.now(),
    )
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("remit_"))
    assert lines['remit_notices{status="dead"}'] == "1.0"
    assert lines['remit_notices{status="waiting"}'] == "0.0"
    assert 0 <= float(lines["remit_tick_age_seconds"]) < 60


def test_a_log_line_has_request_and_practice_id_and_neither_path_nor_query_nor_body(tmp_path):
    """Through the real handler, in a process of its own, as production writes it."""
    code = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests import cast, callers
here = cast.build()
caller = callers.Caller(here.olu)
caller.get(f"clients/{here.orchard.pk}/?expand=responsible", X_Request_ID="request-0001")
caller.get("clients/?q=canary-query", X_Request_ID="request-0002")
caller.post("clients/", {"name": "canary-body"}, X_Request_ID="request-0003")
caller.post("clients/", {"name": "canary-body", "wrong": "canary-value"}, X_Request_ID="request-0004")
callers.Caller().get("/join/canary-token/", X_Request_ID="request-0005")
callers.Caller("rmt_canary_key").get("clients/", X_Request_ID="request-0006")
print(here.practice.pk)
"""
    log, said = run_logged(tmp_path, code)
    requests = {line["request_id"]: line for line in log if line.get("event") == "request"}
    practice = said[-1]
    assert {id: (r["status"], r.get("practice_id")) for id, r in requests.items()} == {
        "request-0001": (200, practice),
        "request-0002": (200, practice),
        "request-0003": (201, practice),
        "request-0004": (400, practice),
        "request-0005": (404, None),
        "request-0006": (401, None),
    }
    assert set(requests["request-0002"]) == {
        *("event", "level", "logger", "timestamp", "request_id", "practice_id"),
        *("method", "route", "status", "ms"),
    }
    assert requests["request-0005"]["route"] == "join/<str:token>/"


def run_logged(var: Path, code: str) -> tuple[list[dict[str, object]], list[str]]:
    """Every line that the process logged, as data, after a look for anything that should not be there."""
    environ = {
        **os.environ,
        "REMIT_MODE": "test",
        "REMIT_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'log.sqlite3'}",
        "REDIS_URL": "",
        "LOG_FORMAT": "json",
    }
    done = shell(code, environ)
    assert "canary" not in done.stderr
    assert "Orchard" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()], done.stdout.splitlines()


def shell(code: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done
