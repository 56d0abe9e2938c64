"""Folders are scanned: what lies in one is found by name, and two of one name are refused."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.mechanism import Mechanism, catalogue
from model.mechanisms.bitcoin.processes import Process, processes
from model.mechanisms.buyouts.design import Design
from model.mechanisms.buyouts.designs import designs
from model.mechanisms.offerings.form import Form
from model.mechanisms.offerings.forms import forms
from model.scan import classes, modules

PLUGIN = "from model.mechanisms.offerings.form import Form\n\nclass {cls}(Form):\n    name = '{name}'\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "scanned_forms"
    (folder / "deeper").mkdir(parents=True)
    for path in (folder, folder / "deeper"):
        (path / "__init__.py").touch()
    (folder / "first.py").write_text(PLUGIN.format(cls="First", name="first"))
    (folder / "deeper" / "second.py").write_text(PLUGIN.format(cls="Second", name="second"))
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
        del sys.modules[name]


def test_all_registries_are_found_by_the_same_scan() -> None:
    assert classes("model.mechanisms.buyouts.designs", Design) == designs()
    assert classes("model.mechanisms.offerings.forms", Form) == forms()
    assert classes("model.mechanisms.bitcoin.processes", Process) == processes()
    assert classes("model.mechanisms", Mechanism, key="key", deep=True) == catalogue()


def test_packages_within_are_looked_at_on_demand(package: Path) -> None:
    assert list(classes(package.name, Form)) == ["first"]
    assert list(classes(package.name, Form, deep=True)) == ["first", "second"]
    assert modules(f"{package.name}.first") == []


def test_two_of_one_name_are_refused(package: Path) -> None:
    (package / "other.py").write_text(PLUGIN.format(cls="Other", name="first"))
    with pytest.raises(TypeError, match=r"'first': scanned_forms\.first\.First and scanned_forms\.other\.Other both"):
        classes(package.name, Form)
