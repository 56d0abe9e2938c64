"""Providers of curves: they lend dollars or fractions, each side by itself, as long as the curve pays their hurdle.

A curve owes its coin lenders coins and its fraction lenders fractions, so nothing has to be bought to enter. Fractions
that come back are lent again or sold.
"""

from collections.abc import Iterable
from typing import Any

from agents.base import MarketAgent, PerAgentStrategy
from agents.sheet import CLAIM, NAV, PRICE
from agents.vault_sheet import sheet_of
from model.actions import SELL, Action, Row
from model.ledger import USD_ASSET
from model.mechanisms.curve import AddCurve, CurveSwap, RemoveCurve
from model.mechanisms.vaults import Redeem
from model.streams import u01
from model.units import DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView

COINS, FRACTIONS = 0, 1
ANY = 1  # least outcome of a withdrawal: whatever the shares own


class OneSided(PerAgentStrategy):
    """Lends dollars to one drawn curve above the own hurdle, fractions at hand too, and leaves curves below it."""

    serves = "liquidity_provider"
    name = "one_sided"
    claims = True

    def decide_one(self, agent: MarketAgent, market: MarketView) -> Iterable[Row | Action]:
        """Loans to curves, withdrawals, and sales of fractions that came back."""
        if not market.has("curve"):
            return
        curve, facts = market.curve, sheet_of(self.population.market).look().facts
        lent = False
        for v in range(market.vaults.n):
            fraction = int(market.vaults.fraction[v])
            if fraction < 0:
                continue
            held = agent.held(fraction)
            if facts[CLAIM, v] > 0.0 and held > 0:
                yield Redeem.row(agent.account, vault=v, amount=held)
                continue
            if curve.share[COINS, v] < 0:
                continue
            yearly = float(curve.lp_return[v]) * DAYS_PER_YEAR
            if yearly < agent.hurdle - agent.hysteresis or facts[CLAIM, v] > 0.0:
                yield from self._leave(agent, curve, v)
                worth = held / TOKEN * facts[PRICE, v]
                if worth >= agent.smallest and facts[PRICE, v] >= facts[NAV, v]:
                    least = int(worth * (1.0 - curve.fee) * (1.0 - agent.slippage) * USD)
                    yield CurveSwap.row(agent.account, vault=v, side=SELL, amount=held, limit=least)
            elif not lent and yearly > agent.hurdle and self._considers(agent, market, v):
                lent = True
                yield from self._lend(agent, curve, v, yearly, held)

    def _considers(self, agent: MarketAgent, market: MarketView, v: int) -> bool:
        """Whether the agent looks at this curve today."""
        key: Any = market.key("curves", agent.kind)
        return bool(u01(key, agent.slot, v) < min(1.0, agent.considered / max(1, market.vaults.n)))

    def _leave(self, agent: MarketAgent, curve: Any, v: int) -> Iterable[Row]:
        for side in (COINS, FRACTIONS):
            shares = agent.held(int(curve.share[side, v]))
            if shares > 0:
                yield RemoveCurve.row(agent.account, vault=v, side=side, shares=shares, limit=ANY)

    def _lend(self, agent: MarketAgent, curve: Any, v: int, yearly: float, held: int) -> Iterable[Row]:
        eager = min(1.0, (yearly - agent.hurdle) / agent.appetite)
        cash = agent.held(USD_ASSET) / USD
        usd = min(agent.commitment * cash * eager, float(curve.reserve_usd[v]) / USD * agent.largest_share)
        if usd >= agent.smallest:
            yield AddCurve.row(agent.account, vault=v, side=COINS, amount=int(usd * USD), limit=ANY)
        if held / TOKEN * float(curve.price[v]) >= agent.smallest:
            yield AddCurve.row(agent.account, vault=v, side=FRACTIONS, amount=held, limit=ANY)
