"""Institutions: the kind, and its default strategy.

An institution enters when the law is clear. Every quarter it sets a target for each vault that its mandate allows, by
mean and variance as retail investors do, and shrinks all targets until the value at risk keeps its limit. Its desk then
works towards the targets day after day: a small part of the pool's depth at a time, the rest through the batch auction.
Where only stakes earn it stakes what it does not sell.
At a review it buys what is left of offerings far below its own value. It never borrows.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Population, Strategy
from agents.beliefs import reversion, target_weight, trend_step
from agents.institutions import desk
from agents.institutions.position import Position
from agents.institutions.risk import within_limit
from agents.institutions.traits import STATE, InstitutionTraits
from agents.sheet import CLICK, COIN, OFFER, OFFER_LEFT, PRICE, RESERVE_USD
from agents.staking import EVERYBODY, unstaked
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle, Row, Trade
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Subscribe
from model.mechanisms.vaults import Stake
from model.units import BTC, TOKEN, USD
from model.view import MarketView

NO_TARGET = -1.0
SPARE = 0.99  # part of cash for an offering, the rest for fees
SALE = 4  # columns of what is sold in a morning
FEES_KEPT = 4.0  # transaction fees kept back


class Institution(MarketAgent):
    """A fund or company with a mandate, limits on risk, and orders too large for one day."""

    kind = "institution"
    strategy = "mandate"
    Traits = InstitutionTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """State columns."""
        for name, fill in STATE.items():
            population.add_column(name, fill)


class Mandated(Strategy):
    """Holds what its mandate allows by mean and variance within a value at risk, and trades patiently.

    Attributes:
        target: whole fractions wanted, by slot and vault; `NO_TARGET` where the desk has nothing to do
        next, posted: day of the next rebalancing, and tick from which batch orders may be given anew, by slot
        waits: fractions bid for or offered in batches that are still to be cleared, by slot and vault
    """

    serves = "institution"
    name = "mandate"

    def open(self) -> None:
        """Keys of lasting opinions, and the sheet of vaults."""
        market = self.population.market
        self.sheet = sheet_of(market)
        self.opinions = market.streams.key("opinion", self.population.table.kind)
        self.target, self.waits = np.zeros((2, 0, 0))
        self.sales: list[tuple[int, ...]] = []  # of the morning: account, vault, side, most that is handed over
        self.next, self.posted = np.zeros(0), np.zeros(0, np.int64)

    def state(self) -> Iterable[NDArray[Any]]:
        """Plans of the desks."""
        return self.target, self.waits, self.next, self.posted

    def _reserve(self, slots: int, vaults: int) -> None:
        more, wider = slots - self.target.shape[0], vaults - self.target.shape[1]
        if more > 0 or wider > 0:
            room = (0, max(0, more)), (0, max(0, wider))
            self.target, self.waits = np.pad(self.target, room, constant_values=NO_TARGET), np.pad(self.waits, room)
            self.next = np.pad(self.next, (0, max(0, more)))
            self.posted = np.pad(self.posted, (0, max(0, more)))

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Purchases and sales at venues, batch orders, subscriptions, stakes, and sales of income coins."""
        rows: dict[type[Action], list[tuple[int, ...]]] = {}
        sheet, self.sales = self.sheet.look(), []
        self._reserve(self.population.size, sheet.fraction.size)
        for slot in cohort.slots:
            self._look_back(int(slot), market)
            if self._entered(int(slot), market):
                for row in self._morning(Position(self.population, sheet, self.opinions, int(slot), market)):
                    rows.setdefault(row.action, []).append(row.values)
        trades = rows.pop(Trade, [])
        yield from sheet.venues.route(np.array(trades, np.int64), len(trades))
        for action, values in rows.items():
            yield action.of_rows(values)
        if market.has("vaults") and market.vaults.eligibility != EVERYBODY:
            sales = np.array(self.sales, np.int64).reshape(-1, SALE)
            yield from unstaked(market, sales, sales.shape[0], sales[:0], 0)
            yield from self._stakes(cohort, market)

    def _stakes(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Stakes of what is at hand and not for sale this morning."""
        vaults, balances = market.vaults, market.balances
        sold = {(who, v): amount for who, v, _, amount in self.sales}
        rows = [
            (who, v, spare, 0, 0)
            for v in np.flatnonzero(vaults.live).tolist()
            for who in cohort.account.tolist()
            if (spare := balances.item(vaults.fraction.item(v), who) - sold.get((who, v), 0)) > 0
        ]
        if rows:
            yield Stake.of_rows(rows)

    def _look_back(self, slot: int, market: MarketView) -> None:
        """Learn from the coin's path since the last look."""
        columns, day, price = self.population.columns, market.tick * market.dt_days, float(self.sheet.scalars[COIN])
        log_price, looked = math.log(price) if price > 0.0 else 0.0, float(columns["looked"][slot])
        if looked >= 0.0:
            gain, memory = log_price - float(columns["coin_seen"][slot]), float(columns["drift_memory"][slot])
            columns["drift_seen"][slot] = trend_step(float(columns["drift_seen"][slot]), gain, day - looked, memory)
        columns["coin_seen"][slot], columns["looked"][slot] = log_price, day

    def _entered(self, slot: int, market: MarketView) -> bool:
        if not market.has("vaults"):
            return False
        if market.has("regulation"):
            return bool(market.regulation.clear)
        return bool(market.tick * market.dt_days >= self.population.columns["clarity_day"][slot])

    def _morning(self, own: Position) -> Iterator[Row]:
        market, t, slot = own.market, own.trait, own.slot
        click = float(own.scalars[CLICK])
        if own.cash < click:
            return
        if own.coins * float(own.scalars[COIN]) / BTC >= t["smallest"]:
            yield TradeCoins.row(own.account, side=SELL, amount=own.coins)
        day = market.tick * market.dt_days
        if day >= self.next[slot]:
            if self._rebalance(own) or own.weights:  # who has found nothing yet looks again at the next review
                self.next[slot] = day + t["rebalance_days"]
        else:
            self._keep_limit(own)
        yield from self._offerings(own)
        yield from self._work(own, click)

    # -- targets

    def _rebalance(self, own: Position) -> bool:
        """Target weights by mean and variance, shrunk to the limits; whether there is a gap large enough to trade."""
        t, market = own.trait, own.market
        weights: dict[int, float] = {}
        prices: dict[int, float] = {}
        self.target[own.slot] = NO_TARGET
        for v in map(int, np.flatnonzero(market.vaults.live)):
            price = desk.price_of(market, self.sheet, v)
            price = price if price > 0.0 else own.value[v] * (1.0 - t["margin"])
            if price <= 0.0:
                continue
            excess = reversion(t["pull"], own.value[v], price, t["discount"], t["safe"])
            weight = target_weight(excess, t["risk_aversion"], own.volatility(v) ** 2, t["cap"])
            prices[v], weights[v] = price, weight if own.allows(v) else 0.0
        total = math.fsum(weights.values())
        shrink = min(1.0, t["invested"] / total) if total > 0.0 else 1.0
        shrink *= within_limit(shrink * own.risk(weights), t["var_limit"])
        for v, weight in weights.items():
            most = max(own.held[v], t["stake"] * float(market.vaults.supply[v]) / TOKEN)
            wanted = min(shrink * weight * own.wealth / prices[v], most)
            if abs(wanted - own.held[v]) * prices[v] >= max(t["smallest"], t["band"] * wanted * prices[v]):
                self.target[own.slot, v] = wanted
        return bool((self.target[own.slot] != NO_TARGET).any())

    def _keep_limit(self, own: Position) -> None:
        """Between rebalancings holdings shrink when they break the limit on value at risk."""
        shrink = within_limit(own.risk(own.weights), own.trait["var_limit"])
        if shrink < 1.0:
            for v in own.weights:
                self.target[own.slot, v] = shrink * own.held[v]

    # -- orders

    def _offerings(self, own: Position) -> Iterator[Row]:
        """All that is left of offerings well below its own value, as far as cash, cap and limits allow."""
        t, facts = own.trait, own.facts
        wanted = np.flatnonzero((facts[OFFER] > 0.0) & (facts[OFFER_LEFT] > 0.0))
        room = t["var_limit"] - own.risk(own.weights) if wanted.size else 0.0
        free = t["invested"] - math.fsum(own.weights.values())
        for v in map(int, wanted):
            price, left = float(facts[OFFER, v]), float(facts[OFFER_LEFT, v])
            if price >= own.value[v] * (1.0 - t["margin"]) or not own.allows(v):
                continue
            single = own.risk({v: 1.0})  # value at risk of a sum is at most the sum of values at risk
            weight = min(t["cap"] - own.weights.get(v, 0.0), free, room / single if single > 0.0 else free)
            spend = min(left * price, weight * own.wealth, SPARE * own.cash)
            if spend >= t["smallest"]:
                room, free = room - single * spend / own.wealth, free - spend / own.wealth
                own.cash -= spend
                fractions = int(left * TOKEN) if spend == left * price else int(spend / price * TOKEN)
                yield Subscribe.row(own.account, vault=v, fractions=fractions, limit=int(price * USD + 0.5))

    def _work(self, own: Position, click: float) -> Iterator[Row]:
        """A day's part of each order; who has more to do comes back tomorrow."""
        t, market, target = own.trait, own.market, self.target[own.slot]
        batch = self._may_post(own)
        for v in map(int, np.flatnonzero(target != NO_TARGET)):
            price = desk.price_of(market, self.sheet, v)
            gap = float(target[v]) - own.held[v]
            worth = abs(gap) * (price if price > 0.0 else own.value[v])
            if worth < t["smallest"] or (gap > 0.0 and price >= own.ceiling(v)) or not market.vaults.live[v]:
                target[v] = NO_TARGET
                continue
            self.population.alert[own.slot] = True
            depth = float(self.sheet.facts[RESERVE_USD, v]) if self.sheet.facts[PRICE, v] > 0.0 else 0.0
            part = desk.part_today(
                market.tick, v, depth, t["participation"] * market.dt_days, min(worth, click / t["slippage"])
            )
            if gap > 0.0:
                yield from self._buy(own, v, gap - self.waits[own.slot, v], price, part, batch, click)
            else:
                slices = list(self._sell(own, v, -gap - self.waits[own.slot, v], price, part, batch))
                sold = -gap * TOKEN if market.has("auction") else sum(row.values[3] for row in slices)
                self.sales.append(
                    (own.account, v, SELL, int(sold))
                )  # asks wait for a batch with what they offer at hand
                yield from slices

    def _may_post(self, own: Position) -> bool:
        """Whether orders for the batch auction may be given this morning: those given before are no longer open."""
        market = own.market
        if not market.has("auction") or market.tick < self.posted[own.slot]:
            return False
        self.posted[own.slot] = desk.free_again(market.tick, market.auction.order_ticks, market.auction.every_ticks)
        self.waits[own.slot] = 0.0
        return True

    def _buy(
        self, own: Position, v: int, gap: float, price: float, part: float, batch: bool, click: float
    ) -> Iterator[Row]:
        t, account = own.trait, own.account
        bid = min(own.ceiling(v), price * (1.0 + t["concession"]))
        bid = bid if price > 0.0 else own.value[v] * (1.0 - t["margin"])
        spend = min(gap * bid, own.cash - FEES_KEPT * click)
        if part > 0.0 and spend > 0.0:
            row = desk.slice_to_buy(account, v, self.sheet, spend, part, t["slippage"])
            paid = row.values[3] / USD
            own.cash, gap, spend = own.cash - paid - click, gap - paid / price, spend - paid
            yield row
        fractions = min(gap, (spend - click) / bid)
        if batch and fractions * bid >= t["smallest"]:
            own.cash -= fractions * bid + click
            self.waits[own.slot, v] = fractions
            yield desk.batch_row(account, v, BUY, fractions, bid)

    def _sell(self, own: Position, v: int, gap: float, price: float, part: float, batch: bool) -> Iterator[Row]:
        t, account = own.trait, own.account
        if part > 0.0 and gap > 0.0:
            row = desk.slice_to_sell(account, v, self.sheet, gap, part, t["slippage"])
            gap -= row.values[3] / TOKEN
            yield row
        if batch and price > 0.0 and gap * price >= t["smallest"]:
            self.waits[own.slot, v] = gap
            yield desk.batch_row(account, v, SELL, gap, price * (1.0 - t["concession"]))
