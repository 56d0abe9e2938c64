"""Traits of leverage seekers beside those of retail investors, and both as tuples for kernels."""

from typing import Any, NamedTuple

from agents.base import Traits, trait
from model.sheaf import Sheaf


class LeverageTraits(Traits):
    """Columns drawn once for each leverage seeker."""

    leverage: Any = trait(
        {"uniform": {"low": 1.3, "high": 1.6}},
        "1",
        "fractions held over the own capital in them, aimed at",
        source="assumption; at most 1 / (1 - loan to value) by loops",
        low=1.0,
        high=10.0,
    )
    boldness: Any = trait(
        {"uniform": {"low": 2.0, "high": 6.0}},
        "1",
        "times wealth by which he sizes positions: his risk aversion over it, his cap times it",
        source="assumption; who borrows to speculate is among the boldest",
        low=0.1,
        high=100.0,
    )
    prudence: Any = trait(
        {"uniform": {"low": 0.7, "high": 0.95}},
        "1",
        "part of the pool's loan to value that he uses",
        source="assumption; at the limit the first fall of price forbids any further loan",
        low=0.0,
        high=1.0,
    )
    nerves: Any = trait(
        {"uniform": {"low": 1.02, "high": 1.4}},
        "1",
        "health below which he tops his collateral up, if he looks",
        source="assumption",
        low=0.0,
        high=10.0,
    )
    relief: Any = trait(1.1, "1", "health after that, over `nerves`", low=1.0, high=10.0)
    patience: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.06}},
        "1/year",
        "how far below the rate of his debt his expected return must fall before he repays",
        low=0.0,
        high=10.0,
    )
    rounds: Any = trait(3.0, "rounds", "pledge, borrow and buy, in one bundle", low=1.0, high=10.0)


class LeverageColumns(Sheaf):
    """Traits by slot, float64[slot]."""

    leverage: Any
    prudence: Any
    nerves: Any
    relief: Any
    patience: Any
    rounds: Any


class Credit(NamedTuple):
    """What the kernel reads of the lending pool; the first are scalars, the rest columns by vault or account."""

    ltv: float
    threshold: float
    rate: float  # of debts [1/year]
    cash: float  # of the pool [USD]
    price: Any  # the oracle's, NaN for none [USD]
    fresh: Any  # whether fractions may be pledged and borrowed against
    priced: Any  # whether debtors may pledge more
    cap_left: Any
    collateral: Any  # by account [USD]
    backing: Any  # what new loans count of it
    debt: Any
    health: Any
