"""Kinds of agents and their strategies, looked up in the packages that were asked for.

The model never imports `agents`: a scenario's `[agents.miner]` names a kind, and this scan finds the class whose
`kind` is "miner" in `agents` or in a user's own package (`--plugins my_agents`).
"""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any

from model.errors import ScenarioError

DEFAULT_PACKAGES = ("agents",)


def _modules(package: str) -> list[ModuleType]:
    try:
        root = importlib.import_module(package)
        names = [info.name for info in pkgutil.walk_packages(getattr(root, "__path__", []), package + ".")]
        return [root, *(importlib.import_module(name) for name in names)]
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


def packages(plugins: Sequence[str]) -> tuple[str, ...]:
    """The default packages and the asked-for ones, each once."""
    return tuple(dict.fromkeys((*DEFAULT_PACKAGES, *plugins)))


@cache
def agent_kinds(names: tuple[str, ...]) -> dict[str, Any]:
    """Agent classes by kind, from the named packages."""
    found: dict[str, Any] = {}
    for package in names:
        for module in _modules(package):
            for item in vars(module).values():
                if (
                    isinstance(item, type)
                    and item.__dict__.get("kind")
                    and hasattr(item, "populate")
                    and item.__module__ == module.__name__
                ):
                    found[item.__dict__["kind"]] = item
    return dict(sorted(found.items()))


@cache
def strategies(names: tuple[str, ...]) -> dict[tuple[str, str], Any]:
    """Strategy classes by (kind, name), from the named packages."""
    found: dict[tuple[str, str], Any] = {}
    for package in names:
        for module in _modules(package):
            for item in vars(module).values():
                if (
                    isinstance(item, type)
                    and item.__dict__.get("name")
                    and getattr(item, "serves", "")
                    and item.__module__ == module.__name__
                ):
                    found[getattr(item, "serves", ""), item.__dict__["name"]] = item
    return dict(sorted(found.items()))
