"""Designs of farms: one file each, found by scanning."""

from functools import cache

from model.mechanisms.farms.design import Design
from model.scan import classes


@cache
def catalogue() -> dict[str, type[Design]]:
    """Every design by name."""
    return classes(__name__, Design)
