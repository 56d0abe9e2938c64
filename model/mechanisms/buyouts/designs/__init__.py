"""Designs of buy-outs, one file each; a new file in this folder is a new design."""

from functools import cache

from model.mechanisms.buyouts.design import Design
from model.scan import classes


@cache
def designs() -> dict[str, type[Design]]:
    """Every design found in this folder, by name."""
    return classes(__name__, Design)


def choices() -> list[str]:
    """Names that a scenario may choose."""
    return list(designs())
