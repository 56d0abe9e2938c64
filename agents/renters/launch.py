"""A coin launch: whoever wants the first coins of a new chain hires hashpower for it, and bids more than mining pays.

The new chain is not in the model: what is rented for it leaves the market's network, and its coins are not counted.
"""

from collections.abc import Iterable
from typing import Any

from agents.base import PerAgentStrategy, Traits, trait
from agents.costs import click_of
from agents.renters.renting import SMALLEST_BUDGET, WORTH_A_CHANGE, keep_currency, money, own_price, worth_a_change
from model.actions import Row
from model.mechanisms.rental import BidHashpower, CancelBid, RepriceBid, affordable
from model.mechanisms.rental.table import ELSEWHERE, LEFT, NUMBER, OWNER, PRICE, USD_PRICED
from model.units import BTC, HOURS_PER_DAY, PPM, USD
from model.view import MarketView


class LaunchTraits(Traits):
    """Traits of those who mine a new coin from its first day."""

    launch_day: Any = trait(30.0, "days", "day of the launch", low=0.0, high=1e6)
    launch_premium: Any = trait(
        {"uniform": {"low": 0.3, "high": 1.5}}, "1", "worth of mining the new coin on its first day, over hashprice, less 1",
        source="assumption; first days of new coins paid a multiple of mining the old one", low=-1.0, high=100.0,
    )  # fmt: skip
    launch_half_life: Any = trait(5.0, "days", "in which that premium halves, as others come", low=0.01, high=3_650.0)


class Launch(PerAgentStrategy):
    """From the launch on bids hashprice times one plus what is left of the premium, until nothing is."""

    serves = "renter"
    name = "launch"
    Traits = LaunchTraits

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Get coins before the launch; then bid, reprice as the premium fades, and leave."""
        if not market.has("rental"):
            return
        yield from keep_currency(agent, market, SMALLEST_BUDGET)
        rental, since = market.rental, market.day - agent.launch_day
        if since < 0.0:
            return
        premium = agent.launch_premium * 2.0 ** (-since / agent.launch_half_life)
        own = rental.orders[rental.orders[:, OWNER] == agent.account]
        if premium < WORTH_A_CHANGE:
            for order in own:
                yield CancelBid.row(agent.account, number=int(order[NUMBER]))
            return
        funds, currency = money(agent, market)
        price = own_price(rental.fair * (1.0 + premium) / (1.0 + rental.fee), currency, market)
        unit = 1.0 / USD if currency == USD_PRICED else float(market.bitcoin.price) / BTC
        for order in own:
            if worth_a_change(float(order[PRICE]), float(price), int(order[LEFT]) * unit, click_of(market)):
                yield RepriceBid.row(agent.account, number=int(order[NUMBER]), price=price)
        budget = int(funds * agent.order_share)
        if own.shape[0] or budget * unit < SMALLEST_BUDGET:
            return
        hours = max(1, int(max(market.dt_days, agent.order_days) * HOURS_PER_DAY))
        ghs = affordable(budget, price, hours, int(rental.fee * PPM) + 1)
        if ghs > 0:
            yield BidHashpower.row(
                agent.account, ghs=ghs, price=price, budget=budget, currency=currency, hours=0, use=ELSEWHERE
            )  # fmt: skip
