"""Designs of buy-outs, one file each; a new file in this folder is a new design."""

import importlib
import pkgutil
from functools import cache

from model.mechanisms.buyouts.design import Design


@cache
def designs() -> dict[str, type[Design]]:
    """Every design found in this folder, by name."""
    found: dict[str, type[Design]] = {}
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        for item in vars(importlib.import_module(info.name)).values():
            if isinstance(item, type) and issubclass(item, Design) and item.name and item.__module__ == info.name:
                found[item.name] = item
    return dict(sorted(found.items()))


def choices() -> list[str]:
    """Names that a scenario may choose."""
    return list(designs())
