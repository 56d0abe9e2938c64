"""The network of the coin: finds the tick's blocks, retargets, halves, and says what hash rate earns."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated, ScenarioError
from model.mechanism import Mechanism, stage
from model.mechanisms.network.formulas import (
    BLOCKS_PER_EPOCH,
    BLOCKS_PER_HALVING,
    HASHES_PER_DIFFICULTY,
    HASHES_PER_TERAHASH,
    MOST_STEP,
    block_subsidy,
    hashprice,
)
from model.mechanisms.network.kernels import (
    BLOCKS,
    DIFFICULTY,
    FEES,
    HIGH_STEP,
    LOW_STEP,
    SUBSIDY,
    fee_day,
    mine,
)
from model.mechanisms.network.params import NetworkParams
from model.mechanisms.network.public import NetworkView, Segment
from model.mechanisms.network.tables import Start, chain_at, fee_ratio_at, fees_at, hashrate_at, refuse_beyond
from model.units import BLOCK_SECONDS, BTC, SECONDS_PER_DAY

if TYPE_CHECKING:
    from model.marketplace import Marketplace

MOST_SEGMENTS = 256  # difficulty catches up with any hash rate in fewer retargets
TOLERANCE = 1e-9
BY_PROTOCOL = -1


class Network(Mechanism):
    """Blocks, difficulty, subsidy and fees of the coin that the market's rigs mine.

    Attributes:
        difficulty, height: of the chain; height is that of the last block
        subsidy: of the next block [satoshi]
        fees_per_block: [satoshi]
        hashrate: of everybody in this tick [hash/s]
        rest_hashrate: part of it that no account delivers [hash/s]
        simulated_hashrate: part of it that accounts deliver [hash/s]
        start_hashrate: of the whole network before the first tick [hash/s]
        hashprice: USD per PH/s and day at the present difficulty, fees and price
        rows: segments of this tick, float64[n, 5]: blocks, subsidy, fees of a block [satoshi], difficulty, seconds
        first_height: height of the first block of this tick
        held: subsidy of every block [satoshi], or `BY_PROTOCOL`
        draws: key of the work that each block takes
    """

    key = "network"
    needs = ("bitcoin", "rigs")
    wants = ("rental",)
    channels = {
        "hashrate": "hash rate of the rest of the network, where it is given from outside",
        "network_fees": "fees of the coin's network",
    }
    Params = NetworkParams

    def __init__(self, market: "Marketplace", params: NetworkParams) -> None:
        super().__init__(market, params)
        start = self._start()
        self.tip = np.array([start.height], np.int64)
        self.chain = np.array([start.difficulty, 0.0, 0.0, -start.elapsed, 1.0, 1.0])
        self.segments = np.zeros((MOST_SEGMENTS, 5))
        self.rows = self.segments[:1]
        self.blocks_found, self.draws = 0, self.streams.key("blocks")
        self.first_height = start.height + 1
        self.held = BY_PROTOCOL if params.halvings else block_subsidy(start.height + 1)
        self.start_hashrate = self._start_hashrate(start.difficulty)
        self.rest_hashrate = self.simulated_hashrate = 0.0
        self.hashrate = self.start_hashrate
        last = self.clock.start.fromordinal(self.clock.start.toordinal() + (self.clock.ticks - 1) // self.clock.per_day)
        for name in ("rest", "fees"):
            if getattr(params, name) == "history":
                refuse_beyond(f"network.{name}", self.clock.start, last)
        self.slow, self.fast = self._first_slow(), 0.0
        self.fee_ratio = self.fee_btc = 0.0
        self._set_fees(1.0)
        self._quote()

    # -- the start

    def _start(self) -> Start:
        p = self.params
        if p.difficulty is not None and p.height is not None:
            return Start(p.difficulty, p.height, float((p.height % BLOCKS_PER_EPOCH) * BLOCK_SECONDS))
        try:
            start = chain_at(self.clock.start)
        except ScenarioError as error:
            raise ScenarioError(
                f"clock.start = {self.clock.start}: {error}; or set network.difficulty and network.height"
            ) from None
        if p.height is not None:
            return Start(start.difficulty, p.height, float((p.height % BLOCKS_PER_EPOCH) * BLOCK_SECONDS))
        return start if p.difficulty is None else start._replace(difficulty=p.difficulty)

    def _start_hashrate(self, difficulty: float) -> float:
        if self.params.difficulty is None:
            return hashrate_at(self.clock.start)
        return difficulty * HASHES_PER_DIFFICULTY / BLOCK_SECONDS

    def _first_slow(self) -> float:
        """The regime of fees that was there, or a draw of its stationary law where no figures are."""
        p = self.params
        try:
            ratio = fee_ratio_at(self.clock.start)
        except ScenarioError:
            ratio = 0.0
        if ratio > 0.0:
            return math.log(ratio) - p.fee_mean
        return p.slow_sd * self.streams.normal("network fees at the start")

    def open(self) -> None:
        """Say what hash rate earns before the first tick."""
        self.params.need_a_rest(self.market.scenario.name, self.market.populations)
        if self.params.difficulty is not None:
            self.rigs.capacity *= self.scale
        self._quote()

    @property
    def scale(self) -> float:
        """Hash rate of the start over that of the burned-in network, which is dealt out; 1 unless difficulty is given."""
        if self.params.difficulty is None:
            return 1.0
        return self.start_hashrate / HASHES_PER_TERAHASH / self.rigs.opening.hashrate

    # -- the day

    @stage("environment")
    def demand_for_blocks(self) -> None:
        """Fees of a block and the rest of the network's hash rate are set."""
        p, shocks, clock = self.params, self.market.shocks, self.clock
        if clock.new_day and p.fees == "process":
            self.slow, self.fast = fee_day(
                self.streams.key("network fees", "", clock.day),
                self.slow,
                self.fast,
                p.slow_persistence,
                p.slow_sd,
                p.fast_persistence,
                p.fast_sd,
                p.fee_nu,
            )
        self._set_fees(shocks["network_fees"])
        simulated = p.simulated_share * self.start_hashrate
        if p.rest == "elastic":
            self.rest_hashrate = 0.0
        elif p.rest == "fixed":
            self.rest_hashrate = (self.start_hashrate - simulated) * shocks["hashrate"]
        else:
            if clock.new_day:
                self.history = max(0.0, hashrate_at(clock.date) - simulated)
            self.rest_hashrate = self.history * shocks["hashrate"]

    def _set_fees(self, factor: float) -> None:
        """Fees as a ratio to subsidy, or in coins where they are real."""
        p = self.params
        if p.fees == "history":
            if self.clock.new_day or self.clock.tick < 0:
                self.real_fees = fees_at(self.clock.date)
            self.fee_btc = self.real_fees * factor
        elif p.fees == "constant":
            self.fee_ratio = p.fee_ratio * factor
        else:
            self.fee_ratio = min(math.exp(p.fee_mean + self.slow + self.fast), p.fee_cap) * factor

    def fees_of(self, subsidy: int) -> int:
        """Fees of a block with a given subsidy today [satoshi]."""
        return round(self.fee_btc * BTC if self.params.fees == "history" else self.fee_ratio * subsidy)

    @stage("production")
    def find_blocks(self) -> None:
        """Blocks are found; difficulty retargets and the subsidy halves where they are due."""
        delivered = (
            self.rigs.delivered if self.rental is None else self.rental.work
        )  # rented away to other chains or not
        self.first_height, before = self.height + 1, self.difficulty
        n, self.simulated_hashrate = mine(
            self.draws, self.params.blocks == "poisson", self.held, delivered, self.rest_hashrate,
            self.clock.dt_days * SECONDS_PER_DAY, self.tip, self.chain, self.segments,
        )  # fmt: skip
        self.hashrate = self.simulated_hashrate + self.rest_hashrate
        self.rows = rows = self.segments[:n]
        for i, subsidy in enumerate(rows[:, SUBSIDY].tolist()):
            rows[i, FEES] = self.fees_of(int(subsidy))
        self.blocks_found = self.height + 1 - self.first_height
        if n > 1:
            self._tell(before)

    def _tell(self, before: float) -> None:
        if self.difficulty != before:
            step = self.difficulty / before
            self.journal.event(
                "retarget", f"difficulty {before:.4g} -> {self.difficulty:.4g} ({step - 1:+.2%})", amount=step
            )
        reward = self.subsidy
        if reward != int(self.rows[0, SUBSIDY]):
            since = (self.height + 1) // BLOCKS_PER_HALVING * BLOCKS_PER_HALVING
            self.journal.event("halving", f"subsidy is {reward / BTC:g} BTC from block {since}", amount=reward)

    @stage("observe")
    def quote(self) -> None:
        """Hash price is quoted."""
        self._quote()

    def _quote(self) -> None:
        subsidy = self.subsidy
        self.fees_per_block = self.fees_of(subsidy)
        self.hashprice = hashprice(self.difficulty, subsidy / BTC, self.fees_per_block / BTC, self.bitcoin.price)
        self.rigs.hashprice = self.hashprice

    # -- looks

    @property
    def found(self) -> list[Segment]:
        """Segments of this tick."""
        return [Segment(int(b), int(s), int(f), d, t) for b, s, f, d, t in self.rows.tolist()]

    @property
    def difficulty(self) -> float:
        """Difficulty of the next block."""
        return float(self.chain[DIFFICULTY])

    @property
    def height(self) -> int:
        """Height of the last block."""
        return int(self.tip[0])

    @property
    def subsidy(self) -> int:
        """New coins of the next block [satoshi]."""
        return block_subsidy(self.height + 1) if self.held == BY_PROTOCOL else self.held

    def view(self) -> NetworkView:
        """The chain this morning."""
        following = self.height + 1
        return NetworkView(
            self.difficulty,
            self.height,
            self.hashrate,
            self.hashprice,
            self.rest_hashrate,
            self.subsidy,
            self.fees_per_block,
            self.blocks_found,
            BLOCKS_PER_EPOCH - following % BLOCKS_PER_EPOCH,
            BLOCKS_PER_HALVING - following % BLOCKS_PER_HALVING if self.held == BY_PROTOCOL else math.inf,
        )

    def check(self) -> None:
        """Difficulty steps by at most a factor of four, and segments fill the tick."""
        low, high = self.chain[LOW_STEP], self.chain[HIGH_STEP]
        if low * MOST_STEP < 1.0 - TOLERANCE or high > MOST_STEP + TOLERANCE:
            raise InvariantViolated(f"network: difficulty steps of {low:g} to {high:g}, allowed 1/4 to 4")
        if sum(self.rows[:, BLOCKS].tolist()) != self.blocks_found:
            raise InvariantViolated(f"network: segments hold other blocks than the {self.blocks_found} found")

    def state(self) -> Iterable[NDArray[Any]]:
        """Chain, fee process, hash rate."""
        return self.tip, self.chain, np.array([self.slow, self.fast, self.hashrate, self.rest_hashrate, self.hashprice])
