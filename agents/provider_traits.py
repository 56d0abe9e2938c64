"""What is drawn for liquidity providers: wealth, how often they look, what they ask of a pool, how they enter and leave."""

from typing import Any

from agents.base import Traits, trait
from model.sheaf import Sheaf


class ProviderTraits(Traits):
    """Columns drawn once for each liquidity provider."""

    cash: Any = trait(
        {"lognormal": {"median": 10_000.0, "sigma": 1.0}},
        "USD",
        "wealth at the start",
        source="assumption; providers are richer than traders, Heimbach, Wang & Wattenhofer 2021",
        low=1.0,
        high=1e9,
    )
    attention: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}},
        "1/day",
        "probability to review positions on a day",
        source="assumption",
        low=0.0,
        high=1.0,
    )
    hurdle: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.15}},
        "1/year",
        "least return on a pool share: fees, income passed on and rewards, less the loss against holding",
        source="assumption; no premium over holding, since the same fractions earn a mere holder their income too",
        low=-1.0,
        high=10.0,
    )
    hysteresis: Any = trait(
        0.02, "1/year", "how far below the hurdle a provider waits before he leaves", low=0.0, high=10.0
    )
    considered: Any = trait(3.0, "pools", "pools compared when awake", low=1.0, high=100.0)
    commitment: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}},
        "1",
        "part of cash put into one pool at once, at most",
        low=0.0,
        high=1.0,
    )
    appetite: Any = trait(
        0.10, "1/year", "return above the hurdle at which the whole commitment is made", low=1e-4, high=10.0
    )
    largest_share: Any = trait(0.04, "1", "deposit at once over the pool's value, at most", low=0.0, high=10.0)
    stay: Any = trait(
        {"uniform": {"low": 0.25, "high": 2.0}},
        "years",
        "over which the cost of entry and exit is spread",
        low=0.01,
        high=30.0,
    )
    slippage: Any = trait(0.03, "1", "worst outcome accepted against the quote", low=0.0, high=1.0)
    smallest: Any = trait(20.0, "USD", "smallest deposit or sale", low=0.01, high=1e6)
    harvest: Any = trait(50.0, "USD", "income coins worth this much are sold", low=0.0, high=1e9)


class ProviderColumns(Sheaf):
    """Traits by slot, float64[slot]."""

    hurdle: Any
    hysteresis: Any
    considered: Any
    commitment: Any
    appetite: Any
    largest_share: Any
    stay: Any
    slippage: Any
    smallest: Any
    harvest: Any
