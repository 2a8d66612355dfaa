"""docker-compose.yml and Dockerfile read as an engine would read them, each service as a plain process."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.ops.serving import REPO

VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def interpolate(value: Any, variables: dict[str, str]) -> Any:
    """${NAME}, ${NAME:-default}, ${NAME:?reason} and $$, as the compose specification has them."""
    if isinstance(value, dict):
        return {key: interpolate(held, variables) for key, held in value.items()}
    if isinstance(value, list):
        return [interpolate(held, variables) for held in value]
    if not isinstance(value, str):
        return value

    def filled(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if found := variables.get(match["name"]):
            return found
        if match["kind"] == "?":
            raise KeyError(f"{match['name']}: {match['rest']}")
        return match["rest"] or ""

    return VARIABLE.sub(filled, value)


def compose(variables: dict[str, str]) -> dict[str, Any]:
    text = (REPO / "docker-compose.yml").read_text()
    read: dict[str, Any] = interpolate(yaml.safe_load(text), variables)
    return read


def dockerfile() -> str:
    """With continued lines joined."""
    return (REPO / "Dockerfile").read_text().replace("\\\n", " ")


def image_command() -> list[str]:
    found = re.findall(r"^CMD (\[.*\])$", dockerfile(), re.MULTILINE)
    command: list[str] = json.loads(found[-1])
    return command


def image_health() -> list[str]:
    found = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", dockerfile(), re.MULTILINE)
    command: list[str] = json.loads(found[-1])
    return command


def image_static() -> tuple[list[str], dict[str, str]]:
    """The command that gathers static files while the image is built, and its stand-in environment."""
    found = re.findall(r"^RUN (SECRET_KEY=.*?) *&&", dockerfile(), re.MULTILINE)
    words = shlex.split(found[-1])
    stand_ins = [word for word in words if re.match(r"[A-Z_]+=", word)]
    return words[len(stand_ins) :], dict(word.split("=", 1) for word in stand_ins)


@dataclass
class Plain:
    """A service's command with the addresses of this machine in place of the containers'."""

    name: str
    command: list[str]
    health: list[str]
    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self, log: Path) -> "Plain":
        with log.open("w") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=REPO,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return self

    def complaint(self) -> str | None:
        """Why it is not healthy, in the words of its own check."""
        assert self.process is not None
        assert self.process.poll() is None, f"{self.name} ended by itself"
        asked = subprocess.run(
            self.health, env=self.environ, cwd=REPO, capture_output=True, text=True
        )
        return None if asked.returncode == 0 else asked.stdout + asked.stderr

    def wait_until_healthy(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while (complaint := self.complaint()) is not None:
            assert time.monotonic() < deadline, f"{self.name} did not get healthy: {complaint}"
            time.sleep(0.2)

    def stop(self, seconds: float) -> None:
        """As `docker stop` does: SIGTERM, and it must not come to SIGKILL."""
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def plain(name: str, service: dict[str, Any], here: dict[str, str], **extra: str) -> Plain:
    """`here` says what stands on this machine for each address and folder of the containers."""

    def translated(value: str) -> str:
        for there, local in here.items():
            value = value.replace(there, local)
        return value

    health = service.get("healthcheck", {}).get("test")
    if health is None:
        health = image_health()
    elif health[0] == "CMD-SHELL":
        health = ["sh", "-c", health[1]]
    environ = {key: translated(str(value)) for key, value in service["environment"].items()}
    # The image has the packages' commands on PATH, and Docker sets HOSTNAME.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = service.get("command") or image_command()
    return Plain(
        name,
        [translated(word) for word in command],
        [translated(word) for word in health],
        {"PATH": path, "HOSTNAME": os.uname().nodename} | environ | extra,
    )
