"""Counter-bidders: funds that watch buy-outs and take the other side of those below value.

Under NIFTEX v1 only holders may counter, so they keep a few fractions of every vault.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import MarketAgent, PerAgentStrategy, Population, Traits, trait
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD, sheet_of
from model.actions import Action, Row
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.buyouts import BidBuyout, CounterBuyout, Phase
from model.mechanisms.nfts import SellNft
from model.mechanisms.rigs import SellRigs
from model.mechanisms.vaults import Redeem, VaultStatus
from model.units import TOKEN, USD
from model.view import MarketView

BUY, SELL = 0, 1


class CounterBidderTraits(Traits):
    """Traits of all counter-bidders."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12)
    attention: Any = trait(0.9, "1/day", "chance to look at buy-outs", low=0.0, high=1.0)
    foothold: Any = trait(20.0, "USD", "worth of fractions that he keeps of every vault", low=0.0, high=1e9)
    margin: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}}, "1", "below value at which he pays", low=0.0, high=1.0
    )
    part: Any = trait(0.5, "1", "most of his cash in one buy-out", low=0.0, high=1.0)
    impact: Any = trait(0.05, "1", "most by which a sale may move the price", low=1e-6, high=0.9)
    harvest: Any = trait(50.0, "USD", "coins worth this much are sold", low=0.0, high=1e9)


class CounterBidder(MarketAgent):
    """A fund that buys what raiders offer too little for."""

    kind = "counter_bidder"
    strategy = "counter"
    Traits = CounterBidderTraits
    reacts = False

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """He reads the contracts themselves, whatever becomes of the interface."""
        return 1.0


class Counter(PerAgentStrategy):
    """Pays for fractions in escrow, or outbids, where the price is below value by his margin."""

    serves = "counter_bidder"
    name = "counter"

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action]:
        """Claim and sell what is over; then answer buy-outs, and keep the footholds."""
        if not market.has("buyouts"):
            return
        sheet, seen, account = sheet_of(self.population.market).look(), market.buyouts, agent.account
        yield from self._settle(agent, market)
        cash = int(market.balances[USD_ASSET, account] - math.ceil(float(sheet.scalars[CLICK]) * USD))
        for v in np.flatnonzero(market.vaults.live).tolist():
            most = min(int(agent.part * agent.cash * USD), cash)
            worth, need = float(sheet.facts[NAV, v]) * (1.0 - agent.margin), int(seen.need[v])
            phase = Phase(int(seen.phase[v]))
            if phase in (Phase.COUNTER, Phase.REJECTION):
                usd = min(most, need)
                if seen.price[v] < worth and usd > 0 and seen.opener[v] != account:
                    yield CounterBuyout.row(account, vault=v, usd=usd)
                    cash -= usd
            elif phase in (Phase.AUCTION, Phase.BIDDING):
                whole = worth * float(seen.supply[v]) / TOKEN * USD
                if need <= min(cash, whole) and seen.opener[v] != account:
                    yield BidBuyout.row(account, vault=v, usd=need)
                    cash -= need
            elif phase == Phase.NONE:
                yield from self._trade(agent, market, v, cash)

    def _settle(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Coins, NFTs and rigs are sold, ended vaults claimed."""
        account, balances = agent.account, market.balances
        coins = int(balances[BTC_ASSET, account])
        if coins and agent.coins * market.bitcoin.price >= agent.harvest:
            yield TradeCoins.row(account, side=SELL, amount=coins)
        for v in np.flatnonzero(market.vaults.status == VaultStatus.ENDED):
            held = int(balances[market.vaults.fraction[v], account])
            if held:
                yield Redeem.row(account, vault=int(v), amount=held)
        if market.has("nfts"):
            for n in np.flatnonzero(market.nfts.owner == account):
                yield SellNft.row(account, nft=int(n), limit=0)
        registered = market.rigs.registered
        if account < registered.size and registered[account] > 0:
            yield SellRigs.row(account, ghs=int(registered[account]), limit=0)

    def _trade(self, agent: Any, market: MarketView, v: int, cash: int) -> Iterable[Action]:
        """Buy the foothold if it is missing; sell what is above it where the market pays the value."""
        sheet = sheet_of(self.population.market)
        price, depth, usd, fee, value = (float(sheet.facts[row, v]) for row in (PRICE, RESERVE, RESERVE_USD, FEE, NAV))
        if price <= 0.0 or depth <= 0.0:
            return
        held = int(market.balances[market.vaults.fraction[v], agent.account])
        limit, side, amount = 1, BUY, 0
        if held == 0 and 0.0 < agent.foothold * USD <= cash and agent.foothold <= usd * agent.impact:
            amount = int(agent.foothold * USD)
        elif price * (1.0 - fee) >= value * (1.0 - agent.margin / 2.0) > 0.0:
            side = SELL
            amount = min(held - int(agent.foothold / price * TOKEN), int(depth * agent.impact / 2.0 * TOKEN))
        if amount > 0:
            rows = np.array([[agent.account, v, side, amount, limit, 0, 0]], np.int64)
            yield from sheet.venues.route(rows, 1)
