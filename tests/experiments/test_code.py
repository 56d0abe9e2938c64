"""The digest of the code: it knows what a plugin imports, and not what editors leave beside the sources."""

import sys

import pytest

from experiments.code import python_files, sources
from experiments.outputs import code_hash
from model.errors import ScenarioError

IMPORTS = {
    "by name": ("import helpers", "helpers.py"),
    "a part of it": ("from helpers import ACT", "helpers.py"),
    "within a function": ("def late():\n    import helpers", "helpers.py"),
    "a module of a package": ("from kit import helpers", "kit/helpers.py"),
    "the package around it": ("import kit.helpers", "kit/__init__.py"),
    "a module of a folder": ("import bare.helpers", "bare/helpers.py"),
    "by way of another": ("import between", "helpers.py"),
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder on Python's path, of which nothing stays imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]
    code_hash.cache_clear()


def write(place, files):
    for name, text in files.items():
        (place / name).parent.mkdir(exist_ok=True, parents=True)
        (place / name).write_text(text)


def own(plugin):
    """Modules that count beside the market's own."""
    return {name: path for name, path in sources((plugin,)) if "/" not in name}


@pytest.mark.parametrize("how", IMPORTS)
def test_what_a_plugin_imports_counts(place, how):
    line, file = IMPORTS[how]
    write(place, dict.fromkeys(("kit/__init__.py", "kit/helpers.py", "bare/helpers.py", "helpers.py"), "ACT = 1\n"))
    write(place, {"between.py": "import helpers\n", "unrelated.py": "", "shy.py": f"import numpy\n{line}\n"})
    found = own("shy").values()
    assert {place / "shy.py", place / file} <= set(found) and place / "unrelated.py" not in found
    before = code_hash(("shy",))
    write(place, {file: "ACT = 2\n"})
    code_hash.cache_clear()
    assert code_hash(("shy",)) != before


def test_a_package_counts_with_all_its_modules_and_relative_imports(place):
    write(place, {"mine/__init__.py": "", "mine/inner/__init__.py": "from .. import other\nfrom ..other import x\n"})
    write(place, {"mine/other.py": "import helper_of_mine\nx = 1\n", "helper_of_mine.py": ""})
    assert list(own("mine")) == ["helper_of_mine", "mine", "mine.inner", "mine.other"]


def test_libraries_are_named_by_their_versions_instead(place):
    write(place, {"alone.py": "import json, numpy, pandas.core, model.ledger\ndef late():\n    import nothing_there\n"})
    assert list(own("alone")) == ["alone"]


def test_a_folder_that_is_no_package_is_refused_in_one_sentence(place):
    (place / "just_a_folder").mkdir()
    with pytest.raises(ScenarioError, match=r"--plugins just_a_folder: has no file of its own.*__init__\.py"):
        code_hash(("just_a_folder",))


def test_what_editors_leave_beside_the_sources_does_not_count(tmp_path):
    (tmp_path / "a.py").touch()
    (tmp_path / ".#a.py").symlink_to("nobody@host.123:456")
    (tmp_path / "._a.py").touch()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a-checkpoint.py").touch()
    assert python_files(tmp_path) == [tmp_path / "a.py"]
