"""Kinds of designs: one file each under `experiments/sweeps/kinds`, found by scanning.

The file's name is the kind. It holds `Keys`, a `Design` with the keys of its `[[design]]` block; `count(keys)`, how
many rows it makes; and `rows(keys, seed)`, which makes them, a function of its two arguments alone.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.sweeps.ranges import LARGEST_DESIGN, Variable, at
from model.scan import modules

Unit = tuple[tuple[float, ...], ...]


class Design(BaseModel):
    """Keys that every `[[design]]` block has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str = Field(description="which design")
    vars: dict[str, Variable] = Field(min_length=1, description="dotted path of a parameter and what it may be")
    seed: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        description="of the points; left out, from the study's seed and the block's place",
    )


class Sampled(Design):
    """A design of n points drawn in the unit cube."""

    n: int = Field(ge=1, le=LARGEST_DESIGN, description="points")


class Table(NamedTuple):
    """Rows of a design block.

    Attributes:
        rows: for each point, the dotted paths that it sets and their values
        labels: names of rows, empty where they have none of their own
        unit: the same rows in the unit cube, for sampling designs
        problem: SALib's description of the variables in the unit cube, for designs that SALib analyses
    """

    rows: list[dict[str, Any]]
    labels: tuple[str, ...] = ()
    unit: Unit = ()
    problem: dict[str, Any] = {}


def names_of(design: Design, made: Table) -> tuple[str, ...]:
    """Dotted paths that a design varies: its variables, or what its rows set where it has none."""
    return tuple(design.vars) or tuple(dict.fromkeys(path for row in made.rows for path in row))


def drawn(variables: dict[str, Variable], cube: NDArray[np.float64], problem: dict[str, Any] | None = None) -> Table:
    """Rows from a sample of the unit cube, a column for each variable.

    Args:
        variables: by dotted path, in the order of columns
        cube: points by variables, from 0 to 1
        problem: SALib's description, if it analyses the design
    """
    unit = tuple(tuple(map(float, row)) for row in cube)
    rows = [{name: at(v, u) for (name, v), u in zip(variables.items(), row, strict=True)} for row in unit]
    return Table(rows, unit=unit, problem=problem or {})


def salib_problem(names: Sequence[str]) -> dict[str, Any]:
    """SALib's description of variables in the unit cube."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0] for _ in names]}


def power_of_two(n: int) -> bool:
    """Whether n is 1, 2, 4, 8, ...

    >>> power_of_two(64), power_of_two(65)
    (True, False)
    """
    return n > 0 and n & (n - 1) == 0


def balanced(n: int) -> int:
    """The number itself if it is a power of 2; a Sobol sequence is balanced only in such numbers of points   [Owen2020].

    Raises:
        ValueError: it is none; names the nearest two
    """
    if power_of_two(n):
        return n
    below = 1 << (n.bit_length() - 1)
    raise ValueError(f"a Sobol sequence is balanced only at powers of 2; take {below} or {2 * below}")


@cache
def kinds() -> dict[str, Any]:
    """Modules of all kinds of designs, by name."""
    found = {}
    for module in modules("experiments.sweeps.kinds"):
        if hasattr(module, "Keys"):
            found[module.__name__.rsplit(".", 1)[1]] = module
    return dict(sorted(found.items()))
