"""Clustered volatility and fat tails: GJR-GARCH with Student t innovations [GlostenEtAl1993]."""

import math
from datetime import date
from pathlib import Path
from typing import Any

from model.draws import student_scale
from model.jit import kernel
from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Process, daily
from model.params import param
from model.streams import normal

FIT = (
    "GJR-GARCH with t innovations by maximum likelihood on daily log returns of 2018-2024, volatility .69 imposed, "
    "moved to the likeliest grid point whose simulated paths meet the bands (docs/explanation/fits.md)"
)


class GarchParams(CoinParams):
    """How surprises feed variance, and how fat their tails are."""

    alpha: float = param(0.0746, "1", "garch: weight of yesterday's squared surprise", source=FIT, ge=0, le=1)
    gamma: float = param(0.0150, "1", "garch: further weight of a fall", source=FIT, ge=-1, le=1)
    beta: float = param(0.8930, "1", "garch: weight of yesterday's variance", source=FIT, ge=0, lt=1)
    nu: float = param(3.6, "1", "garch: degrees of freedom of the t innovations", source=FIT, gt=2, le=200)
    largest: float = param(
        20.0,
        "1",
        "garch: size of the largest day, in standard deviations of an ordinary day; without an end the price has no mean",
        source="choice: at volatility .69 the price doubles or halves; the largest day of 2018-2024 was 13",
        ge=3,
        le=1000,
    )


@kernel
def garch_day(
    key: Any, h: float, alpha: float, gamma: float, beta: float, nu: float, largest: float
) -> tuple[float, float, float]:
    """One day of a GJR-GARCH(1,1) with t innovations and mean variance 1               [GlostenEtAl1993].

    e = sqrt(h) g N cut off at +-largest, g of a t of variance 1; h' = (1 - alpha - gamma/2 - beta) + (alpha + gamma [e < 0]) e^2 + beta h

    Args:
        key: stream key of the day
        h: variance over its long-run mean
        alpha, gamma, beta, nu, largest: as in `GarchParams`

    Returns:
        e, its scale sqrt(h) g, at most largest, and h'
    """
    scale = math.sqrt(h) * student_scale(key, 0, 1, nu)
    e = min(largest, max(-largest, scale * normal(key, 0, 0)))
    weight = alpha + gamma if e < 0.0 else alpha
    return e, min(largest, scale), (1.0 - alpha - 0.5 * gamma - beta) + weight * e * e + beta * h


class Garch(Process):
    """Clustered volatility, t innovations (GJR)."""

    name = "garch"
    Params = GarchParams
    h = 1.0

    @classmethod
    def refuse(cls, params: GarchParams, folder: Path | None) -> None:
        """Variance must have a long-run mean."""
        if params.alpha + params.gamma < 0 or params.alpha + params.gamma / 2 + params.beta >= 0.9999:
            raise ValueError(
                f"alpha = {params.alpha:g}, gamma = {params.gamma:g}, beta = {params.beta:g} leave garch no stationary "
                "variance; keep alpha + gamma >= 0 and alpha + gamma/2 + beta below .9999"
            )

    def day(self, x: float, day: date, number: int, params: GarchParams, volatility: float) -> Day:
        """X' = x + drift/365 + volatility/sqrt(365) e, e from `garch_day`; `volatility` scales all returns at once."""
        mean, sd = daily(params, volatility)
        key = self.streams.key(STREAM, "", number)
        p = params
        e, scale, self.h = garch_day(key, self.h, p.alpha, p.gamma, p.beta, p.nu, p.largest)
        return Day(x + mean + sd * e, sd * scale)

    def state(self) -> tuple[float, ...]:
        """Variance over its long-run mean."""
        return (self.h,)
