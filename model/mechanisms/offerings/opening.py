"""The market's first morning: vaults that are already sold, with seeded pools."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.ledger import USD_ASSET
from model.mechanisms.offerings import formulas, kernels
from model.streams import uniforms
from model.units import TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.offerings.rules import Offerings

GHS_PER_TH = 1000


def creators(market: Any, n: int) -> list[int]:
    """Accounts of n miners spread over the population, or the platform where there are none."""
    miners = market.populations.get("miner")
    if miners is None or len(miners) == 0:
        return [market.platform] * n
    return [int(miners.account[i * len(miners) // n]) for i in range(n)]


class Buyers:
    """Agents of some kinds with their cash on the first morning.

    Args:
        market: where they live
        kinds: their kinds, those absent are passed over
    """

    def __init__(self, market: Any, kinds: tuple[str, ...]) -> None:
        self.market = market
        present = [market.populations[kind] for kind in kinds if kind in market.populations]
        self.populations = [p for p in present if len(p)]
        accounts = [p.account[: len(p)] for p in self.populations]
        self.account: NDArray[np.int64] = np.concatenate(accounts) if accounts else np.zeros(0, np.int64)
        self.cash: NDArray[np.int64] = market.ledger.books.balances[USD_ASSET, self.account]

    def joins(self, v: int, probability: float) -> NDArray[np.bool_]:
        """Who takes part in vault v, by a draw of each agent's own."""
        draws = [
            uniforms(self.market.streams.key("first holdings", p.table.kind), np.arange(len(p), dtype=np.int64), v)
            for p in self.populations
        ]
        return np.concatenate(draws) < probability if draws else np.zeros(0, np.bool_)


def sell_initial_vaults(offerings: "Offerings") -> None:
    """Make the initial vaults, sell them at the issue price to whoever can pay, and seed their pools.

    The issue price per whole fraction is multiple x rig price x TH / supply. What is not sold stays with the creator.
    """
    p, market, vaults, ledger = offerings.params, offerings.market, offerings.vaults, offerings.ledger
    rigs = offerings.rigs
    buyers = Buyers(market, tuple(p.initial_buyers))
    spend = p.initial_spending / (p.initial * p.initial_breadth) if p.initial else 0.0
    budget = np.floor(buyers.cash * spend).astype(np.int64)
    for creator in creators(market, p.initial):
        v = vaults.create(creator, 0)
        if v < 0:
            break
        vaults.endow(v, round(p.th * GHS_PER_TH), rigs.shipping * p.initial_efficiency, p.initial_power_price)
        supply, fraction = int(vaults.supply[v]), int(vaults.fraction[v])
        price = max(1, round(p.issue_multiple * rigs.price * p.th / (supply / TOKEN) * USD))
        ledger.value[fraction] = price / USD / TOKEN
        parts = formulas.parts_of(supply, p.initial_keep_bps, p.seed_bps)
        sold = kernels.allot(
            ledger.books, fraction, creator, buyers.account, buyers.joins(v, p.initial_breadth), buyers.cash, budget,
            parts.offered, price, formulas.lot(price),
        )  # fmt: skip
        proceeds = formulas.cost_of(int(sold), price)
        offerings.pay_fee(creator, proceeds)
        offerings.seed_pool(v, creator, proceeds, price)
        machines = offerings.rigs.machines(int(vaults.account[v]))
        text = f"{machines}: opens with {sold / supply:.0%} of its fractions sold at {price / USD:.4g} USD"
        market.journal.event("vault", text, account=creator, vault=v, amount=proceeds / USD)
