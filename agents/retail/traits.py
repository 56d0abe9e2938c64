"""Traits of retail investors, each with unit, range, meaning and source; and their columns as one tuple for kernels."""

from typing import Any

from numba import types

from agents.base import Traits, trait
from agents.columns import SCANNED
from model.sheaf import Sheaf


class RetailTraits(Traits):
    """Columns drawn once for each retail investor."""

    cash: Any = trait(
        {"lognormal": {"median": 2_000.0, "sigma": 1.2}},
        "USD",
        "wealth at the start",
        source="assumption; crypto holdings of households are lognormal with a heavy tail and medians of 300-5,000 USD",
        low=1.0,
        high=1e9,
    )
    attention: Any = trait(
        {"uniform": {"low": 0.02, "high": 0.20}},
        "1/day",
        "probability to look at the market on a day",
        source="retail .02-.2 a day; Sicherman, Loewenstein, Seppi & Utkus 2016 find logins every 5-20 days",
        low=0.0,
        high=1.0,
    )
    considered: Any = trait(3.0, "vaults", "vaults looked at when awake, one of them a holding", low=1.0, high=20.0)
    awareness: Any = trait(
        {"uniform": {"low": 0.2, "high": 0.6}}, "1", "share of vaults the investor has heard of", low=0.0, high=1.0
    )
    risk_aversion: Any = trait(
        {"uniform": {"low": 1.0, "high": 5.0}},
        "1",
        "relative risk aversion a in excess / (a sigma^2)",
        source="Chetty 2006: about 1; portfolio studies 2-10",
        low=0.1,
        high=100.0,
    )
    cap: Any = trait({"uniform": {"low": 0.05, "high": 0.30}}, "1", "largest weight of one vault", low=0.0, high=1.0)
    pull: Any = trait(
        {"uniform": {"low": 0.5, "high": 2.0}},
        "1/year",
        "kappa, expected speed at which a price returns to net asset value",
        source="half-lives of closed-end fund discounts of 4-16 months, Pontiff 1995",
        low=0.0,
        high=20.0,
    )
    discount: Any = trait(
        {"normal": {"mean": 0.15, "sd": 0.06}},
        "1/year",
        "required return r: discounts own NAV, and is expected where a fraction costs its NAV; see equations",
        source="assumption; yields of hashrate tokens quoted at 10-30 % a year",
        low=0.02,
        high=2.0,
    )
    drift_prior: Any = trait(
        {"normal": {"mean": 0.25, "sd": 0.20}},
        "1/year",
        "own prior of the coin's drift",
        source="assumption; holders' expectations are high and disperse, Benetton & Compiani 2024",
        low=-3.0,
        high=3.0,
    )
    growth: Any = trait(
        {"normal": {"mean": 0.35, "sd": 0.10}},
        "1/year",
        "expected growth of difficulty",
        source="assumption; fall of the frontier's J/TH .27-.34 a year",
        low=-3.0,
        high=3.0,
    )
    drift_weight: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.30}},
        "1",
        "weight of the coin's past drift in the expected one",
        source="Greenwood & Shleifer 2014: investors extrapolate",
        low=0.0,
        high=1.0,
    )
    drift_memory: Any = trait(
        {"uniform": {"low": 60.0, "high": 720.0}}, "days", "memory of the coin's drift", low=1.0, high=3650.0
    )
    opinion: Any = trait(0.10, "log", "standard deviation of lasting own opinions on single vaults", low=0.0, high=2.0)
    intensity: Any = trait(
        {"uniform": {"low": 2.0, "high": 20.0}},
        "years",
        "beta, intensity of choice between rules by past profit per year",
        source="Brock & Hommes 1998 study 0-100",
        low=0.0,
        high=1e4,
    )
    extrapolation: Any = trait(
        {"uniform": {"low": 0.1, "high": 0.7}},
        "1",
        "part of a past trend that a chartist expects to go on, g",
        source="Brock & Hommes 1998 study 0-2; below 1 trends fade",
        low=0.0,
        high=5.0,
    )
    sobriety: Any = trait(
        0.02,
        "log^2",
        "alpha: at a log deviation d from value only e^(-d^2/alpha) of trend followers still follow",
        source="form: Gaunersdorfer, Hommes & Wagener 2008; size: assumption",
        low=1e-6,
        high=1e6,
    )
    herding: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.20}},
        "1/year",
        "expected return added at full greed, subtracted at full fear",
        low=0.0,
        high=5.0,
    )
    pace: Any = trait(
        {"uniform": {"low": 0.1, "high": 0.5}}, "1", "part of the gap to the target moved at once", low=0.0, high=1.0
    )
    horizon: Any = trait(
        {"uniform": {"low": 0.5, "high": 2.0}},
        "years",
        "over which a gain must beat fee and slippage",
        low=0.01,
        high=30.0,
    )
    tolerance: Any = trait(
        {"uniform": {"low": 0.35, "high": 0.80}},
        "1",
        "drawdown of wealth that makes him sell everything",
        low=0.01,
        high=1.0,
    )
    discouragement: Any = trait(0.5, "1", "part of attention lost for good after a panic", low=0.0, high=1.0)
    startle: Any = trait(
        {"uniform": {"low": 0.10, "high": 0.40}},
        "log",
        "move of a held fraction's price in a day that makes him look",
        low=0.0,
        high=100.0,
    )
    impact: Any = trait(
        0.02,
        "1",
        "most by which one order may worsen its own price",
        source="defaults of exchanges: .5-3 %",
        low=1e-6,
        high=0.9,
    )
    slippage: Any = trait(
        0.03, "1", "worst price accepted against the quote", source="defaults of exchanges: .5-3 %", low=0.0, high=1.0
    )
    smallest: Any = trait(5.0, "USD", "smallest trade worth the click", low=0.01, high=1e6)
    harvest: Any = trait(
        {"uniform": {"low": 5.0, "high": 50.0}},
        "USD",
        "income coins worth this much are sold for re-investment",
        low=0.0,
        high=1e9,
    )
    safe: Any = trait(0.045, "1/year", "safe rate", source="US Treasury bills 2023", low=-0.1, high=1.0)
    volatility: Any = trait(
        0.69,
        "1/sqrt(year)",
        "volatility reckoned with before any is measured",
        source="bitcoin 2018-2024",
        low=0.01,
        high=10.0,
    )
    least_volatility: Any = trait(0.30, "1/sqrt(year)", "volatility reckoned with at least", low=0.01, high=10.0)
    wear: Any = trait(
        0.4,
        "1/year",
        "expected fall of the resale value of a used rig",
        source="new rigs 119 to 15.7 USD/TH from 2021-05 to 2022-12, half of it fall of the coin",
        low=0.0,
        high=10.0,
    )


