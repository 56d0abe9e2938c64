"""Gaussian Markov switching of daily log returns: Hamilton's filter, Kim's smoother, expectation maximisation."""

import math
from typing import Any, NamedTuple

import numpy as np

from experiments.fit_coin.series import Array
from model.jit import maker
from model.mechanisms.bitcoin.processes.regimes import stationary

STARTS = 8  # random starts of each fit
LEAST_SD = 0.05  # of that of all returns; a regime of one day would have none, and an endless likelihood
ROUNDS, ENOUGH = 3000, 1e-7  # of expectation maximisation, and the gain at which it ends


class Switching(NamedTuple):
    """Mean and sd of daily log returns in each regime, calm first, and the chances to move [Hamilton1989]."""

    mean: Array
    sd: Array
    moves: Array

    @property
    def law(self) -> Array:
        """Long-run share of days in each regime."""
        return np.array(stationary(self.moves.tolist()))

    @property
    def volatility(self) -> float:
        """Annual volatility in the long run."""
        variance = self.law @ (self.sd**2 + self.mean**2) - (self.law @ self.mean) ** 2
        return math.sqrt(365 * float(variance))

    @property
    def free(self) -> int:
        """Number of free parameters."""
        return len(self.sd) * (len(self.sd) + 1)


@maker
def hamilton_filter(densities: Any, moves: Any, law: Any) -> Any:
    """Chances of the regimes given returns up to each day, and each return's density given those before it."""
    n, count = densities.shape
    filtered, likelihood, ahead = np.empty((n, count)), np.empty(n), law.copy()
    for t in range(n):
        filtered[t] = ahead * densities[t]
        likelihood[t] = filtered[t].sum()
        filtered[t] /= likelihood[t]
        for j in range(count):
            ahead[j] = (filtered[t] * moves[:, j]).sum()
    return filtered, likelihood


@maker
def smoother(filtered: Any, moves: Any) -> Any:
    """Chances of the regimes given all returns, and the expected number of moves between each two [Kim1994]."""
    n, count = filtered.shape
    smoothed, moved = filtered.copy(), np.zeros((count, count))
    for t in range(n - 2, -1, -1):
        for i in range(count):
            smoothed[t, i] = 0.0
        for j in range(count):
            ahead = (filtered[t] * moves[:, j]).sum()
            if ahead > 0.0:
                for i in range(count):
                    joint = filtered[t, i] * moves[i, j] * smoothed[t + 1, j] / ahead
                    smoothed[t, i] += joint
                    moved[i, j] += joint
    return smoothed, moved


def densities_of(p: Switching, returns: Array) -> Array:
    """Normal density of each return in each regime."""
    z = (returns[:, None] - p.mean) / p.sd
    return np.asarray(np.exp(-0.5 * z**2) / (p.sd * math.sqrt(2 * math.pi)))


def switching_loglik(p: Switching, returns: Array) -> float:
    """Log likelihood by Hamilton's filter, begun at the long-run law."""
    _, likelihood = hamilton_filter(densities_of(p, returns), np.ascontiguousarray(p.moves), p.law)
    return float(np.log(likelihood).sum())


def maximise(start: Switching, returns: Array) -> tuple[Switching, float]:
    """Expectation maximisation from a start: the regimes found, calm first, and their log likelihood."""
    p, best = start, -math.inf
    for _ in range(ROUNDS):
        filtered, likelihood = hamilton_filter(densities_of(p, returns), np.ascontiguousarray(p.moves), p.law)
        gain, best = float(np.log(likelihood).sum()) - best, float(np.log(likelihood).sum())
        if gain < ENOUGH:
            break
        weight, moved = smoother(filtered, np.ascontiguousarray(p.moves))
        days = weight.sum(axis=0)
        mean = returns @ weight / days
        sd = np.sqrt((weight * (returns[:, None] - mean) ** 2).sum(axis=0) / days)
        sd = np.maximum(sd, LEAST_SD * returns.std())
        p = Switching(mean, sd, (moved + 1e-12) / (moved + 1e-12).sum(axis=1, keepdims=True))
    order = np.argsort(p.sd)
    return Switching(p.mean[order], p.sd[order], p.moves[np.ix_(order, order)]), best


def fit_regimes(returns: Array, count: int, starts: int = STARTS, seed: int = 1) -> tuple[Switching, float]:
    """The likeliest of several maxima, from random starts."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(starts):
        sd = returns.std() * np.geomspace(0.4, 2.5, count) * rng.uniform(0.7, 1.4, count)
        stay = rng.uniform(0.5, 0.98)
        moves = np.full((count, count), (1 - stay) / max(1, count - 1))
        np.fill_diagonal(moves, stay if count > 1 else 1.0)
        found.append(maximise(Switching(np.full(count, returns.mean()), sd, moves), returns))
    return max(found, key=lambda fit: fit[1])


def bic(loglik: float, free: int, days: int) -> float:
    """Schwarz's criterion, the smaller the better: -2 log L + free ln(days)."""
    return -2 * loglik + free * math.log(days)
