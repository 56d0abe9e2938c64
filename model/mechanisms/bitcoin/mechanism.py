"""The coin: its price moves in the morning, and the world trades any amount of it, at the day's price or pressing it."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.ledger import BTC_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.bitcoin.impact import Impact, sell_pressing, settle_pressing
from model.mechanisms.bitcoin.kernels import sell_for_cash, settle_trades
from model.mechanisms.bitcoin.params import BitcoinParams
from model.mechanisms.bitcoin.processes import STREAM, Day, bridge_step, processes
from model.units import BTC, LARGEST, USD, beyond_books

if TYPE_CHECKING:
    from model.marketplace import Marketplace

LOWEST = 0.01  # USD; below it a coin cannot be priced in base units
HIGHEST = LARGEST / USD / 2  # USD; above it quotes are no numbers of 64 bits
LOG_HIGHEST = 200.0  # far above any price and far below what floats hold


class TradeCoins(Action):
    """Trade coins with the world; `filled` is what was bought.

    Columns:
        side: 0 buys with `amount` USD base units, 1 sells `amount` satoshi
        amount: what is paid [base units]
    """

    fields = ("side", "amount")
    phase = "coins"


class CoinView(NamedTuple):
    """The coin as strategies see it."""

    price: float  # USD
    buy_price: float  # USD, world sells
    sell_price: float  # USD, world buys
    log_return: float  # of the last tick
    ema: float  # USD, mean of the last month or so
    volatility: float  # realised, annual


class Bitcoin(Mechanism):
    """The price of a coin and the trade of coins with the world.

    Attributes:
        price, buy_price, sell_price: USD per coin today; what others pay and get
        log_return: of this tick
        ema: exponential mean of the price [USD]
        volatility: realised volatility with the same memory [1/sqrt(year)]
    """

    key = "bitcoin"
    channels = {"price": "level of the coin's price", "volatility": "volatility of the coin's price"}
    Params = BitcoinParams

    def __init__(self, market: "Marketplace", params: BitcoinParams) -> None:
        super().__init__(market, params)
        chosen = processes()[params.process]
        self.process = chosen(params, market.clock, market.streams, market.scenario.folder)
        self.impact = None if params.impact is None else Impact(params, market.clock)
        self.today = Day(0.0)
        self.x = self.log_return = 0.0
        self.price = self.ema = self.process.start
        self.variance = params.volatility**2
        self._quote()

    @stage("environment")
    def move_price(self) -> None:
        """The coin's price moves."""
        clock, shocks = self.clock, self.market.shocks
        if clock.new_day:
            factor = shocks.of_day("volatility")
            self.today = self.process.day(self.x, clock.date, clock.day, self.params, factor)
        self._advance()
        moved = 0.0 if self.impact is None else self.impact.tomorrow()
        before = self.price
        log_moved = min(self.x + moved, LOG_HIGHEST)
        self.price = max(LOWEST, self.process.start * math.exp(log_moved) * shocks["price"])
        if self.price >= HIGHEST:
            weaken = "shocks of price and volatility, or bitcoin.drift and volatility, or take another bitcoin.process"
            raise beyond_books("a coin", self.price, HIGHEST, weaken)
        self.log_return = math.log(self.price / before)
        weight = 1.0 - math.exp(-clock.dt_days / self.params.memory_days)
        self.ema += weight * (self.price - self.ema)
        self.variance += weight * (self.log_return**2 / clock.dt_years - self.variance)
        self._quote()

    def _advance(self) -> None:
        """Go one tick along the day's way."""
        clock, today = self.clock, self.today
        if clock.per_day == 1:
            self.x = today.target
            return
        tick = clock.tick % clock.per_day
        jump, later = today.jumping(tick, clock.per_day)
        key = self.streams.key(STREAM + " within the day", "", clock.tick)
        end, left = today.target - jump - later, clock.per_day - tick
        self.x = jump + bridge_step(key, self.x, end, left, clock.per_day, today.spread)

    def _quote(self) -> None:
        spread = self.params.spread
        self.buy_price, self.sell_price = self.price * (1.0 + spread), self.price * (1.0 - spread)
        self.ask, self.bid = math.ceil(self.buy_price * USD), max(1, math.floor(self.sell_price * USD))
        self.ledger.value[BTC_ASSET] = self.price / BTC

    def changed(self) -> None:
        """Quote again at once."""
        self._quote()

    @property
    def volatility(self) -> float:
        """Realised volatility of the last month or so [1/sqrt(year)]."""
        return math.sqrt(self.variance)

    @settles(TradeCoins)
    def trade(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Coins against USD with the world."""
        books, world, impact = self.ledger.books, self.ledger.world, self.impact
        if impact is None:
            settle_trades(books, world, self.ask, self.bid, rows, order)
        else:
            settle_pressing(books, world, self.ask, self.bid, impact.slope, impact.sold, rows, order)

    def raise_cash(self, accounts: NDArray[np.int64], usd_needed: NDArray[np.int64]) -> None:
        """Sell just enough coins of each account to add `usd_needed` USD base units to its cash, or all it has.

        Args:
            accounts: whose coins, int64
            usd_needed: the part of a bill that cash does not cover [USD base units], int64
        """
        books, world, impact = self.ledger.books, self.ledger.world, self.impact
        if impact is None:
            sell_for_cash(books, world, self.bid, accounts, usd_needed)
        else:
            sell_pressing(books, world, self.bid, impact.slope, impact.sold, accounts, usd_needed)

    def view(self) -> CoinView:
        """Today's price and its recent past."""
        return CoinView(self.price, self.buy_price, self.sell_price, self.log_return, self.ema, self.volatility)

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """Coins sold in this tick, where they press the price."""
        return () if self.impact is None else (self.impact.sold,)

    def state(self) -> Iterable[NDArray[Any]]:
        """Where the process stands."""
        today, pressed = self.today, self.impact
        parts = [self.price, self.x, today.target, today.spread, self.ema, self.variance, *self.process.state()]
        return (np.array(parts + ([] if pressed is None else [pressed.lasting, pressed.fading])), *self.undo_columns())
