"""Latin hypercube: each variable has exactly one point in each of n equal strata   [McKayEtAl1979]."""

import numpy as np
from scipy.stats import qmc

from experiments.sweeps.designs import Sampled, Table, drawn


class Keys(Sampled):
    """n points; another n is another design."""


def count(keys: Keys) -> int:
    """The number asked for."""
    return keys.n


def rows(keys: Keys, seed: int) -> Table:
    """A Latin hypercube, points anywhere in their strata."""
    return drawn(keys.vars, qmc.LatinHypercube(len(keys.vars), rng=np.random.default_rng(seed)).random(keys.n))
