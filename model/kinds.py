"""Kinds of agents and their strategies, looked up in the packages that were asked for.

The model never imports `agents`: a scenario's `[agents.miner]` names a kind, and this scan finds the class whose
`kind` is "miner" in `agents` or in a user's own package (`--plugins my_agents`). A user's own package is looked at
anew at every question: in a notebook, `__main__`, its classes change while it runs.
"""

import importlib
import re
import warnings
from collections.abc import Hashable, Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any

from model.errors import ScenarioError
from model.mechanism import catalogue
from model.scan import modules

DEFAULT_PACKAGES = ("agents",)
ANSWER = re.compile(r"_+\d*")  # a notebook's names for earlier answers, which may be classes that are no more

SLIP = 0.8  # likeness of two names from which on one is taken for a misspelling of the other


def _modules(package: str) -> list[ModuleType]:
    if not all(part.isidentifier() for part in package.split(".")):
        raise ScenarioError(
            f"--plugins {package}: is no import name; write my_agents, not a path such as ../my_agents.py"
        )
    try:
        return [importlib.import_module(package), *modules(package, deep=True)]
    except Exception as error:
        if package in DEFAULT_PACKAGES:
            raise
        if isinstance(error, ModuleNotFoundError) and error.name and package.startswith(error.name):
            raise ScenarioError(
                f"--plugins {package}: no such package; give the import name of a folder or module on the Python path"
            ) from None
        raise ScenarioError(
            f"--plugins {package}: cannot be imported: {type(error).__name__}: {error}; mend that package"
        ) from error


def _classes(package: str) -> list[type]:
    return [
        item
        for module in _modules(package)
        for name, item in vars(module).items()
        if isinstance(item, type) and item.__module__ == module.__name__ and not ANSWER.fullmatch(name)
    ]


_kept_classes = cache(_classes)


def _found(names: Sequence[str]) -> list[Any]:
    return [c for name in names for c in (_kept_classes if name in DEFAULT_PACKAGES else _classes)(name)]


def _note(found: dict[Any, Any], key: Hashable, called: str, item: Any) -> None:
    """Add a class unless another has its name."""
    other = found.setdefault(key, item)
    if other is not item:
        first, second = (f"{c.__module__}.{c.__qualname__}" for c in (other, item))
        raise ScenarioError(f"{called}: {first} and {second} both have this name; rename or remove one")


def named(plugins: str | Sequence[str]) -> tuple[str, ...]:
    """Names of packages; a single one may be given by itself.

    Raises:
        ScenarioError: they are no names

    >>> named("my_agents")
    ('my_agents',)
    """
    names = (plugins,) if isinstance(plugins, str) else plugins
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise ScenarioError(f'plugins = {plugins!r}: give import names of packages, such as ["my_agents"]')
    return tuple(names)


def packages(plugins: str | Sequence[str]) -> tuple[str, ...]:
    """The default packages and the asked-for ones, each once."""
    return tuple(dict.fromkeys((*DEFAULT_PACKAGES, *named(plugins))))


def agent_kinds(names: Sequence[str]) -> dict[str, Any]:
    """Agent classes by kind, from the named packages."""
    found: dict[str, Any] = {}
    for item in _found(names):
        kind = item.__dict__.get("kind")
        if kind and hasattr(item, "populate"):
            _note(found, kind, f"agents.{kind}", item)
    return dict(sorted(found.items()))


def strategies(names: Sequence[str]) -> dict[tuple[str, str], Any]:
    """Strategy classes by (kind, name), from the named packages."""
    found: dict[tuple[str, str], Any] = {}
    for item in _found(names):
        name, serves = item.__dict__.get("name"), getattr(item, "serves", "")
        if name and serves:
            _note(found, (serves, name), f"strategy '{name}' of {serves}", item)
    return dict(sorted(found.items()))


def look_at_needs(label: str, needs: Sequence[str]) -> None:
    """Refuse a misspelt mechanism key or kind; a word unlike all others may be a kind of a plugin that is not here.

    Raises:
        ScenarioError: it is nearly the name of a mechanism or kind; `label` opens the message
    """
    known = {*catalogue(), *agent_kinds(DEFAULT_PACKAGES)}
    for word in sorted(set(needs) - known):
        text = f"{label} needs {word!r}: no such mechanism or kind of agents"
        if close := get_close_matches(word, known, 1, SLIP):
            raise ScenarioError(f"{text}, did you mean '{close[0]}'?")
        warnings.warn(f"{text} without plugins; it is recorded only where a plugin has that kind", stacklevel=2)
