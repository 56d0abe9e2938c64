"""Jumps over a diffusion [Merton1976]."""

import math
from datetime import date
from pathlib import Path
from typing import Any

from model.mechanisms.bitcoin.processes.process import STREAM, CoinParams, Day, Jump, Process, daily
from model.params import param
from model.streams import normal, u01

FIT = (
    "Merton's jump diffusion by maximum likelihood on daily log returns of 2018-2024, volatility .69 imposed "
    "(docs/explanation/fits.md)"
)
JUMPS = STREAM + " jumps"


class JumpParams(CoinParams):
    """How often the price jumps, and how far."""

    jump_rate: float = param(0.818, "1/day", "jump_diffusion: expected number of jumps", source=FIT, ge=0, le=20)
    jump_mean: float = param(
        -0.0103, "1", "jump_diffusion: mean size of a jump, in standard deviations of a day", source=FIT, ge=-20, le=20
    )
    jump_sd: float = param(
        1.045, "1", "jump_diffusion: standard deviation of its size, in those of a day", source=FIT, ge=0, le=20
    )


def diffusion_share(rate: float, mean: float, sd: float) -> float:
    """Part of a day's variance that is no jump: 1 - rate (mean^2 + sd^2).

    >>> diffusion_share(0.5, 0.0, 1.0)
    0.5
    """
    return 1.0 - rate * (mean * mean + sd * sd)


class JumpDiffusion(Process):
    """Normal returns and jumps at random moments (Merton)."""

    name = "jump_diffusion"
    Params = JumpParams

    @classmethod
    def refuse(cls, params: JumpParams, folder: Path | None) -> None:
        """Jumps cannot vary more than the whole."""
        if diffusion_share(params.jump_rate, params.jump_mean, params.jump_sd) < 0.0:
            raise ValueError(
                f"jump_rate = {params.jump_rate:g}, jump_mean = {params.jump_mean:g}, jump_sd = {params.jump_sd:g} "
                "give jumps more variance than a day has; keep jump_rate (jump_mean^2 + jump_sd^2) at most 1"
            )

    def day(self, x: float, day: date, number: int, params: JumpParams, volatility: float) -> Day:
        """X' = x + drift/365 + volatility/sqrt(365) (sqrt(1 - l(m^2 + s^2)) N + sum of jumps m + s N - l m)."""
        mean, sd = daily(params, volatility)
        rate, centre, width = params.jump_rate, params.jump_mean, params.jump_sd
        jumps = self.jumps(number, rate, sd * centre, sd * width)
        spread = sd * math.sqrt(diffusion_share(rate, centre, width))
        steady = mean - sd * rate * centre + spread * normal(self.streams.key(STREAM, "", number), 0, 0)
        return Day(x + steady + math.fsum(jump.size for jump in jumps), spread, jumps)

    def jumps(self, number: int, rate: float, mean: float, sd: float) -> tuple[Jump, ...]:
        """Jumps of a day: the waiting times between them are exponential."""
        key: Any = self.streams.key(JUMPS, "", number)
        found, moment = list[Jump](), 0.0
        while rate > 0.0:
            slot = len(found)
            moment -= math.log(1.0 - u01(key, slot, 0)) / rate
            if moment >= 1.0:
                break
            found.append(Jump(moment, mean + sd * normal(key, slot, 1)))
        return tuple(found)
