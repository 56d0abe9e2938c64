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
ENDED, NOTHING = int(VaultStatus.ENDED), int(Phase.NONE)
PAID_PIECEWISE, OUTBID = (Phase.COUNTER, Phase.REJECTION), (Phase.AUCTION, Phase.BIDDING)
QUOTES = [PRICE, RESERVE, RESERVE_USD, FEE, NAV]
VALUE = QUOTES.index(NAV)
ALMOST = (1.0 - 1e-9) * TOKEN  # nobody who could sell is left out by rounding


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
        own = {name: getattr(agent, name) for name in ("part", "cash", "margin", "foothold", "impact")}
        live = np.flatnonzero(market.vaults.live)
        held, phase = market.balances[market.vaults.fraction[live], account], seen.phase[live]
        quotes = sheet.facts[QUOTES][:, live]
        price, _, usd, fee, value = quotes
        buys = (held == 0) & (own["foothold"] <= usd * own["impact"])
        sells = (price * (1.0 - fee) >= value * (1.0 - own["margin"] / 2.0)) & (held * price > ALMOST * own["foothold"])
        for k in np.flatnonzero((phase != NOTHING) | buys | sells).tolist():
            v, now, quote = int(live[k]), int(phase[k]), quotes[:, k].tolist()
            if now == NOTHING:
                yield from self._trade(account, own, v, cash, int(held[k]), *quote)
                continue
            most, need = min(int(own["part"] * own["cash"] * USD), cash), int(seen.need[v])
            worth = quote[VALUE] * (1.0 - own["margin"])
            if now in PAID_PIECEWISE:
                pays = min(most, need)
                if seen.price[v] < worth and pays > 0 and seen.opener[v] != account:
                    yield CounterBuyout.row(account, vault=v, usd=pays)
                    cash -= pays
            elif now in OUTBID:
                whole = worth * float(seen.supply[v]) / TOKEN * USD
                if need <= min(cash, whole) and seen.opener[v] != account:
                    yield BidBuyout.row(account, vault=v, usd=need)
                    cash -= need

    def _settle(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Coins, NFTs and rigs are sold, ended vaults claimed."""
        account, balances = agent.account, market.balances
        coins = int(balances[BTC_ASSET, account])
        if coins and agent.coins * market.bitcoin.price >= agent.harvest:
            yield TradeCoins.row(account, side=SELL, amount=coins)
        ended = np.flatnonzero(market.vaults.status == ENDED)
        held = balances[market.vaults.fraction[ended], account]
        for k in np.flatnonzero(held).tolist():
            yield Redeem.row(account, vault=int(ended[k]), amount=int(held[k]))
        if market.has("nfts"):
            for n in np.flatnonzero(market.nfts.owner == account):
                yield SellNft.row(account, nft=int(n), limit=0)
        registered = market.rigs.registered
        if account < registered.size and registered[account] > 0:
            yield SellRigs.row(account, ghs=int(registered[account]), limit=0)

    def _trade(
        self, account: int, own: dict[str, float], v: int, cash: int, held: int, price: float, depth: float, usd: float,
        fee: float, value: float,
    ) -> Iterable[Action]:  # fmt: skip
        """Buy the foothold if it is missing; sell what is above it where the market pays the value."""
        if price <= 0.0 or depth <= 0.0:
            return
        foothold, impact, side, amount = own["foothold"], own["impact"], BUY, 0
        if held == 0 and 0.0 < foothold * USD <= cash and foothold <= usd * impact:
            amount = int(foothold * USD)
        elif price * (1.0 - fee) >= value * (1.0 - own["margin"] / 2.0) > 0.0:
            side = SELL
            amount = min(held - int(foothold / price * TOKEN), int(depth * impact / 2.0 * TOKEN))
        if amount > 0:
            rows = np.array([[account, v, side, amount, 1, 0, 0]], np.int64)
            yield from sheet_of(self.population.market).venues.route(rows, 1)
