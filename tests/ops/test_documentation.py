"""What the Markdown files say of the code: settings, commands, codes, roles and links, compared with the code."""

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import dj_email_url
import pytest
from django.core.management import get_commands

from practice import access
from practice.refusals import Refusal
from practice.rest import problems
from practice.urls import router
from tests.ops.serving import REPO

PAGES = sorted([*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")])
APPS = ("practice", "assessments", "engagements", "deliverables")
# What only docker-compose.yml reads.
COMPOSE_ONLY = {"DATABASE_PASSWORD", "REMIT_PORT"}
# Answers that no Refusal stands for: the database is away, and our own faults.
OTHERS = {"busy": 503, "internal": 500}


def text(page: str) -> str:
    return (REPO / page).read_text()


def rows(page: str, columns: int) -> Iterator[list[str]]:
    """Lines of the page's tables that have so many columns, without their backticks."""
    for line in text(page).splitlines():
        cells = [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == columns:
            yield cells


def settings_read() -> set[str]:
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text("practice/settings.py")))


def named(page: Path) -> str:
    return str(page.relative_to(REPO))


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    example = set(re.findall(r"^# ([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert example - COMPOSE_ONLY == settings_read()
    assert example >= COMPOSE_ONLY


def test_nothing_in_the_example_environment_is_in_force_before_it_is_chosen() -> None:
    lines = text(".env.example").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_readme_explains_every_setting_once() -> None:
    explained = [
        name for name, _, _ in rows("README.md", 3) if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", name)
    ]
    assert sorted(explained) == sorted(settings_read())


@pytest.mark.parametrize("page", ["README.md", ".env.example"])
def test_the_mail_addresses_shown_as_examples_are_understood(page: str) -> None:
    schemes = set(re.findall(r"\b([a-z+]+)://[^\s`]*:(?:25|465|587)\b", text(page)))
    assert schemes
    assert schemes - set(dj_email_url.SCHEMES) == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    files = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link)]
    assert [file for file in files if file and not (page.parent / unquote(file)).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_a_page_has_its_heading(page: Path) -> None:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    wanted = set(re.findall(r"\]\(#([^)\s]+)\)", page.read_text()))
    assert wanted - anchors == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_named_exists(page: Path) -> None:
    scripts = set(re.findall(r"(?<!venv/)\bbin/[a-z]+\b(?![./_])", page.read_text()))
    assert {name for name in scripts if not os.access(REPO / name, os.X_OK)} == set()
    commands = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))
    assert commands - set(get_commands()) == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_of_ours_named_exists(page: Path) -> None:
    places = r"(?:practice|tests|benchmarks|docs|bin)/[\w/.-]*\w/?"
    found = set(re.findall(rf"`({places})`", page.read_text()))
    assert {name for name in found if not (REPO / name).exists()} == set()


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield kind
    for sub in kind.__subclasses__():
        # Not those that another test has planted.
        if sub.__module__.partition(".")[0] in APPS:
            yield from refusals(sub)


def test_the_api_page_names_every_code_with_its_status() -> None:
    for app in APPS:
        for module in pkgutil.walk_packages([str(REPO / app)], f"{app}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    known = {kind.code: kind.status for kind in refusals()}
    known |= {code: kind.status_code for kind, code in problems.CODES.items()}
    told = {
        cells[0]: int(cells[1])
        for cells in rows("docs/api.md", 3)
        if re.fullmatch("4..|5..", cells[1])
    }
    assert told == known | OTHERS


def listed(names: str) -> list[str]:
    return sorted(filter(None, names.split(", ")))


def test_the_api_page_lists_every_resource_with_its_parameters() -> None:
    told = {
        address.strip("/"): tuple(listed(cell) for cell in cells)
        for address, _, *cells in rows("docs/api.md", 5)
    }
    del told["me"]
    known = {}
    for name, resource, _ in router.registry:
        # What is computed is told of in words.
        if not hasattr(resource, "shape"):
            assert f"`/{name}/" in text("docs/api.md")
            continue
        orders = {column.removeprefix("-") for column in resource.ordering}
        parts = (resource().narrowed_by, orders, resource.shape.expands)
        known[name] = tuple(sorted(part) for part in parts)
    assert told == known


def test_the_access_page_repeats_the_table() -> None:
    told = {
        (resource, action): frozenset(roles.split(", "))
        for resource, action, roles in rows("docs/access.md", 3)
        if resource in access.TABLE
    }
    assert told == {
        (resource, action): roles
        for resource, actions in access.TABLE.items()
        for action, roles in actions.items()
    }


def test_the_index_lists_every_decision() -> None:
    listed = re.findall(r"\(decisions/(\S+)\)", text("docs/README.md"))
    assert listed == sorted(path.name for path in (REPO / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", sorted((REPO / "docs" / "decisions").glob("*.md")), ids=named)
def test_every_decision_has_its_number_and_three_parts(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith(f"# {page.name[:4]} ")
    parts = [line for line in lines if line.startswith("## ")]
    assert parts == ["## Context", "## Decision", "## Consequences"]


def test_the_licence_is_the_one_the_project_names() -> None:
    assert 'license = "Apache-2.0"' in text("pyproject.toml")
    heading = [line.strip() for line in text("LICENSE").splitlines()[:2]]
    assert heading == ["Apache License", "Version 2.0, January 2004"]
