"""Markov switching: calm and stormy days follow one another by chance [Hamilton1989]."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from model.clock import Clock
from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Process, daily
from model.params import param
from model.streams import Streams, normal, u01
from model.units import DAYS_PER_YEAR

FIT = (
    "Gaussian Markov switching by expectation maximisation on daily log returns of 2018-2024, number of regimes by BIC "
    "(docs/explanation/fits.md)"
)
SWITCHES = STREAM + " regimes"
TOLERANCE = 1e-6  # by which probabilities may miss a sum of 1


class RegimeParams(CoinParams):
    """Volatility and drift of each regime, and how one follows another."""

    regime_volatility: list[float] = param(
        [0.166, 0.557, 0.99, 1.768],
        "1/sqrt(year)",
        "regimes: volatility of log returns in each; all are scaled so that the whole has `volatility`",
        source=FIT,
    )
    regime_drift: list[float] = param(
        [0.0, 0.71, 0.44, -4.29],
        "1/year",
        "regimes: mean log return in each; scaled alike and shifted so that the whole has `drift`",
        source=FIT,
    )
    regime_moves: list[list[float]] = param(
        [
            [0.5357, 0.4627, 0.0, 0.0016],
            [0.2661, 0.6686, 0.0, 0.0653],
            [0.0, 0.0242, 0.9758, 0.0],
            [0.0605, 0.6875, 0.1241, 0.1279],
        ],
        "1/day",
        "regimes: chance to go from one (row) to another (column) by tomorrow",
        source=FIT,
    )


def stationary(moves: Sequence[Sequence[float]]) -> list[float]:
    """Long-run shares of time of a Markov chain, by elimination without subtraction [GrassmannTaksarHeyman1985].

    Raises:
        ValueError: a state cannot reach those before it

    >>> stationary([[0.75, 0.25], [0.25, 0.75]])
    [0.5, 0.5]
    """
    p, n = [list(row) for row in moves], len(moves)
    for k in range(n - 1, 0, -1):
        leaving = math.fsum(p[k][:k])
        if leaving <= 0.0:
            raise ValueError(f"regime_moves row {k + 1} leads back to no earlier regime; give it a chance above 0")
        for i in range(k):
            p[i][k] /= leaving
            for j in range(k):
                p[i][j] += p[i][k] * p[k][j]
    law = [1.0]
    for k in range(1, n):
        law.append(math.fsum(law[i] * p[i][k] for i in range(k)))
    total = math.fsum(law)
    return [share / total for share in law]


def pick(chances: Sequence[float], u: float) -> int:
    """The place at which cumulative chances pass a uniform.

    >>> pick([0.2, 0.5, 0.3], 0.6)
    1
    """
    for place, chance in enumerate(chances):
        if u < chance:
            return place
        u -= chance
    return len(chances) - 1


class Regimes(Process):
    """Calm and stormy regimes by a Markov chain (Hamilton)."""

    name = "regimes"
    Params = RegimeParams
    regime = -1

    @classmethod
    def refuse(cls, params: RegimeParams, folder: Path | None) -> None:
        """Lists must fit one another, and chances be chances."""
        n = len(params.regime_volatility)
        if n == 0 or len(params.regime_drift) != n or [len(row) for row in params.regime_moves] != [n] * n:
            raise ValueError(
                f"regime_volatility has {n} values, regime_drift {len(params.regime_drift)}, regime_moves rows of "
                f"{[len(row) for row in params.regime_moves]}; give one value and one row of chances for each regime"
            )
        if min(params.regime_volatility) < 0 or not 0 < max(params.regime_volatility) < math.inf:
            raise ValueError(f"regime_volatility = {params.regime_volatility}: give none below 0 and one above 0")
        if not all(math.isfinite(drift) for drift in params.regime_drift):
            raise ValueError(f"regime_drift = {params.regime_drift}: give finite numbers")
        for number, row in enumerate(params.regime_moves, 1):
            if not all(0 <= chance <= 1 for chance in row) or abs(math.fsum(row) - 1) > TOLERANCE:
                raise ValueError(f"regime_moves row {number} = {row}: give chances of 0 to 1 that sum to 1")
        stationary(params.regime_moves)

    def __init__(self, params: RegimeParams, clock: Clock, streams: Streams, folder: Path) -> None:
        super().__init__(params, clock, streams, folder)
        self.moves, self.law = params.regime_moves, stationary(params.regime_moves)
        spreads = [v / math.sqrt(DAYS_PER_YEAR) for v in params.regime_volatility]
        means = [d / DAYS_PER_YEAR for d in params.regime_drift]
        centre = math.fsum(share * m for share, m in zip(self.law, means, strict=True))
        squares = [s * s + (m - centre) ** 2 for s, m in zip(spreads, means, strict=True)]
        whole = math.sqrt(math.fsum(share * square for share, square in zip(self.law, squares, strict=True)))
        self.sd, self.mean = [s / whole for s in spreads], [(m - centre) / whole for m in means]

    def day(self, x: float, day: date, number: int, params: RegimeParams, volatility: float) -> Day:
        """X' = x + drift/365 + volatility/sqrt(365) (m_k + s_k N) in regime k; the whole has mean 0 and variance 1."""
        chances = self.law if self.regime < 0 else self.moves[self.regime]
        switch: Any = self.streams.key(SWITCHES, "", number)
        key: Any = self.streams.key(STREAM, "", number)
        k = self.regime = pick(chances, u01(switch, 0, 0))
        mean, sd = daily(params, volatility)
        return Day(x + mean + sd * (self.mean[k] + self.sd[k] * normal(key, 0, 0)), sd * self.sd[k])

    def state(self) -> tuple[float, ...]:
        """Number of the regime."""
        return (float(self.regime),)