PORTFOLIO_BITS = 52  # vaults whose holding is remembered; a float holds as many bits
ALL_VAULTS = float((1 << PORTFOLIO_BITS) - 1)

STATE = {
    "chartist": 0.0,
    "drift_seen": 0.0,
    "coin_seen": 0.0,
    "looked": -1.0,
    "wealth_seen": 0.0,
    "peak": 0.0,
    "cursor": 0.0,
    "portfolio": ALL_VAULTS,
}


class RetailColumns(Sheaf):
    """Traits and state by slot, float64[slot]."""

    attention: Any
    considered: Any
    awareness: Any
    risk_aversion: Any
    cap: Any
    pull: Any
    discount: Any
    drift_prior: Any
    growth: Any
    drift_weight: Any
    drift_memory: Any
    opinion: Any
    intensity: Any
    herding: Any
    extrapolation: Any
    sobriety: Any
    impact: Any
    pace: Any
    horizon: Any
    tolerance: Any
    discouragement: Any
    slippage: Any
    smallest: Any
    harvest: Any
    safe: Any
    wear: Any
    least_volatility: Any
    chartist: Any  # 1 while he follows the trend
    drift_seen: Any  # memory-weighted drift of the coin [per year]
    coin_seen: Any  # log of the coin's price at the last look
    looked: Any  # day of the last look, -1 before
    wealth_seen: Any  # USD
    peak: Any  # highest wealth since the last panic [USD]
    portfolio: Any  # a bit for each vault of which he may hold fractions
    cursor: Any  # vault at which the search for a holding goes on


RETAIL = RetailColumns.typed(
    **{name: types.Array(types.float64, 1, "C" if name in SCANNED else "A") for name in RetailColumns._fields}
)
