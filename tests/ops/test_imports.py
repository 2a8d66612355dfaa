"""A new app must come under the import contract, and a new file under the house's size."""

import tomllib

from tests.ops.serving import REPO

LAYERS = ("practice", "assessments", "engagements", "deliverables")
LONGEST_FILE = 400


def test_every_app_is_under_the_import_contract() -> None:
    linter = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["importlinter"]
    apps = [app for app in LAYERS if (REPO / app / "__init__.py").exists()]
    assert sorted(linter["root_packages"]) == sorted(apps), (
        "add the app to root_packages under [tool.importlinter] in pyproject.toml"
    )


def test_the_contract_names_every_layer_from_the_top() -> None:
    linter = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [layer.strip("()") for layer in linter["contracts"][0]["layers"]]
    assert tuple(layers) == LAYERS[::-1]


def test_no_file_is_longer_than_the_house_allows() -> None:
    folders = (*LAYERS, "bin", "benchmarks", "tests")
    files = [path for folder in folders for path in (REPO / folder).rglob("*.py")]
    lengths = {
        str(path.relative_to(REPO)): len(path.read_text().splitlines())
        for path in files
        if "migrations" not in path.parts
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
