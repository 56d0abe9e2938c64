"""Scanning of folders: what lies in a package belongs to it, and nothing is registered anywhere."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def modules(package: str, *, deep: bool = False) -> list[ModuleType]:
    """Modules of a package, imported, by name; none where it is a single file.

    Args:
        package: its import name
        deep: those of packages within it, too

    >>> [module.__name__ for module in modules("model.mechanisms.offerings.forms")][:2]
    ['model.mechanisms.offerings.forms.bonding_curve', 'model.mechanisms.offerings.forms.club']
    """
    look = pkgutil.walk_packages if deep else pkgutil.iter_modules
    path = getattr(importlib.import_module(package), "__path__", [])
    return [importlib.import_module(info.name) for info in look(path, package + ".")]


def classes(package: str, base: type[Any], *, key: str = "name", deep: bool = False) -> dict[str, Any]:
    """Subclasses of a class that the modules of a package define, by what they call themselves; the nameless are left out.

    Args:
        package: import name of the package
        base: what all are a kind of
        key: attribute that holds the name
        deep: look into packages within it, too

    Raises:
        TypeError: two have one name; it says where both are
    """
    found: dict[str, type[Any]] = {}
    for module in modules(package, deep=deep):
        for item in vars(module).values():
            if not (isinstance(item, type) and issubclass(item, base) and item.__module__ == module.__name__):
                continue
            name = getattr(item, key)
            if name and (other := found.setdefault(name, item)) is not item:
                first, second = (f"{c.__module__}.{c.__qualname__}" for c in (other, item))
                raise TypeError(f"{key} '{name}': {first} and {second} both have it; rename or remove one")
    return dict(sorted(found.items()))
