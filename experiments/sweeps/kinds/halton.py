"""Scrambled Halton sequence: even like Sobol's, in any number of points; more points keep the first   [Halton1960]."""

import numpy as np
from scipy.stats import qmc

from experiments.sweeps.designs import Sampled, Table, drawn


class Keys(Sampled):
    """n points."""


def count(keys: Keys) -> int:
    """The number asked for."""
    return keys.n


def rows(keys: Keys, seed: int) -> Table:
    """The first n points."""
    return drawn(keys.vars, qmc.Halton(len(keys.vars), rng=np.random.default_rng(seed)).random(keys.n))
