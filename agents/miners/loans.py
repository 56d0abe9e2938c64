"""Miners who borrow: they buy rigs from cash first, then on loan against the fractions they kept, then by offering.

A creator keeps part of each vault's fractions. At his weekly review he takes what he could borrow against them like
cash: he commits the same part of it to rigs, by how much they pay, if the rate is bearable; and when cash is short he
borrows what working capital lacks. In a week with a loan he offers nothing. He repays in weekly instalments from what
the rigs bring in, and all that cash allows once the rate is too high.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, trait
from agents.miners.mining import DAYS_PER_WEEK
from agents.miners.payback import SMALLEST_ORDER, Payback, PaybackTraits
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.lending import Borrow, Pledge, Release, Repay
from model.mechanisms.offerings import OfferContract, Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import relaxed, rig_value, running_cost, willingness
from model.units import GHS_PER_TH, TOKEN, USD
from model.view import MarketView

SPARE = 0.98  # of a loan that goes into rigs, the rest for fees
POOL_PART = 0.25  # of the pool's cash that one miner asks for at most


class LoanTraits(PaybackTraits):
    """Traits of miners who borrow."""

    loan_share: Any = trait(
        {"uniform": {"low": 0.4, "high": 0.9}},
        "1",
        "part of the pool's loan to value that a miner uses",
        source="assumption; keeps room for a fall of the fractions",
        low=0.0,
        high=1.0,
    )
    loan_rate: Any = trait(
        {"uniform": {"low": 0.10, "high": 0.30}},
        "1/year",
        "dearest rate at which a miner borrows",
        source="assumption; a payback of 12 months would bear more",
        low=0.0,
        high=5.0,
    )
    loan_weeks: Any = trait(52.0, "weeks", "in which a debt is paid back", source="assumption", low=1.0, high=520.0)
    loan_health: Any = trait(1.2, "1", "health below which a miner adds collateral or repays", low=1.0, high=10.0)


class OnCredit(Payback):
    """Invests and tokenises by payback, and borrows against fractions kept before it offers more of them."""

    name = "on_credit"
    Traits = LoanTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do, and working capital on loan; who borrows makes no offer."""
        if not (market.has("lending") and market.new_day):
            yield from super().decide(cohort, market)
            return
        loans: dict[type[Action], list[tuple[int, ...]]] = {}
        sizes = self._collateral(market, cohort)
        for i in range(len(cohort)):
            if (cohort.slots[i] + market.day) % DAYS_PER_WEEK == 0:
                self._review(int(cohort.slots[i]), int(cohort.account[i]), sizes[i], market, loans)
        borrowers = [row[0] for row in loans.get(Borrow, ())]
        for action in super().decide(cohort, market):
            if borrowers and isinstance(action, (Tokenise, OfferContract)):
                action.rows = action.rows[~np.isin(action.rows["account"], borrowers)]
            yield action
        for kind, rows in loans.items():
            yield kind.of_rows(rows)

    def _collateral(self, market: MarketView, cohort: Cohort) -> list[dict[int, int]]:
        """Fractions at hand that each miner could pledge, by vault [base units]."""
        pool, vaults = market.lending, market.vaults
        found: list[dict[int, int]] = [{} for _ in range(len(cohort))]
        for v in np.flatnonzero(
            pool.fresh[: vaults.n] & (pool.pledge[: vaults.n] >= 0) & (pool.cap_left[: vaults.n] > 0)
        ):
            held = market.balances[vaults.fraction[v], cohort.account]
            for i in np.flatnonzero(held > 0):
                found[i][int(v)] = min(int(held[i]), int(pool.cap_left[v]))
        return found

    def _review(
        self,
        slot: int,
        who: int,
        free: dict[int, int],
        market: MarketView,
        out: dict[type[Action], list[tuple[int, ...]]],
    ) -> None:
        """One miner's week: loans, repayments, collateral, as rows by action."""
        pool, cash, own = market.lending, float(market.balances[USD_ASSET, who]) / USD, self.population.columns
        debt, collateral, health = (
            float(column[who]) for column in (pool.debt_usd, pool.collateral_value, pool.health)
        )
        if not free and debt <= 0.0 and collateral <= 0.0:
            return
        worth = {v: amount / TOKEN * float(market.oracle.price[v]) for v, amount in free.items()}
        part = float(own["loan_share"][slot]) * pool.ltv
        bearable = bool(pool.borrow_rate < own["loan_rate"][slot])
        lacks = debt * float(own["loan_health"][slot]) / pool.threshold - collateral
        room = min(part * (collateral + sum(worth.values())) - debt, POOL_PART * pool.cash)
        invested = room * self._eager(slot, market) * relaxed(1.0, float(market.rigs.rules.spending_weeks))
        short = float(own["working_cash"][slot]) * self._fleet(who, market) - cash
        loan = invested + min(max(0.0, short), room - invested)
        if bearable and lacks <= 0.0 and loan > self._least(market):
            self._pledge(who, free, worth, (debt + loan) / part - collateral, out)
            out.setdefault(Borrow, []).append((who, int(loan * USD), 0, 0))
            if invested > self._least(market):
                order = (who, int(market.rigs.site[who]), int(invested * SPARE * USD), 0, 0, 0)
                out.setdefault(OrderRigs, []).append(order)
            return
        if lacks > 0.0 and debt > 0.0:
            lacks -= self._pledge(who, free, worth, lacks, out)
        due = max(debt / float(own["loan_weeks"][slot]) if bearable else debt, lacks * pool.threshold, 0.0)
        paid = min(due, debt + 1.0, SPARE * cash)
        if debt > 0.0 and paid > 0.0 and health > 0.0:
            out.setdefault(Repay, []).append((who, int(paid * USD) + 1, 0, 0))
        elif debt <= 0.0 and collateral > 0.0:
            for v in np.flatnonzero(pool.pledge >= 0):
                held = int(market.balances[pool.pledge[v], who])
                if held:
                    out.setdefault(Release, []).append((who, int(v), held, 0, 0))

    @staticmethod
    def _pledge(
        who: int,
        free: dict[int, int],
        worth: dict[int, float],
        wanted: float,
        out: dict[type[Action], list[tuple[int, ...]]],
    ) -> float:
        """Pledge fractions worth so much, the vault with most first; what they are worth [USD]."""
        got = 0.0
        for v in sorted(worth, key=lambda v: (-worth[v], v)):
            if got >= wanted or worth[v] <= 0.0:
                break
            share = min(1.0, (wanted - got) / worth[v] * (1.0 + 1e-3))
            out.setdefault(Pledge, []).append((who, v, min(free[v], int(free[v] * share) + 1), 0, 0))
            got += worth[v] * share
        return got

    def _eager(self, slot: int, market: MarketView) -> float:
        """Willingness to buy new rigs."""
        rigs, own = market.rigs, self.population.columns
        power = float(rigs.tariff.taxed(own["power_price"])[slot])
        cost = running_cost(power, float(rigs.efficiency), float(rigs.rules.overhead * rigs.rules.pue))
        value = rig_value(float(rigs.hashprice_mean), cost, float(own["payback_limit"][slot]))
        return float(willingness(value, float(rigs.price + rigs.site_cost), float(rigs.rules.willingness_slope)))

    @staticmethod
    def _fleet(who: int, market: MarketView) -> float:
        """What a miner's fleet would cost new [USD]."""
        rigs = market.rigs
        return float(rigs.registered[who]) / GHS_PER_TH * float(rigs.price + rigs.site_cost)

    @staticmethod
    def _least(market: MarketView) -> float:
        """Loan too small to order rigs for [USD]."""
        return float(market.rigs.price + market.rigs.site_cost) * SMALLEST_ORDER
