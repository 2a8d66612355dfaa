"""The lock files: complete, hashed, and one version of each package in all of them."""

import re

from tests.ops.serving import REPO

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-ops.txt")


def pins(lock: str) -> dict[str, str]:
    text = (REPO / lock).read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s\\;]+)", text, re.MULTILINE))


def test_the_other_locks_hold_the_runtime_in_the_same_versions() -> None:
    runtime = pins("requirements.txt")
    for lock in LOCKS[1:]:
        held = pins(lock)
        assert {name: held.get(name) for name in runtime} == runtime


def test_every_pin_carries_a_hash() -> None:
    for lock in LOCKS:
        text = (REPO / lock).read_text()
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
        bare = [b.split()[0] for b in blocks if "==" in b and "--hash=sha256:" not in b]
        assert bare == []


def test_no_lock_names_an_index() -> None:
    for lock in LOCKS:
        assert (
            re.findall(r"--(?:extra-)?index-url|--find-links|https?://", (REPO / lock).read_text())
            == []
        )
