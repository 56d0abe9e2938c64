"""The source files that a run's numbers depend on: the market's own, and those of plugins with all that they import.

Imports are read from the sources rather than from what has been imported: what was imported first, or is only imported
within a function, makes no difference, and nothing is run for it.
"""

import ast
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from model.errors import ScenarioError

OWN = ("model", "agents")
INSTALLED = ("site-packages", "dist-packages")  # folders of libraries, which the manifest names by version


def sources(plugins: Sequence[str] = ()) -> Iterator[tuple[str, Path]]:
    """Files, each with a name that does not hang on where it lies.

    Raises:
        ScenarioError: a plugin has no file
    """
    for package in OWN:
        start = Path(str(importlib.import_module(package).__file__)).parent
        for path in python_files(start):
            yield f"{package}/{path.relative_to(start)}", path
    found: dict[str, Path] = {}
    for name in plugins:
        _follow(name, _start(name), found, whole=True)
    yield from sorted(found.items())


def python_files(folder: Path) -> list[Path]:
    """Sources below a folder; what begins with a dot belongs to editors and other programs."""
    found = (path for path in folder.rglob("*.py") if not any(p[0] == "." for p in path.relative_to(folder).parts))
    return sorted(found)


def _start(plugin: str) -> Path:
    """File of a plugin.

    Raises:
        ScenarioError: it has none
    """
    file = getattr(importlib.import_module(plugin), "__file__", None)
    if file is None:
        raise ScenarioError(
            f"--plugins {plugin}: has no file of its own, so nothing could say which code a run was made with; give a "
            "module, or a folder with an __init__.py"
        )
    return Path(file)


def _follow(name: str, path: Path, found: dict[str, Path], whole: bool = False) -> None:
    """Note a module and what it imports; of a plugin that is a package all its modules, which are all imported."""
    if name in found:
        return
    found[name] = path
    package = path.stem == "__init__"
    for other in _imported(path, name if package else name.rpartition(".")[0]):
        for module, file in _located(other):
            _follow(module, file, found)
    for inner in python_files(path.parent) if whole and package else ():
        parts = inner.relative_to(path.parent).with_suffix("").parts
        _follow(".".join((name, *(part for part in parts if part != "__init__"))), inner, found)


def _imported(path: Path, package: str) -> Iterator[str]:
    """Names that a file imports, from the root; some of them are not modules."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):  # compiled, or a file that cannot be imported
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join((*above, *([node.module] if node.module else [])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _located(name: str) -> Iterator[tuple[str, Path]]:
    """A module and the packages around it, as far as they are files of the user's own."""
    parts = name.split(".")
    if parts[0] in OWN or parts[0] in sys.stdlib_module_names:
        return
    spec: ModuleSpec | None
    try:
        spec = importlib.util.find_spec(parts[0])
    except (ImportError, ValueError):
        return
    for depth in range(1, len(parts) + 1):
        if depth > 1:
            inside = None if spec is None else spec.submodule_search_locations
            spec = None if inside is None else PathFinder.find_spec(".".join(parts[:depth]), inside)
        if spec is None:
            return
        path = Path(spec.origin or "")
        if path.is_file() and not set(INSTALLED) & set(path.parts):
            yield ".".join(parts[:depth]), path
