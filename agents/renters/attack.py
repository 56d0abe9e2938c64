"""An attacker who hires a majority of a chain's hash rate for some hours, whatever it costs, and leaves.

Against another chain of H honest hash rate he needs H s / (1 − s) more for a share s; against the market's own network
he needs s of all of it, for what he hires was there before. A pool or a fork is a chain, too: give its hash rate.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import PerAgentStrategy, Traits, trait
from agents.renters.renting import keep_currency, money, own_price
from model.actions import Row
from model.mechanisms.rental import BidHashpower, CancelBid, RepriceBid, affordable, majority
from model.mechanisms.rental.table import ELSEWHERE, HERE, NUMBER, OWNER, PRICE
from model.units import GHS_PER_PH, GIGAHASH, HOURS_PER_DAY, PPM, USD
from model.view import MarketView


class AttackTraits(Traits):
    """Traits of attackers."""

    coin_priced: Any = trait(
        1.0, "1", "pays in USD (0) or in coins (1)", source="NiceHash prices in BTC", low=0, high=1
    )
    attack_day: Any = trait(30.0, "days", "day on which he begins", low=0.0, high=1e6)
    attack_hours: Any = trait(6.0, "hours", "for which he needs the majority, without a break", low=1.0, high=8_760.0)
    attack_share: Any = trait(0.51, "1", "share of the chain's hash rate that he needs", low=0.01, high=0.99)
    target_ph: Any = trait(
        0.0, "PH/s", "honest hash rate of the chain or pool that he attacks; 0 is the market's own network",
        low=0.0, high=1e9,
    )  # fmt: skip
    attack_bid: Any = trait(1.0, "1", "first bid over what mining pays", low=0.01, high=1_000.0)
    attack_step: Any = trait(
        0.05, "1", "by which he raises his bid at each look without the majority", low=0.0, high=10.0
    )
    attack_limit: Any = trait(10.0, "1", "highest bid over what mining pays", low=0.01, high=1_000.0)
    spare: Any = trait(0.05, "1", "hired above the need, in case sellers fail", low=0.0, high=10.0)


class Majority(PerAgentStrategy):
    """Bids ever more until he has the majority, holds it for his hours, and takes back what is left of his money."""

    serves = "attacker"
    name = "majority"
    Traits = AttackTraits

    def open(self) -> None:
        """Nothing begun: hours held, cost so far [USD], GH/s needed and hired, best share so far."""
        for name in ("attack_held", "attack_cost", "attack_needed", "attack_hired", "attack_best", "attack_bids"):
            self.population.add_column(name)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Look what came, then raise, wait or leave."""
        if not market.has("rental"):
            return
        column, slot, rental = self.population.columns, agent.slot, market.rental
        if market.day >= agent.attack_day - 1:
            yield from keep_currency(agent, market, 100.0)
        if market.day < agent.attack_day:
            return
        needed = self._needed(agent, market)
        hired = float(rental.rented_in[agent.account])
        column["attack_needed"][slot], column["attack_hired"][slot] = needed, hired
        column["attack_cost"][slot] = float(rental.spent[agent.account]) / USD
        column["attack_best"][slot] = max(column["attack_best"][slot], self._share(agent, hired, needed))
        own = rental.orders[rental.orders[:, OWNER] == agent.account]
        done = column["attack_held"][slot] >= agent.attack_hours
        if hired >= needed and not done:
            column["attack_held"][slot] += market.dt_days * HOURS_PER_DAY
            done = column["attack_held"][slot] >= agent.attack_hours
        elif not done:
            column["attack_held"][slot] = 0.0
        if done:
            for order in own:
                yield CancelBid.row(agent.account, number=int(order[NUMBER]))
            return
        multiple = agent.attack_bid
        if own.shape[0]:
            column["attack_bids"][slot] += float(hired < needed)
            multiple = min(
                agent.attack_limit, agent.attack_bid * (1.0 + agent.attack_step) ** column["attack_bids"][slot]
            )
        yield from self._bid(agent, market, own, multiple, needed)

    @staticmethod
    def _bid(agent: Any, market: MarketView, own: Any, multiple: float, needed: float) -> Iterable[Row]:
        """One standing order with all his money for what he needs; a higher price for it while he has too little."""
        funds, currency = money(agent, market)
        price = own_price(market.rental.fair * multiple, currency, market)
        for order in own:
            if price > order[PRICE]:
                yield RepriceBid.row(agent.account, number=int(order[NUMBER]), price=price)
        ghs = int(np.ceil(needed * (1.0 + agent.spare)))
        tick = max(1, int(market.dt_days * HOURS_PER_DAY))
        if not own.shape[0] and affordable(funds, price, tick, int(market.rental.fee * PPM) + 1) > 0:
            use = ELSEWHERE if agent.target_ph > 0.0 else HERE
            yield BidHashpower.row(
                agent.account, ghs=ghs, price=price, budget=funds, currency=currency, hours=0, use=use
            )  # fmt: skip

    @staticmethod
    def _needed(agent: Any, market: MarketView) -> float:
        """GH/s that he must hire."""
        if agent.target_ph > 0.0:
            return majority(agent.target_ph * GHS_PER_PH, agent.attack_share)
        return float(market.network.hashrate) / GIGAHASH * float(agent.attack_share)

    @staticmethod
    def _share(agent: Any, hired: float, needed: float) -> float:
        """Share of the chain that he has."""
        if agent.target_ph > 0.0:
            return float(hired / (hired + agent.target_ph * GHS_PER_PH))
        return float(hired / needed * agent.attack_share) if needed > 0.0 else 0.0
