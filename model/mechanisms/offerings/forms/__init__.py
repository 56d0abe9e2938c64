"""Forms of offering, one file each; a new file in this folder is a new form."""

import importlib
import pkgutil
from functools import cache

from model.mechanisms.offerings.form import Form


@cache
def forms() -> dict[str, type[Form]]:
    """Every form found in this folder, by name."""
    found: dict[str, type[Form]] = {}
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        for item in vars(importlib.import_module(info.name)).values():
            if isinstance(item, type) and issubclass(item, Form) and item.name and item.__module__ == info.name:
                found[item.name] = item
    return dict(sorted(found.items()))


def choices() -> list[str]:
    """Forms that a scenario may choose for what is brought to sale."""
    return [name for name, form in forms().items() if form.chosen]
