"""Miners who raise capital against their revenue, after cash, loans and offerings have been used.

Once a week a miner who wants more rigs than his money buys, and who neither borrowed nor offered fractions today, asks
for some months of his revenue. He offers a cap c that rigs must earn too: he compares what a rig is worth to him with
c times its price. His share repays the cap in his term at today's revenue.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, trait
from agents.miners.loans import LoanTraits, OnCredit
from agents.miners.payback import SMALLEST_ORDER
from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.lending import Borrow
from model.mechanisms.offerings import OfferContract, Tokenise
from model.mechanisms.revenue_shares import OfferRevenueShare, share_for
from model.mechanisms.rigs.investment import rig_value, willingness
from model.units import BPS, DAYS_PER_MONTH, DAYS_PER_WEEK, PPM, USD
from model.view import MarketView

OTHER_FINANCE = (Borrow, Tokenise, OfferContract)


class PartnerTraits(LoanTraits):
    """Traits of miners who take partners."""

    partner_months: Any = trait(
        {"uniform": {"low": 0.5, "high": 2.5}}, "months", "money asked for, over revenue", low=0.1, high=60.0
    )
    partner_multiple: Any = trait(
        {"uniform": {"low": 1.2, "high": 1.6}}, "1", "cap: what is paid back in all over the money", low=1.0, high=10.0,
        source="revenue-based financing in the United States: 1.2 to 2",
    )  # fmt: skip
    partner_days: Any = trait(
        {"uniform": {"low": 270.0, "high": 730.0}}, "days", "in which the cap is repaid at today's revenue", low=7.0,
        high=3_650.0,
    )  # fmt: skip
    partner_eager: Any = trait(
        {"uniform": {"low": 0.2, "high": 0.6}}, "1", "willingness to buy rigs at the cap times their price from which on he "
        "asks", low=0.0, high=1.0,
    )  # fmt: skip
    partner_slack: Any = trait(
        1.5, "1", "term over that time, for revenue that falls", low=1.0, high=10.0,
    )  # fmt: skip


class EquityPartner(OnCredit):
    """Invests by payback, on loan where there is a pool, by offering, and last with money of a partner."""

    name = "equity_partner"
    Traits = PartnerTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do; offers of revenue by those who found no other money."""
        served: set[int] = set()
        for action in super().decide(cohort, market):
            if isinstance(action, OTHER_FINANCE):
                served.update(action.rows["account"].tolist())
            yield action
        if not (market.has("revenue_shares") and market.new_day):
            return
        rows: list[tuple[int, ...]] = []
        for i in np.flatnonzero((cohort.slots + market.day) % DAYS_PER_WEEK == 0).tolist():
            slot, who = int(cohort.slots[i]), int(cohort.account[i])
            if who not in served and len(rows) < market.revenue_shares.room:
                rows += self._ask(slot, who, market)
        if rows:
            yield OfferRevenueShare.of_rows(rows)

    def _ask(self, slot: int, who: int, market: MarketView) -> list[tuple[int, ...]]:
        """One miner's offer, or none."""
        view, own = market.revenue_shares, self.population.columns
        revenue, multiple = float(view.revenue[who]), float(own["partner_multiple"][slot])
        if revenue <= 0.0 or view.sold[who] > 0 or self._worth_it(slot, multiple, market) < own["partner_eager"][slot]:
            return []
        money = float(own["partner_months"][slot]) * DAYS_PER_MONTH * revenue
        least = float(market.rigs.price + market.rigs.site_cost) * SMALLEST_ORDER
        if float(market.balances[USD_ASSET, who]) / USD >= money or money < least:
            return []
        days = float(own["partner_days"][slot])
        share = min(share_for(money, multiple, days, revenue), view.most_ppm / PPM)
        term = min(view.longest_days, int(days * float(own["partner_slack"][slot])))
        cap = min(view.most_bps, int(multiple * BPS))
        return [(who, int(share * PPM), int(money * USD), cap, term, 0, 0)]

    def _worth_it(self, slot: int, multiple: float, market: MarketView) -> float:
        """Willingness to buy rigs that must earn a multiple of their price."""
        rigs, own = market.rigs, self.population.columns
        (cost,) = rigs.all_in_cost(self.population.account[slot : slot + 1], own["power_price"][slot : slot + 1])
        value = rig_value(float(rigs.hashprice_mean), cost, float(own["payback_limit"][slot]))
        price = multiple * float(rigs.price + rigs.site_cost)
        return float(willingness(value, price, float(rigs.rules.willingness_slope)))
