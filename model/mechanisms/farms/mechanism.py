"""Farms: what is staked earns tokens, points or fees; the day, the actions, looks and laws."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.errors import InvariantViolated
from model.flows import Flow
from model.mechanism import settles, stage
from model.mechanisms.farms import kernels, laws, looks, peg, trading
from model.mechanisms.farms.designs.master_chef import MasterChef
from model.mechanisms.farms.designs.unifty_points import UniftyPoints
from model.mechanisms.farms.opening import Opening
from model.mechanisms.farms.params import EmissionParams, FarmsParams
from model.mechanisms.farms.public import (
    AddTokenLiquidity,
    BuyFromShop,
    FarmsView,
    Harvest,
    MintPeg,
    RedeemPeg,
    RemoveTokenLiquidity,
    StakeFarm,
    TradeToken,
    UnstakeFarm,
)
from model.mechanisms.farms.schedules import emitted_by
from model.mechanisms.farms.shop import Shop
from model.mechanisms.farms.table import EMITTED, FIXED, Row, Table
from model.pass_through import mark_parked, pass_through
from model.units import LARGEST_RESERVE, SECONDS_PER_HOUR, TOKEN

BLOCKS_PER_DAY = 144


class Farms(Opening):
    """Farms that pay a reward token to what is staked, the pool of the token, its shop and its peg.

    Attributes:
        shop: what is sold for points
        keep: part of a running mean of fees that a tick keeps
        chef_weight: weights of all open farms that share one emission
        minted_for_peg: tokens made for redeemed pegged dollars so far, one entry [base units]
        stakes: farms in which each account has a stake, counted anew unless `stakes_known`
    """

    key = "farms"
    needs = ("vaults",)
    wants = ("amm", "weighted", "curve", "auction", "lending", "nfts", "network", "fees", "suppliers", "nft_market")
    channels = {"emission": "what farms emit; -1 ends it"}

    def __init__(self, market: Any, params: FarmsParams) -> None:
        super().__init__(market, params)
        self.keep = 0.5 ** (self.clock.dt_days / params.smoothing_days)
        self.mean_keep = math.exp(-self.clock.hours / params.token.twap_hours)
        self.minted_for_peg = np.zeros(1, np.int64)
        self.point_seconds = params.point_seconds
        self.shop = Shop(self)
        self.seen = laws.Seen(self.table)
        self._chef = (-2, 0.0, 0)
        self.board: looks.Board | None = None
        self.chef_weight = 0
        self.stakes, self.stakes_known = np.zeros(0, np.int64), np.zeros(1, np.int64)
        if params.shop:
            self._check_shop()

    def _check_shop(self) -> None:
        looks.check_shop(self)

    def open(self) -> None:
        """Make the token, its pools, and what the shop has on stock."""
        self.start_token()
        self.shop.open()

    def changed(self) -> None:
        """A new rate of points counts for all that is not yet claimed."""
        if self.params.point_seconds != self.point_seconds:
            for row in self.rows:
                if row.design is UniftyPoints:
                    UniftyPoints.restate(self, row, self.point_seconds, self.params.point_seconds)
            self.point_seconds = self.params.point_seconds

    # -- time and emission

    @property
    def seconds(self) -> int:
        """Length of a tick [s]."""
        return self.clock.hours * SECONDS_PER_HOUR

    @property
    def now(self) -> int:
        """Seconds from the start of the run to that of the tick."""
        return max(0, self.clock.tick) * self.seconds

    def scheduled(self, p: EmissionParams, emitted: int, day: float | None = None, days: float = 0.0) -> int:
        """Tokens that a schedule emits from a day on in so many days, in the tick if not given [base units].

        Args:
            emitted: of it before [base units], with which its cap is kept under shocks and luck with blocks
        """
        tick, factor = max(0, self.clock.tick), float(self.market.shocks["emission"])
        if day is not None:
            since, until = day, day + days
        else:
            since, until = tick * self.clock.dt_days, (tick + 1) * self.clock.dt_days
            if p.clocked_by == "blocks":
                factor *= self.network.blocks_found / (BLOCKS_PER_DAY * self.clock.dt_days)
        amount = int(emitted_by(p, until) * TOKEN) - int(emitted_by(p, since) * TOKEN)
        if factor == 1.0:
            return amount
        amount = int(amount * factor)
        return max(0, min(amount, int(p.cap * TOKEN) - emitted)) if p.cap > 0.0 else amount

    def rate_now(self, p: EmissionParams) -> float:
        """Tokens that a schedule emits a day at this moment [base units/day]."""
        day = max(0, self.clock.tick) * self.clock.dt_days
        more = emitted_by(p, day + self.clock.dt_days) - emitted_by(p, day)
        return more / self.clock.dt_days * TOKEN * float(self.market.shocks["emission"])

    def chef_now(self) -> tuple[float, int]:
        """Rate [base units/day] and tokens of the tick that all farms of the chef share, worked out for the first of them."""
        if self._chef[0] != self.clock.tick:
            emitted = sum(int(row.state[EMITTED]) for row in self.rows if row.design is MasterChef)
            self._chef = (self.clock.tick, self.rate_now(self.params.chef), self.scheduled(self.params.chef, emitted))
        return self._chef[1:]

    def fund(self, row: Row, amount: int) -> None:
        """Make tokens for a row, as many as the ledger can hold."""
        amount = min(amount, self.room_left)
        if amount > 0:
            self.ledger.pay(self.token, self.issuer, row.pot, amount, Flow.EMISSION)
            row.state[EMITTED] += amount

    def hand_on(self, row: Row, f: int, amount: int) -> None:
        """Give tokens of a row to a farm, as many as the row has, and credit them to its stakers."""
        amount = min(amount, self.ledger.balance(self.token, row.pot))
        if amount > 0:
            self.ledger.pay(self.token, row.pot, int(self.table.pot[f]), amount, Flow.EMISSION)
            self.table.waiting[f] += amount
        kernels.credit(self.ledger.books, self.table, f)

    @property
    def room_left(self) -> int:
        """Tokens that the ledger can still hold [base units]."""
        return LARGEST_RESERVE - self.ledger.outstanding(self.token)

    # -- the day

    @stage("accrual")
    def accrue(self) -> None:
        """Farms pass on what their stakes earn, and credit the tick's tokens and points."""
        self.open_farms()
        self.shop.restock()
        pass_through(self.ledger, self.passing, self.table.kept)
        self.chef_weight = sum(row.params.weight * len(row.open) for row in self.rows if row.design is MasterChef)
        for row in self.rows:
            row.design.accrue(self, row)

    @stage("observe")
    def look(self) -> None:
        """Prices of the tokens are quoted."""
        self.pools.quote(self.mean_keep)

    def _settle(self, staking: bool, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        if self.stakes.size != self.ledger.books.sector.size:
            self.stakes, self.stakes_known[0] = np.zeros(self.ledger.books.sector.size, np.int64), 0
        kernels.settle_stakes(self.ledger.books, self.slots, staking, rows, order, self.stakes, self.stakes_known)

    @settles(StakeFarm)
    def stake(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Stakes are taken."""
        self._settle(True, rows, order)

    @settles(UnstakeFarm)
    def unstake(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Stakes are given back, and what is due on them is paid."""
        self._settle(False, rows, order)

    @settles(Harvest)
    def harvest(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rewards are claimed."""
        kernels.settle_harvests(self.ledger.books, self.slots, self.table.line, rows, order)

    def collect_points(self, account: int) -> None:
        """Pay an account the points due on all its stakes."""
        for row in self.rows:
            if row.design is UniftyPoints:
                for f in row.ever:
                    self.ledger.collect(int(self.table.share[f]), np.array([account]))

    @settles(BuyFromShop)
    def buy(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """NFTs and editions are sold for points, or for dollars with the artist's fee."""
        for i in order:
            account, item, pay, limit = (int(rows[i][name]) for name in ("account", "item", "pay", "limit"))
            rows[i]["status"], rows[i]["filled"] = self.shop.sell(account, item, pay, limit)

    @settles(TradeToken)
    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Tokens are swapped."""
        self.pools.swap(rows, order)

    @settles(AddTokenLiquidity)
    def add(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Deposits in the tokens' pools."""
        trading.settle_deposits(self.ledger.books, self.pools.table, rows, order)

    @settles(RemoveTokenLiquidity)
    def remove(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Withdrawals from them."""
        trading.settle_withdrawals(self.ledger.books, self.pools.table, rows, order)

    @settles(MintPeg)
    def mint_peg(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Pegged dollars are made."""
        for i in order:
            rows[i]["status"], rows[i]["filled"] = peg.mint(self, int(rows[i]["account"]), int(rows[i]["amount"]))

    @settles(RedeemPeg)
    def redeem_peg(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Pegged dollars are redeemed, and tokens made for them."""
        for i in order:
            account, amount, limit = (int(rows[i][name]) for name in ("account", "amount", "limit"))
            rows[i]["status"], rows[i]["filled"] = peg.redeem(self, account, amount, limit)

    @stage("clear")
    def take_in(self) -> None:
        """Farms that live on fees take their part of the day's, and the operator burns tokens."""
        for row in self.rows:
            row.design.clear(self, row)

    @stage("record")
    def mark(self) -> None:
        """Tokens are marked at their pools' prices, and claims like what is staked."""
        self.pools.mark()
        mark_parked(self.ledger.value, self.table.share, self.table.asset)

    # -- looks and laws

    def vaults_moved(self, action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
        """Vaults whose fractions are staked, given back, or sold as editions; -1 for other stakes and pieces."""
        return looks.vaults_moved(self, action, rows)

    def view(self) -> FarmsView:
        """What strategies see."""
        return looks.view(self)

    def idle(self) -> Iterable[type[Action]]:
        """The shop where nothing is sold, and the peg where there is none."""
        yield from () if self.params.shop else (BuyFromShop,)
        yield from () if self.params.peg else (MintPeg, RedeemPeg)
        yield from () if self.params.farm else (StakeFarm, UnstakeFarm, Harvest)

    def undo_columns(self) -> Iterable[NDArray[Any]]:
        """What trades count."""
        return self.pools.table.volume, self.pools.table.bought, self.minted_for_peg

    def state(self) -> Iterable[NDArray[Any]]:
        """All that later days depend on."""
        pools = self.pools.table
        columns = (getattr(self.table, name) for name in Table._fields if name not in FIXED)
        rate = np.array([self.point_seconds], np.int64)
        return *columns, self.state_of_rows(), pools.price, pools.twap, self.minted_for_peg, rate, *self.shop.state()

    def check(self) -> None:
        """Stakes are there one for one, nothing is paid that was not emitted, indices do not fall, the shop owns its stock."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(f"farms: {fault}")
        self.pools.check()
        self.shop.check()
