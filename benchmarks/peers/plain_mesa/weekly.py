"""Metrics of once a week: how fractions, wealth and rigs are spread over agents, and what each kind has gained."""

from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {
    "retail_investor": "holders.retail_return",
    "miner": "holders.miner_return",
    "liquidity_provider": "holders.provider_return",
    "arbitrageur": "holders.arbitrageur_return",
}
WEEKLY = (
    "holders.holders", "holders.diversification", "holders.gini", "holders.herfindahl", *KINDS.values(),
    "holdings.gini", "holdings.herfindahl", "holdings.retail_top_tenth", "holdings.retail_largest",
    "miners.gini", "miners.herfindahl", "tail.everybody", "tail.retail", "tail.miners",
)  # fmt: skip


def gini(values: Any) -> float:
    """Gini coefficient: 2 sum(i x_i) / (n sum(x)) - (n + 1)/n over sorted values."""
    x = np.sort(np.asarray(values))
    n, total = x.size, float(x.sum())
    return 2.0 * float(np.arange(1, n + 1) @ x) / (n * total) - (n + 1.0) / n if total > 0.0 else nan


def herfindahl(values: Any) -> float:
    """Sum of squared shares."""
    x = np.asarray(values)
    total = float(x.sum())
    return float(x @ x) / (total * total) if total > 0.0 else nan


def hill(wealth: list[float]) -> float:
    """Exponent of the tail of the richest tenth; NaN below ten of them."""
    x = np.array(wealth)
    x = np.sort(x[x > 0.0])
    k = x.size // 10
    logs = float(np.log(x[-k:] / x[-k - 1]).sum()) if k >= 10 else 0.0
    return k / logs if logs > 0.0 else nan


class Weekly:
    """Measures once a week and leaves the figures for the next days.

    Args:
        model: the market
        figures: by name, written into
    """

    def __init__(self, model: Any, figures: dict[str, float]) -> None:
        self.model, self.figures = model, figures
        self.start: dict[str, float] = {}

    def measure(self) -> None:
        """All of them."""
        m, f = self.model, self.figures
        self.holders()
        self.returns()
        fleets = [miner.site.th for miner in m.miners]
        f["miners.gini"], f["miners.herfindahl"] = gini(fleets), herfindahl(fleets)
        f["tail.everybody"] = hill([agent.wealth for agent in m.everybody])
        f["tail.retail"] = hill([agent.wealth for agent in m.by_kind["retail_investor"]])
        f["tail.miners"] = hill([miner.wealth for miner in m.miners])

    def holders(self) -> None:
        """Who holds fractions, of how many vaults, and how unequally."""
        m, f = self.model, self.figures
        worth, each = self.worth(m.everybody)
        held = worth[worth > 0.0]
        f["holders.holders"] = held.size
        f["holders.diversification"] = float(each.mean()) if each.size else nan
        f["holders.gini"], f["holders.herfindahl"] = gini(held), herfindahl(held)
        f["holdings.gini"], f["holdings.herfindahl"] = gini(worth), herfindahl(worth)
        start = len(m.miners)  # retail investors come second
        retail = np.sort(worth[start : start + len(m.by_kind["retail_investor"])])
        whole, tenth = float(retail.sum()), max(1, retail.size // 10)
        f["holdings.retail_top_tenth"] = float(retail[-tenth:].sum()) / whole if whole > 0.0 else nan
        f["holdings.retail_largest"] = float(retail[-1]) if retail.size else nan

    def worth(self, agents: list[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of all fractions by agent [USD], and the effective number of vaults of each who has any."""
        worths, effective = [], []
        for agent in agents:
            worth = squares = 0.0
            for vault, amount in agent.held.items():
                usd = amount * vault.mark
                worth += usd
                squares += usd * usd
            worths.append(worth)
            if squares > 0.0:
                effective.append(worth * worth / squares)
        return np.array(worths), np.array(effective)

    def returns(self) -> None:
        """By kind: (net worth now + taken out - at the start - paid in) / (at the start + paid in)."""
        m, now = self.model, {}
        for kind in KINDS:
            rigs = [(rig.th, rig.efficiency) for agent in m.by_kind[kind] for rig in agent.rigs]
            resale = sum(th * m.rig_market.resale(efficiency) for th, efficiency in rigs)
            now[kind] = sum(agent.wealth for agent in m.by_kind[kind]) + resale
        if not self.start:
            self.start, m.brought, m.taken = now, 0.0, 0.0
        for kind, name in KINDS.items():
            brought, taken = (m.brought, m.taken) if kind == "miner" else (0.0, 0.0)
            capital = self.start[kind] + brought
            self.figures[name] = (now[kind] + taken) / capital - 1.0 if capital > 0.0 else nan
