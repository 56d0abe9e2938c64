"""Designs of farms: one file each, found by scanning."""

import importlib
import pkgutil
from functools import cache

from model.mechanisms.farms.design import Design


@cache
def catalogue() -> dict[str, type[Design]]:
    """Every design by name."""
    found: dict[str, type[Design]] = {}
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        for item in vars(importlib.import_module(info.name)).values():
            if isinstance(item, type) and issubclass(item, Design) and item.name and item.__module__ == info.name:
                found[item.name] = item
    return dict(sorted(found.items()))
