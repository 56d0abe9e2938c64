"""Columns of equal length side by side: the first values of all variables, then the second ones."""

from experiments.sweeps.designs import Design, Table
from experiments.sweeps.ranges import grid_count, grid_levels


class Keys(Design):
    """Nothing beyond the variables; a range needs levels of its own."""


def count(keys: Keys) -> int:
    """The length that all columns share."""
    for path, variable in keys.vars.items():
        if variable.continuous and not variable.levels:
            raise ValueError(f"vars.{path}: a range in a zip needs levels, how many values it has; add levels = 5")
    lengths = {path: grid_count(v, None) for path, v in keys.vars.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{path} has {n}" for path, n in lengths.items())
        raise ValueError(f"columns of a zip must be equally long; {told}")
    return next(iter(lengths.values()))


def rows(keys: Keys, seed: int) -> Table:
    """One row for each place in the columns; the seed plays no part."""
    columns = [grid_levels(v, None) for v in keys.vars.values()]
    return Table([dict(zip(keys.vars, values, strict=True)) for values in zip(*columns, strict=True)])
