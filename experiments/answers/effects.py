"""Effects of what a design varies: differences between levels, replicate by replicate, all else being equal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.statistics import Difference, difference
from experiments.sweeps.paths import short_names

if TYPE_CHECKING:
    import pandas as pd

PARAM = "param."
MOST_LEVELS = 12  # of a variable, above which it is read as continuous


def variables(table: "pd.DataFrame") -> list[str]:
    """Columns of parameters that differ between points."""
    return [name for name in map(str, table) if name.startswith(PARAM) and table[name].nunique(dropna=False) > 1]


def short(columns: Sequence[str]) -> dict[str, str]:
    """Names for people, by column."""
    found = short_names([name.removeprefix(PARAM) for name in columns])
    return {name: found[name.removeprefix(PARAM)].replace("_", " ") for name in columns}


def levels(table: "pd.DataFrame", variable: str) -> list[Any]:
    """Values of a variable: numbers from low to high, others as the design has them."""
    found = [value for value in dict.fromkeys(table[variable].tolist()) if value == value and value is not None]
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found)
    return sorted(found) if numbers else found


def numeric(table: "pd.DataFrame", variable: str) -> bool:
    """Whether levels have an order."""
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in levels(table, variable))


def common_seeds(table: "pd.DataFrame") -> bool:
    """Whether replicate r had the same seed at every point."""
    return bool((table.groupby("replicate")["seed"].nunique() == 1).all())


def crossed(table: "pd.DataFrame") -> bool:
    """Whether variables have few levels and all of their combinations are there: a full grid."""
    names = variables(table)
    if not names or any(table[name].nunique() > MOST_LEVELS for name in names):
        return False
    cells = int(np.prod([len(levels(table, name)) for name in names]))
    return len(table[names].drop_duplicates()) == cells


def contrast(table: "pd.DataFrame", variable: str, metric: str, first: Any, second: Any) -> Difference:
    """Second level less first, the other variables averaged over the places at which both levels have the number.

    Each replicate gives one number, so that replicates are independent; under common random numbers the pairing takes
    out the luck that both sides share, and without it the difference is still right, only less exact.

    Args:
        table: one row a run
        variable: column of a parameter
        metric: column of results
        first, second: levels
    """
    others = [name for name in variables(table) if name != variable]
    keys, known = ["replicate", *others], table.dropna(subset=[metric])
    sides = [known[known[variable] == level].set_index(keys)[metric] for level in (first, second)]
    both = sides[0].to_frame("a").join(sides[1].to_frame("b"), how="inner")
    means = both.groupby(level="replicate").mean()
    whole = both.groupby(level="replicate").size() == (
        0 if both.empty else both.groupby(level="replicate").size().max()
    )
    kept = means[whole]
    name = f"{variable} {first} {second} {metric}"
    return difference(kept["a"].to_numpy(float), kept["b"].to_numpy(float), name)


def shared(table: "pd.DataFrame", variable: str, metric: str) -> "pd.DataFrame":
    """Runs whose replicate and other variables have the number at all levels, those at which nothing has it left out."""
    known = table.dropna(subset=[metric])
    keys = ["replicate", *(name for name in variables(table) if name != variable)]
    there = known.groupby(keys, dropna=False)[variable].transform("nunique")
    return known[there == known[variable].nunique()]


def between(first: "pd.DataFrame", second: "pd.DataFrame", metric: str) -> Difference:
    """Second less first for two lots of runs, one run a replicate each."""
    sides = [rows.set_index("replicate")[metric] for rows in (first, second)]
    pair = sides[0].to_frame("first").join(sides[1].to_frame("second"), how="inner")
    columns = pair.to_numpy(float)
    return difference(columns[:, 0], columns[:, 1], f"{metric} {first['point'].iloc[0]} {second['point'].iloc[0]}")


def at(table: "pd.DataFrame", **values: Any) -> "pd.DataFrame":
    """Runs at some values; names are columns without `param.`, with __ for dots."""
    found = table
    for name, value in values.items():
        found = found[found[PARAM + name.replace("__", ".")] == value]
    return found
