"""Independent uniform points; more points keep the first."""

import numpy as np

from experiments.sweeps.designs import Sampled, Table, drawn


class Keys(Sampled):
    """n points."""


def count(keys: Keys) -> int:
    """The number asked for."""
    return keys.n


def rows(keys: Keys, seed: int) -> Table:
    """The first n points."""
    return drawn(keys.vars, np.random.default_rng(seed).random((keys.n, len(keys.vars))))
