"""Reference pages say what the code says; examples in docstrings do what they claim; links lead somewhere."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from experiments.reference import FOLDER, pages

ROOT = Path(__file__).resolve().parent.parent


def modules():
    for package in ("model", "agents", "experiments"):
        root = importlib.import_module(package)
        yield from (info.name for info in pkgutil.walk_packages(root.__path__, package + "."))


@pytest.mark.parametrize("name", sorted(pages()))
def test_reference_pages_are_up_to_date(name):
    path = FOLDER / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert text == pages()[name], f"{name} is old: run `make docs`"


@pytest.mark.parametrize("name", sorted(modules()))
def test_examples_in_docstrings(name):
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    seen = set()
    for thing in [module, *(v for v in vars(module).values() if getattr(v, "__module__", None) == name)]:
        target = getattr(thing, "py_func", thing)  # a compiled function keeps its examples in the Python one
        for example in finder.find(target, getattr(target, "__name__", name), module=module):
            if example.examples and (example.name, example.lineno) not in seen:
                seen.add((example.name, example.lineno))
                runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name
)
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
