"""Every combination of the values of all variables, the last variable fastest."""

import itertools
import math

from pydantic import Field

from experiments.sweeps.designs import Design, Table
from experiments.sweeps.ranges import LARGEST_DESIGN, grid_count, grid_levels


class Keys(Design):
    """Variables with low and high take `levels` values of their own, or this block's."""

    levels: int | None = Field(
        default=None, ge=2, le=LARGEST_DESIGN, description="values of each continuous range without levels of its own"
    )


def count(keys: Keys) -> int:
    """Product of the numbers of values."""
    for path, variable in keys.vars.items():
        if variable.continuous and not (variable.levels or keys.levels):
            raise ValueError(f"vars.{path}: a range on a grid needs levels, how many values it has; add levels = 5")
    return math.prod(grid_count(v, keys.levels) for v in keys.vars.values())


def rows(keys: Keys, seed: int) -> Table:
    """All combinations; the seed plays no part."""
    columns = [grid_levels(v, keys.levels) for v in keys.vars.values()]
    return Table([dict(zip(keys.vars, values, strict=True)) for values in itertools.product(*columns)])
