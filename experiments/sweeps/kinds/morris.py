"""Morris's trajectories: each moves one variable at a time, for screening which variables matter   [Morris1991]."""

from typing import Annotated

from pydantic import AfterValidator, Field

from experiments.sweeps.designs import Sampled, Table, drawn, salib_problem


def _even(levels: int) -> int:
    if levels % 2:
        raise ValueError("must be even, so that up and down moves are equally probable; take 4")
    return levels


class Keys(Sampled):
    """n trajectories."""

    n: int = Field(ge=2, le=100_000, description="trajectories, 10 to 50 as a rule")
    levels: Annotated[int, AfterValidator(_even)] = Field(
        default=4, ge=2, le=100, description="values that each variable may take on its way"
    )


def count(keys: Keys) -> int:
    """Rows: n (k + 1) for k variables."""
    return keys.n * (len(keys.vars) + 1)


def rows(keys: Keys, seed: int) -> Table:
    """Trajectory after trajectory, as SALib's analysis wants them."""
    from SALib.sample import morris

    names = list(keys.vars)
    cube = morris.sample(salib_problem(names), keys.n, num_levels=keys.levels, seed=seed)
    return drawn(keys.vars, cube, salib_problem(names))
