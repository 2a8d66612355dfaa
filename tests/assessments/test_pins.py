"""A lens that was published never changes; a change is a new version beside the old one."""

import hashlib
import shutil

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from assessments import evaluation, library

KEYS = ["S1", "S2-Q", "S2-SIG", "S3", "S4", "S5"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped lenses and their pins, for the library to look at instead."""
    shutil.copytree(library.FOLDER, tmp_path / "lenses")
    shutil.copy(library.FOLDER.parent / "published.toml", tmp_path)
    monkeypatch.setattr(library, "FOLDER", tmp_path / "lenses")
    return tmp_path / "lenses"


def told():
    return [str(bad) for bad in library.unsound()]


def publish(folder, key, version, file):
    pins = folder.parent / "published.toml"
    digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    entry = f'[[published]]\nkey = "{key}"\nversion = {version}\nfile = "{file}"\n'
    pins.write_text(f'{pins.read_text()}\n{entry}sha256 = "{digest}"\n')


def second_version(folder):
    text = (folder / "s2sig.toml").read_text()
    text = text.replace("version = 1", "version = 2").replace("c == 2", "c >= 2")
    (folder / "s2sig.v2.toml").write_text(text)


def test_every_shipped_lens_is_as_it_was_published():
    assert told() == []
    assert list(library.shipped()) == KEYS
    assert list(library.instruments()) == ["DUAL-HAT", "SCREEN"]


def test_one_changed_letter_of_a_published_lens_is_refused(folder):
    file = folder / "s5.toml"
    file.write_text(file.read_text().replace("Need and absorb", "Need or absorb"))
    assert told() == [
        "s5.toml: file: version 1 is published and was changed; make it version 2 in a new file"
    ]
    with pytest.raises(SystemCheckError, match=r"s5\.toml: file: version 1 is published"):
        call_command("check")


def test_a_published_lens_that_is_gone_is_refused(folder):
    (folder / "screen.toml").unlink()
    assert told() == ["published.toml: screen.toml: was published and is gone"]


def test_a_lens_without_a_pin_is_refused(folder):
    second_version(folder)
    assert told() == ["s2sig.v2.toml: version: has no line in published.toml"]


def test_a_second_version_stands_beside_the_first_and_is_the_one_that_speaks(folder):
    second_version(folder)
    publish(folder, "S2-SIG", 2, "s2sig.v2.toml")
    assert told() == []
    assert list(library.shipped()) == KEYS
    said = {"S2-SC1": "yes", "S2-SC4": "yes"}
    now = evaluation.evaluate(library.shipped()["S2-SIG"], said)
    then = evaluation.evaluate(library.pinned("S2-SIG", 1), said)
    assert [now["lens_version"], then["lens_version"]] == [2, 1]
    assert library.digest("S2-SIG", 1) != library.digest("S2-SIG", 2)


def test_one_version_cannot_stand_in_two_files(folder):
    shutil.copy(folder / "s1.toml", folder / "s1.again.toml")
    assert told() == ["s1.toml: version: S1 1 is in another file too"]


def test_a_version_that_was_never_published_is_not_found():
    with pytest.raises(KeyError):
        library.pinned("S1", 2)
