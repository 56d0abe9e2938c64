"""Prices against net asset value with and without redemption in kind, under the same seeds (common random numbers)."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from agents.sheet import COST, HALVING, INCOME, LIFE, PRICE, SALVAGE, SUBSIDY_SHARE
from agents.valuation import net_asset_value
from agents.vault_sheet import sheet_of
from experiments.sheets import Sheet
from experiments.statistics import estimated_gap
from model import Marketplace, Scenario

BURN_IN = 60  # days
EVERY = 5  # days between measurements by the one yardstick
BETTER = "in_kind"
RULES = ("none", BETTER)


class Prices(NamedTuple):
    """Means over the days after the burn-in.

    Attributes:
        mispricing: of |ln(price / holders' own NAV)|
        premium: of ln(price / holders' own NAV)
        yardstick: of |ln(price / NAV)| with an NAV by one formula under both rules: of an investor with the median expectations
            of all, who may sell the rigs at any time
        level: of ln(price / NAV) with the same NAV; between two rules it differs as prices do
    """

    mispricing: float
    premium: float
    yardstick: float
    level: float


class Pair(NamedTuple):
    """One seed under both rules."""

    seed: int
    without: Prices
    within: Prices


COLUMNS = {
    "mispricing": "|ln(price/NAV)|",
    "premium": "ln(price/NAV)",
    "yardstick": "|ln(price/NAV)|, one NAV for both",
    "level": "ln(price/NAV), one NAV for both",
}


def mean(values: Sequence[float]) -> float:
    """Mean of what is defined."""
    defined = [value for value in values if not math.isnan(value)]
    return math.fsum(defined) / len(defined) if defined else math.nan


def _gaps(market: Marketplace) -> Iterator[float]:
    """ln(price / NAV) of every traded vault, rigs saleable at any time whatever the rule is."""
    sheet: Any = sheet_of(market).look()
    facts, scalars = sheet.facts, sheet.scalars
    typical = sheet.typical
    for v in range(sheet.fraction.size):
        if facts[PRICE, v] <= 0.0:
            continue
        nav = net_asset_value(
            facts[INCOME, v],
            facts[COST, v],
            facts[LIFE, v],
            typical.drift,
            typical.growth,
            typical.discount,
            facts[SALVAGE, v],
            scalars[HALVING],
            scalars[SUBSIDY_SHARE],
            typical.wear,
        )
        if nav > 0.0:
            yield math.log(facts[PRICE, v] / nav)


def prices(scenario: Scenario, seed: int, burn_in: int = BURN_IN) -> Prices:
    """Run once and measure."""
    sizes: list[float] = []
    levels: list[float] = []
    with Marketplace(scenario, rng=seed) as market:
        first = burn_in * market.clock.per_day
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            market.step()
            if market.clock.tick >= first and market.clock.tick % (EVERY * market.clock.per_day) == 0:
                gaps = list(_gaps(market))
                sizes.append(mean([abs(gap) for gap in gaps]))
                levels.append(mean(gaps))
        mispricing, premium = (market.recorder.path(f"fractions.{name}")[first:] for name in ("mispricing", "premium"))
    return Prices(mean(mispricing), mean(premium), mean(sizes), mean(levels))


def pairs(scenario: Scenario, seeds: Sequence[int], burn_in: int = BURN_IN) -> Iterator[Pair]:
    """Every seed under both rules, one after the other."""
    for seed in seeds:
        both = [prices(scenario.override({"vaults.redemption": rule}), seed, burn_in) for rule in RULES]
        yield Pair(seed, *both)


def sheet(found: Sequence[Pair], title: str = "") -> Sheet:
    """Both means, and the paired difference with its interval."""
    rows = []
    for name, heading in COLUMNS.items():
        without = [getattr(pair.without, name) for pair in found]
        within = [getattr(pair.within, name) for pair in found]
        gap = estimated_gap(without, within, name)
        below = sum(b < a for a, b in zip(without, within, strict=True))
        means = (f"{mean(without):.3f}", f"{mean(within):.3f}", f"{gap.mean:+.3f}")
        rows.append((heading, *means, f"{gap.low:+.3f} to {gap.high:+.3f}", f"{below} of {gap.n}"))
    return Sheet(title, ("", *RULES, "difference", "95 % interval", "pairs below 0"), rows)
