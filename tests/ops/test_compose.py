"""docker-compose.yml without an engine: its schema, its promises, and every command as a plain process."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import proofs
from tests.ops import composed
from tests.ops.needs import needed
from tests.ops.serving import REPO, answer, free_port, temporary_folder

pytestmark = [pytest.mark.once, pytest.mark.long]
GIVEN = {
    "SECRET_KEY": "tests-only-3vT9qLx0mWcR7yKdPz5bNfJh2sGa8uEo",
    "ALLOWED_HOSTS": "remit.example,www.remit.example",
    "REMIT_URL": "https://remit.example",
    "EMAIL_URL": "smtp://mail.example:25",
    "DATABASE_PASSWORD": "it's'secret",
}
OURS = ("migrate", "web", "worker", "beat")


def test_the_file_holds_to_the_compose_specification() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(
        [tool, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_it_has_the_services_that_the_readme_names() -> None:
    assert set(composed.compose(GIVEN)["services"]) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_it_refuses_to_start_without_each_secret_and_address(missing: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        composed.compose(given)


def test_nothing_runs_as_root_and_only_the_web_is_published_on_loopback() -> None:
    services = composed.compose(GIVEN)["services"]
    assert {name: service["user"] for name, service in services.items()} == {
        **dict.fromkeys(OURS, "10001"),
        "postgres": "postgres",
        "redis": "redis",
    }
    published = {name: s["ports"] for name, s in services.items() if "ports" in s}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_web_worker_and_beat_wait_for_the_migration_and_healthy_servers() -> None:
    services = composed.compose(GIVEN)["services"]
    for name in OURS[1:]:
        assert services[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }


def test_web_and_worker_keep_files_in_one_volume_that_nobody_else_has() -> None:
    read = composed.compose(GIVEN)
    kept = {name: s["volumes"] for name, s in read["services"].items() if "volumes" in s}
    assert kept == {
        "web": ["files:/var/lib/remit/files"],
        "worker": ["files:/var/lib/remit/files"],
        "postgres": ["postgres:/var/lib/postgresql/data"],
    }
    assert read["services"]["web"]["environment"]["FILES_FOLDER"] == "/var/lib/remit/files"
    # The user they run as owns it from the start.
    assert "install --directory --owner 10001 --mode 0700 /var/lib/remit/files" in (
        composed.dockerfile()
    )


def test_the_image_keeps_secrets_history_and_tests_out() -> None:
    ignored = (REPO / ".dockerignore").read_text().splitlines()
    assert {".*", "var/", "tests/"} <= set(ignored)


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as path:
        yield path


@pytest.fixture
def database() -> Iterator[proofs.Server]:
    with needed(), proofs.private_postgresql() as server:
        yield server


@pytest.fixture
def broker() -> Iterator[proofs.Server]:
    with needed(), proofs.private_redis() as server:
        yield server


def make_role(read: dict[str, Any], database: proofs.Server) -> None:
    """Runs the script that the postgres image runs when its volume is empty."""
    script = read["configs"]["role"]["content"]
    with psycopg.connect(database.url) as connection:
        port = str(connection.info.port)
    environ = {"PATH": os.environ["PATH"], "PGHOST": "127.0.0.1", "PGPORT": port}
    environ["REMIT_PASSWORD"] = read["services"]["postgres"]["environment"]["REMIT_PASSWORD"]
    subprocess.run(["sh", "-ec", script], env=environ, check=True, capture_output=True)


def test_the_database_role_is_no_superuser_and_owns_its_database(database: proofs.Server) -> None:
    make_role(composed.compose(GIVEN), database)
    with psycopg.connect(database.url) as connection:
        row = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolname = pg_get_userbyid(datdba) "
            "from pg_roles, pg_database where rolname = 'remit' and datname = 'remit'"
        ).fetchone()
    assert row == (False, False, False, True)


def test_the_redis_command_starts_and_its_health_check_holds(folder: Path) -> None:
    service = composed.compose(GIVEN)["services"]["redis"] | {"environment": {}}
    port = str(free_port())
    with needed():
        proofs.binary("redis-server")
    redis = composed.plain("redis", service, {"redis-cli": f"redis-cli -p {port}"})
    redis.command += ["--port", port, "--bind", "127.0.0.1", "--dir", str(folder)]
    redis.start(folder / "redis.log").wait_until_healthy()
    redis.stop(seconds=10)


def wait_for_a_tick(port: int, seconds: float = 20) -> None:
    """Beat sent it through Redis, the worker wrote it to PostgreSQL, the web read it there."""
    deadline = time.monotonic() + seconds
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz", headers={"Host": "remit.example"})
        told = json.load(connection.getresponse())
        connection.close()
        if told["tick"] == "ok":
            assert told["status"] == "ready"
            return
        assert time.monotonic() < deadline, told
        time.sleep(0.2)


def test_every_service_of_ours_starts_gets_healthy_and_stops(
    folder: Path, database: proofs.Server, broker: proofs.Server
) -> None:
    read = composed.compose(GIVEN | {"DATABASE_PASSWORD": "secret"})
    make_role(read, database)
    port = str(free_port())
    here = {
        "postgres:5432": database.url.partition("@")[2].partition("/")[0],
        "redis:6379": broker.url.removeprefix("redis://").partition("/")[0],
        "0.0.0.0:8000": f"127.0.0.1:{port}",
        "/tmp": str(folder),
        "/var/lib/remit/files": str(folder / "files"),
    }
    extra = {"STATIC_ROOT": str(folder / "static"), "REMIT_VAR": str(folder / "var")}
    extra["TICK_SECONDS"] = "1"
    services = {name: composed.plain(name, read["services"][name], here, **extra) for name in OURS}
    services["web"].health.append(port)

    command, stand_ins = composed.image_static()
    # Compressing the API reference's megabytes takes half a minute and shows nothing more.
    command += ["--ignore", "drf_spectacular_sidecar"]
    built = services["web"].environ | stand_ins
    subprocess.run(command, cwd=REPO, env=built, check=True, capture_output=True)
    subprocess.run(
        services["migrate"].command, cwd=REPO, env=services["migrate"].environ, check=True
    )
    running = [services[name] for name in OURS[1:]]
    try:
        for service in running:
            service.start(folder / f"{service.name}.log")
        for service in running:
            service.wait_until_healthy()
        wait_for_a_tick(int(port))
        assert answer(int(port), "/desk/", host="remit.example") == 301, "http is sent to https"
    except BaseException:
        for service in running:
            print(service.name, (folder / f"{service.name}.log").read_text()[-3000:])
        raise
    finally:
        for service in running:
            if service.process:
                service.stop(seconds=20)
