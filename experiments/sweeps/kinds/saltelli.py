"""Saltelli's sample, from which Sobol's indices of variance are estimated   [Saltelli2002; SaltelliEtAl2010]."""

from pydantic import Field

from experiments.sweeps.designs import Sampled, Table, balanced, drawn, salib_problem


class Keys(Sampled):
    """n points of the base sample, a power of 2."""

    n: int = Field(ge=2, le=100_000, description="points of the base sample, a power of 2")
    second_order: bool = Field(default=False, description="whether pairs of variables are told apart; twice the runs")


def count(keys: Keys) -> int:
    """Rows: n (k + 2) for k variables, n (2 k + 2) with second order."""
    try:
        balanced(keys.n)
    except ValueError as error:
        raise ValueError(f"n = {keys.n}: {error}") from None
    k = len(keys.vars)
    return keys.n * (2 * k + 2 if keys.second_order else k + 2)


def rows(keys: Keys, seed: int) -> Table:
    """Rows in the order that SALib's analysis wants."""
    from SALib.sample import sobol

    names = list(keys.vars)
    cube = sobol.sample(salib_problem(names), keys.n, calc_second_order=keys.second_order, seed=seed)
    return drawn(keys.vars, cube, salib_problem(names))
