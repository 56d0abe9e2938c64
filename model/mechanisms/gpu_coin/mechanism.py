"""The second coin: its price and blocks, cards that run while they pay, and the day on which mining ends."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.clock import parse_start
from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.gpu_coin import formulas
from model.mechanisms.gpu_coin.kernels import find_blocks, pay_miners, run_cards, trade
from model.mechanisms.gpu_coin.params import GpuCoinParams
from model.mechanisms.gpu_coin.prices import STREAM, OwnPrices, log_return
from model.mechanisms.gpu_coin.public import GpuView, SellGpus, TradeGpuCoins
from model.units import BTC, LARGEST_POSTING, MHS_PER_GHS, PPM, SECONDS_PER_HOUR, USD
from model.view import frozen

LOWEST = 0.01  # USD; below it the coin cannot be priced in base units
LARGEST_CARDS = 1_000_000_000_000  # MH/s of an account, above any network


class GpuCoin(Mechanism):
    """A coin that GPUs mine until it goes over to stake.

    Attributes:
        coin: its asset; pool: account of the pool that its miners work for; kept: what that has kept [base units]
        mhs, running: cards and those that run [MH/s] by account; joules [J/MH]; power_price: own [USD/kWh]
        gross, bill: of the tick [USD base units] by account
        chain: difficulty, and time stamp of the last block from the start of the tick
        rest_on: part of the rest's cards that run; blocks: of the tick
        hashrate: of everybody in the tick [MH/s]; ended: first tick without mining, -1 before
        sold: MH/s of cards sold in the tick
    """

    key = "gpu_coin"
    within = "network.gpu"
    needs = ("bitcoin", "power", "rigs")
    channels = {
        "gpu_price": "level of the second coin's price",
        "gpu_hashrate": "hash rate of the rest of the second coin's network",
    }
    Params = GpuCoinParams

    @classmethod
    def room(cls, params: GpuCoinParams) -> tuple[int, int, int]:
        """The coin; the pool."""
        return 1, 0, 1

    def __init__(self, market: Any, params: GpuCoinParams) -> None:
        super().__init__(market, params)
        ledger = self.ledger
        self.coin = ledger.add_asset("GPU coin", Group.OTHER, (ledger.world, ledger.protocol))
        self.pool = ledger.open_account("mining_pools", "gpu pool")
        self.kept, self.sold, self.blocks, self.ended = 0, 0, 0, -1
        self.mhs, self.running, self.gross, self.bill = (np.zeros(0, np.int64) for _ in range(4))
        self.joules, self.power_price = np.zeros(0), np.zeros(0)
        self.own = OwnPrices(params.file, market.scenario.folder, self.clock) if params.file is not None else None
        self.price = self.base = self.own.of(self.clock.start) if self.own is not None else params.price
        self.rest_on, self.rest_mhs = 1.0, params.rest_ghs * MHS_PER_GHS
        self.chain = np.array([formulas.LEAST_DIFFICULTY, 0], np.int64)
        self.hashrate = 0.0
        self.power.seizures.append(self.seize)
        self._reserve()
        self._quote()

    def _reserve(self) -> None:
        more = self.ledger.books.sector.size - self.mhs.size
        if more > 0:
            for name in ("mhs", "running", "gross", "bill", "joules", "power_price"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros(more, old.dtype)]))

    def add(
        self, accounts: NDArray[np.int64], mhs: NDArray[np.int64], joules: NDArray[np.float64], usd_per_kwh: NDArray[np.float64]
    ) -> None:  # fmt: skip
        """Register cards: MH/s, J/MH and own power price of accounts without any."""
        self._reserve()
        self.mhs[accounts] = np.clip(mhs, 0, LARGEST_CARDS)
        self.joules[accounts], self.power_price[accounts] = joules, usd_per_kwh
        if self.clock.tick < 0:
            self.open()

    def open(self) -> None:
        """Difficulty is that of the hash rate before the first morning."""
        self.hashrate = self.rest_mhs + float(self.mhs.sum())
        lasting = int(self.hashrate * formulas.MEGA * formulas.mean_block_seconds())
        self.chain[0] = min(max(formulas.LEAST_DIFFICULTY, lasting), formulas.LARGEST_DIFFICULTY)
        self.rest_on = self._wanted() if self.params.rest == "elastic" else 1.0
        self.running[:] = self.mhs if self.mined else 0

    # -- looks

    @property
    def mined(self) -> bool:
        """Whether the coin is still mined."""
        return self.days_left > 0.0

    @property
    def days_left(self) -> float:
        """Days until mining ends, infinite where it never does."""
        if not self.params.merge:
            return math.inf
        return (parse_start(self.params.merge) - self.clock.start).days - max(0, self.clock.tick) * self.clock.dt_days

    @property
    def hashprice(self) -> float:
        """USD per GH/s and day, before the pool's fee; 0 after the end."""
        if not self.mined:
            return 0.0
        return formulas.gpu_hashprice(float(self.chain[0]), self.params.reward, self.params.fees, self.price)

    @property
    def resale(self) -> float:
        """Price of used cards [USD per MH/s]."""
        p = self.params
        return formulas.resale_after(p.resale, p.glut, -self.days_left, p.glut_days)

    # -- the day

    @stage("environment")
    def move_price(self) -> None:
        """The second coin's price moves."""
        self.sold = 0
        if self.own is not None:
            self.base = self.own.of(self.clock.date)
        else:
            normal = self.streams.normal(STREAM, self.clock.tick)
            self.base *= math.exp(log_return(self.params, self.bitcoin.log_return, self.clock.dt_years, normal))
        self.price = max(LOWEST, self.base * self.market.shocks["gpu_price"])
        self._quote()

    def _quote(self) -> None:
        spread = self.params.spread
        self.ask = math.ceil(self.price * (1.0 + spread) * USD)
        self.bid = max(1, math.floor(self.price * (1.0 - spread) * USD))
        self.ledger.value[self.coin] = self.price / BTC

    def _wanted(self) -> float:
        """Part of the rest's cards whose power and its taxes are paid, under lognormal power prices."""
        p, tariff = self.params, self.rigs.tariff
        price = formulas.breakeven_card_power_price(self.hashprice * (1.0 - p.pool_fee), p.rest_joules) - tariff.tax
        if price <= 0.0 or tariff.factor <= 0.0:  # nothing is earned, or power is free
            return float(price > 0.0)
        price /= tariff.factor * (1.0 + tariff.tax_share)
        return 0.5 * math.erfc(-(math.log(price / p.rest_power) / p.rest_power_sd) / math.sqrt(2.0))

    @stage("production")
    def mine(self) -> None:
        """Cards run where they pay; blocks of the second coin are found and paid, power is invoiced; or mining is over."""
        self._reserve()
        p, clock = self.params, self.clock
        if not self.mined:
            self._end()
            return
        if p.rest == "elastic":
            self.rest_on += (self._wanted() - self.rest_on) * (1.0 - 0.5 ** (clock.dt_days / p.rest_days))
        seconds, price = clock.hours * SECONDS_PER_HOUR, self._power()
        value = self.hashprice / MHS_PER_GHS * (1.0 - p.pool_fee) * clock.dt_days
        own = run_cards(self.mhs, self.joules, price, value, float(seconds), self.running, self.bill)
        rest = self.rest_mhs * self.rest_on * self.market.shocks["gpu_hashrate"]
        self.hashrate = own + rest
        self.blocks = find_blocks(
            self.streams.key("gpu blocks", "", clock.tick), self.hashrate * formulas.MEGA, seconds, self.chain
        )
        ledger = self.ledger
        self.kept += pay_miners(
            ledger.books, self.coin, ledger.protocol, ledger.world, self.pool, ledger.utilities,
            round(self.blocks * p.reward * BTC), round(self.blocks * p.fees * BTC), round((1.0 - p.pool_fee) * PPM),
            max(1, math.ceil(self.hashrate)), max(1, round(self.price * USD)), self.running, self.bill, self.gross,
        )  # fmt: skip
        self._tax(price)

    def _power(self) -> NDArray[np.float64]:
        """Power prices of the day with taxes [USD/kWh] by account."""
        price: NDArray[np.float64] = self.rigs.tariff.paid(self.power_price)
        return price

    def _tax(self, price: NDArray[np.float64]) -> None:
        """The state's part of the bills."""
        drawn = np.flatnonzero(self.bill)
        if (self.rigs.tariff.tax <= 0.0 and self.rigs.tariff.tax_share <= 0.0) or drawn.size == 0:
            return
        before = self.power_price[drawn] * self.power.factor
        self.power.taxes[drawn] += (self.bill[drawn] * (1.0 - before / price[drawn])).astype(np.int64)

    def _end(self) -> None:
        """Nobody mines any more."""
        self.running[:] = self.gross[:] = self.bill[:] = 0
        self.hashrate, self.blocks, self.rest_on = 0.0, 0, 0.0
        if self.ended < 0:
            self.ended = self.clock.tick
            owners = int((self.mhs > 0).sum())
            text = (
                f"the second coin goes over to stake; {self.mhs.sum() / MHS_PER_GHS:,.1f} GH/s of {owners} owners stop"
            )
            self.journal.event("merge", text, amount=float(self.mhs.sum()) / MHS_PER_GHS)

    # -- what agents ask for

    @settles(TradeGpuCoins)
    def settle_trades(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """The second coin against USD with the world."""
        trade(self.ledger.books, self.coin, self.ledger.world, self.ask, self.bid, rows, order)

    @settles(SellGpus)
    def settle_sales(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Used cards are sold to the world at the day's price."""
        self._reserve()
        unit = int(self.resale * USD)
        for i in order.tolist():
            who, mhs = int(rows[i]["account"]), int(rows[i]["mhs"])
            if self.ledger.books.logging[0] != 0:
                rows[i]["status"] = Status.NOT_ALLOWED
            elif not 0 < mhs * unit < LARGEST_POSTING:
                rows[i]["status"] = Status.AMOUNT
            elif self.mhs[who] < mhs:
                rows[i]["status"] = Status.FUNDS
            else:
                self.ledger.pay(USD_ASSET, self.ledger.world, who, mhs * unit, Flow.RIGS)
                self.mhs[who] -= mhs
                self.sold += mhs
                rows[i]["status"], rows[i]["filled"] = Status.DONE, mhs * unit

    def seize(self, account: int, due: int) -> int:
        """Sell cards of who owes power to the world for the utilities, no more than he owes; USD base units got."""
        self._reserve()
        unit = max(1, int(self.resale * USD))
        taken = min(int(self.mhs[account]), -(-due // unit))
        value = min(due, unit * taken)
        self.ledger.pay(USD_ASSET, self.ledger.world, self.ledger.utilities, value, Flow.DEFAULT)
        self.mhs[account] -= taken
        self.sold += taken
        return value

    def idle(self) -> Iterable[type[Action]]:
        """All of it is used."""
        return ()

    # -- looks and laws

    def view(self) -> GpuView:
        """The second coin this morning."""
        return GpuView(
            self.coin, self.price, self.mined, self.days_left, int(self.chain[0]), self.hashrate / MHS_PER_GHS,
            self.hashprice, self.resale, frozen(self.mhs), frozen(self.running), frozen(self.joules), frozen(self.gross),
        )  # fmt: skip

    def real_assets(self) -> dict[str, dict[str, float]]:
        """Cards at what they fetch."""
        ledger, held = self.ledger, np.flatnonzero(self.mhs[: self.ledger.accounts])
        worth = np.bincount(
            ledger.books.sector[held], weights=self.mhs[held] * self.resale, minlength=len(ledger.sectors)
        )
        return {"cards": dict(zip(ledger.sectors, worth.tolist(), strict=True))}

    def state(self) -> Iterable[NDArray[Any]]:
        """Cards, the chain, the price."""
        n = self.ledger.accounts
        marks = np.array([self.price, self.base, self.rest_on, float(self.kept), float(self.ended)])
        return self.mhs[:n], self.running[:n], self.joules[:n], self.power_price[:n], self.chain, marks

    def check(self) -> None:
        """The pool holds what it kept; nobody runs what he has not; after the end nobody runs anything."""
        held = self.ledger.balance(self.coin, self.pool)
        if held != self.kept:
            raise InvariantViolated(f"gpu_coin: the pool holds {held} base units and has kept {self.kept}")
        if (self.running > self.mhs + self.sold).any() or (self.mhs < 0).any():
            raise InvariantViolated("gpu_coin: somebody runs cards that he has not got")
        if self.ended >= 0 and self.running.any():
            raise InvariantViolated("gpu_coin: cards run after the end of mining")
        if self.chain[0] < formulas.LEAST_DIFFICULTY:
            raise InvariantViolated(f"gpu_coin: difficulty {self.chain[0]} is below {formulas.LEAST_DIFFICULTY}")
