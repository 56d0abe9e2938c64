"""An institution's morning: what it has, what it thinks, what it may hold, what it risks."""

import math

import numpy as np
from numpy.typing import NDArray

from agents.base import Population
from agents.institutions.risk import portfolio_volatility, value_at_risk
from agents.institutions.traits import MANDATES
from agents.sheet import COST, HALVING, INCOME, LIFE, SALVAGE, SUBSIDY_SHARE, VARIANCE, WAITS
from agents.valuation import MOST, present_value
from agents.vault_sheet import VaultSheet
from model.ledger import BTC_ASSET, USD_ASSET
from model.streams import normal
from model.units import DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView


class Position:
    """One institution's morning: what it has, what it thinks, what it may do.

    Args:
        population: of institutions
        sheet: figures of all vaults
        opinions: key of lasting opinions
        slot: whose
        market: this morning

    Attributes:
        cash: USD at hand
        wealth: USD, as of the last survey
        weights: shares of wealth in vaults, offerings subscribed to among them
        held: whole fractions by vault, stakes among them
        value: own value of a whole fraction by vault [USD]
    """

    def __init__(
        self, population: Population, sheet: VaultSheet, opinions: np.uint64, slot: int, market: MarketView
    ) -> None:
        self.slot, self.account, self.market = slot, int(population.account[slot]), market
        self.trait = {name: float(population.columns[name][slot]) for name in population.table.traits}
        self.drift = self.trait["drift"] + self.trait["drift_weight"] * float(population.columns["drift_seen"][slot])
        self.facts, self.scalars, self.fraction = sheet.facts, sheet.scalars, sheet.fraction
        self.opinions = opinions
        self.coins = int(market.balances[BTC_ASSET, self.account])
        self.cash = float(market.balances[USD_ASSET, self.account]) / USD
        wealth = population.market.wealth
        self.wealth = max(self.cash, float(wealth[self.account])) if self.account < wealth.size else self.cash
        of = (market.balances[:, self.account] / TOKEN).item
        self.held = [
            (of(f) if f >= 0 else 0.0) + (of(s) if s >= 0 else 0.0)
            for f, s in zip(sheet.fraction, sheet.stake, strict=True)
        ]
        self.weights = self._weights(population.market.ledger.value)
        self.value = [self._value(v) for v in range(self.fraction.size)]

    def _value(self, v: int) -> float:
        t, f, s = self.trait, self.facts, self.scalars
        decay, rate = (t["growth"] - self.drift) / DAYS_PER_YEAR, t["discount"] / DAYS_PER_YEAR
        value = present_value(
            f[INCOME, v], f[COST, v], f[LIFE, v], f[SALVAGE, v], t["wear"] / DAYS_PER_YEAR, bool(s[WAITS] > 0.0),
            decay, rate, s[HALVING], s[SUBSIDY_SHARE],
        )  # fmt: skip
        return min(float(value) * math.exp(t["opinion"] * float(normal(self.opinions, self.slot, 2 * v + 1))), MOST)

    def _weights(self, marks: NDArray[np.float64]) -> dict[int, float]:
        found: dict[int, float] = {}
        for v, asset in enumerate(self.fraction):
            claim = int(self.market.vaults.receipts[v])
            worth = self.held[v] * TOKEN * float(marks[asset]) if self.held[v] > 0.0 else 0.0
            if claim >= 0:
                worth += float(self.market.balances[claim, self.account]) * float(marks[claim])
            if worth > 0.0 and self.wealth > 0.0:
                found[v] = worth / self.wealth
        return found

    def allows(self, v: int) -> bool:
        """Whether mandate and law let it buy a vault's fractions."""
        kind = int(self.market.vaults.kind[v])
        if self.market.has("regulation") and not self.market.regulation.allowed[kind]:
            return False
        return any(self.trait[name] > 0.5 and kind in kinds for name, kinds in MANDATES.items())

    def ceiling(self, v: int) -> float:
        """Price at which it expects no more than the safe rate: NAV e^((r - safe) / kappa), at most e NAV [USD]."""
        t = self.trait
        spare = t["discount"] - t["safe"]
        return self.value[v] * math.exp(min(1.0, spare / t["pull"]) if t["pull"] > 0.0 else 1.0)

    def volatility(self, v: int) -> float:
        """Of a vault's fractions [per year]."""
        return max(math.sqrt(max(0.0, float(self.facts[VARIANCE, v]))), self.trait["least_volatility"])

    def risk(self, weights: dict[int, float]) -> float:
        """Value at risk of weights by vault, as a share of wealth."""
        t = self.trait
        sigma = portfolio_volatility(list(weights.values()), [self.volatility(v) for v in weights], t["correlation"])
        return value_at_risk(sigma, t["var_days"], t["var_quantile"])
