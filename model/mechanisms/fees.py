"""What a transaction costs: a fee to the network that settles it, more for an early place, and one to the platform.

Where `ordering` is `fee_priority`, rows with a higher tip are settled first and pay it, whatever becomes of them. With a
`capacity` the network's fee follows the load as Ethereum's base fee does [Buterin et al. 2019, EIP-1559]:

    fee <- fee (1 + (load - target) / target / 8),  target half of capacity,  never below the flat fee.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.actions import WORD, Status, flat_of
from model.books import BOOKS, can_pay, post
from model.flows import Flow
from model.jit import helper
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import USD, usd

FEE = int(Status.FEE)
TRANSACTION_FEE, MARKET_FEE = int(Flow.TRANSACTION_FEE), int(Flow.MARKET_FEE)
NO_TIPS = np.zeros(0, np.int64)
MOST_CONGESTED = 10_000.0  # times the flat fee


_i, _column = types.int64, types.Array(types.int64, 1, "C")


@helper(types.int64(BOOKS, _i, _i, _i, _i, _column, _column, _i, _column))
def charge_rows(books, world, platform, network_fee, market_fee, tips, flat, width, order):
    """Take fees and tip for every row in order; rows whose account cannot pay them all get the reason FEE.

    Where all pay alike, only the order of an account's own rows counts: rows are taken as they lie in memory.

    Args:
        network_fee, market_fee: USD base units
        tips: USD base units by row, empty for none
        flat: rows of any action as one int64 array; column 0 is the account, the last but one the status
        width: columns of a row
        order: of rows, in the end first those that paid

    Returns:
        how many paid
    """
    alike, n = tips.size == 0 and order.size * width == flat.size, 0
    for j in range(order.size):
        i = j if alike else order[j]
        account = flat[i * width]
        to_network = network_fee + tips[i] if tips.size > 0 else network_fee
        if can_pay(books, USD_ASSET, account, to_network + market_fee):
            post(books, USD_ASSET, account, world, to_network, TRANSACTION_FEE)
            post(books, USD_ASSET, account, platform, market_fee, MARKET_FEE)
            n += 1
        else:
            flat[i * width + width - 2] = FEE
    if n < order.size:
        n = 0
        for j in range(order.size):
            i = order[j]
            if flat[i * width + width - 2] != FEE:
                order[n] = i
                n += 1
    return n


class FeesParams(Params):
    """Flat costs of a transaction."""

    transaction_fee: float = param(
        1.0, "USD", "fee of one transaction on the base layer, before congestion", live=True, ge=0, le=10_000
    )
    layer2: bool = param(False, "", "whether transactions settle on a second layer", live=True)
    layer2_fee: float = param(0.02, "USD", "fee of one transaction on a second layer", live=True, ge=0, le=10_000)
    market_fee: float = param(0.0, "USD", "flat fee of the platform for each transaction", live=True, ge=0, le=10_000)
    ordering: Literal["random", "fee_priority", "arrival"] = param(
        "random",
        "",
        "who comes first within a phase: by lot, by tip and then by lot, or as handed in",
        live=True,
        source="miners and builders order by fee: Daian et al. 2020",
    )
    capacity: int = param(
        0, "transactions/tick", "transactions that fit in a tick; above half of it the base fee rises; 0: no congestion",
        live=True, ge=0, le=10**9, source="EIP-1559: target is half of the limit",
    )  # fmt: skip
    fee_step: float = param(
        0.125, "1", "largest rise or fall of the base fee in a tick", live=True, ge=0, le=1, source="EIP-1559: 1/8"
    )


class FeesView(NamedTuple):
    """Costs that strategies reckon with."""

    per_transaction: float  # USD, network and platform
    layer2: bool
    ordering: str  # random, fee_priority (then a batch's `tip` counts) or arrival


class Fees(Mechanism):
    """Charges every row before it is settled; a row that fails later has paid all the same, as on a chain.

    Attributes:
        network_fee, market_fee: what a transaction costs now [USD base units]
        congestion: what the load multiplies the network's fee by
        load: transactions of this tick; tipped: USD base units of tips so far
    """

    key = "fees"
    channels = {"fees": "fee of a transaction (congestion)"}
    Params = FeesParams

    def __init__(self, market: Any, params: FeesParams) -> None:
        super().__init__(market, params)
        self.congestion, self.load, self.tipped = 1.0, 0, 0
        self._costs, self._costs_of = (0, 0), -2

    @property
    def network_fee(self) -> int:
        """Fee to the settling network now [USD base units]."""
        p = self.params
        return usd((p.layer2_fee if p.layer2 else p.transaction_fee) * self.market.shocks["fees"] * self.congestion)

    @property
    def market_fee(self) -> int:
        """Fee to the platform [USD base units]."""
        return usd(self.params.market_fee)

    def costs(self) -> tuple[int, int]:
        """Both fees of a transaction, which change from tick to tick only [USD base units]."""
        if self._costs_of != self.clock.tick:
            self._costs, self._costs_of = (self.network_fee, self.market_fee), self.clock.tick
        return self._costs

    @stage("environment")
    def follow_load(self) -> None:
        """The network's fee follows the load of the tick before, where capacity is scarce."""
        p, load = self.params, self.load
        self.load = 0
        if p.capacity == 0:
            self.congestion = 1.0
            return
        target = max(1, p.capacity // 2)
        excess = max(-1.0, min(1.0, (load - target) / target))
        self.congestion = min(MOST_CONGESTED, max(1.0, self.congestion * (1.0 + p.fee_step * excess)))

    def charge(
        self, rows: NDArray[Any], order: NDArray[np.int64], tips: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Take what every row costs and bids for its place; the order of those that paid."""
        bids, paid = NO_TIPS if tips is None else tips, order.copy()
        n = self.admit(flat_of(rows), rows.dtype.itemsize // WORD, paid, bids)
        paid = order if n == order.size else paid[:n]
        if tips is not None:
            self.tipped += int(tips[paid].sum())
        return paid

    def admit(
        self, flat: NDArray[np.int64], width: int, order: NDArray[np.int64], tips: NDArray[np.int64] = NO_TIPS
    ) -> int:
        """The same of rows as one column of numbers, so many for each; how many paid, which come first in `order` then."""
        n, (network_fee, market_fee) = order.size, self.costs()
        self.load += n
        if n == 0 or network_fee + market_fee + tips.size == 0:
            return n
        books, world, platform = self.ledger.books, self.ledger.world, self.market.platform
        return int(charge_rows(books, world, platform, network_fee, market_fee, tips, flat, width, order))

    def view(self) -> FeesView:
        """What a transaction costs today."""
        return FeesView(sum(self.costs()) / USD, self.params.layer2, self.params.ordering)

    def state(self) -> tuple[NDArray[Any], ...]:
        """What the load has made of the fee."""
        return (np.array([self.congestion, self.load, self.tipped]),)
