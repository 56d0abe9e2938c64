"""Scrambled Sobol sequence: fills space more evenly than chance; n must be a power of 2   [Sobol1967; Owen1998].

Twice as many points keep the first half.
"""

import numpy as np
from scipy.stats import qmc

from experiments.sweeps.designs import Sampled, Table, balanced, drawn


class Keys(Sampled):
    """n points, a power of 2."""


def count(keys: Keys) -> int:
    """The number asked for."""
    try:
        return balanced(keys.n)
    except ValueError as error:
        raise ValueError(f"n = {keys.n}: {error}") from None


def rows(keys: Keys, seed: int) -> Table:
    """The first n points."""
    return drawn(keys.vars, qmc.Sobol(len(keys.vars), rng=np.random.default_rng(seed)).random(keys.n))
