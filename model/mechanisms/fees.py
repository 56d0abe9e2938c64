"""What a transaction costs: a flat fee to the network that settles it, and one to the platform."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.books import can_pay, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanism import Mechanism
from model.params import Params, param
from model.units import USD, usd

FEE = int(Status.FEE)
TRANSACTION_FEE, MARKET_FEE = int(Flow.TRANSACTION_FEE), int(Flow.MARKET_FEE)


@kernel
def charge_rows(
    books: Any, world: int, platform: int, network_fee: int, market_fee: int, flat: Any, width: int, order: Any
) -> Any:
    """Take both fees for every row in order; rows whose account cannot pay both get the reason FEE.

    Args:
        network_fee, market_fee: USD base units
        flat: rows of any action as one int64 array; column 0 is the account, the last but one the status
        width: columns of a row

    Returns:
        the order of the rows that paid
    """
    out = np.empty(order.size, np.int64)
    n = 0
    for j in range(order.size):
        i = order[j]
        account = flat[i * width]
        if can_pay(books, USD_ASSET, account, network_fee + market_fee):
            post(books, USD_ASSET, account, world, network_fee, TRANSACTION_FEE)
            post(books, USD_ASSET, account, platform, market_fee, MARKET_FEE)
            out[n] = i
            n += 1
        else:
            flat[i * width + width - 2] = FEE
    return out[:n].copy()


class FeesParams(Params):
    """Flat costs of a transaction."""

    transaction_fee: float = param(
        1.0, "USD", "fee of one transaction on the base layer, before congestion", live=True, ge=0, le=10_000
    )
    layer2: bool = param(False, "", "whether transactions settle on a second layer", live=True)
    layer2_fee: float = param(0.02, "USD", "fee of one transaction on a second layer", live=True, ge=0, le=10_000)
    market_fee: float = param(0.0, "USD", "flat fee of the platform for each transaction", live=True, ge=0, le=10_000)


class FeesView(NamedTuple):
    """Costs that strategies reckon with."""

    per_transaction: float  # USD, network and platform
    layer2: bool


class Fees(Mechanism):
    """Charges every row before it is settled; a row that fails later has paid all the same, as on a chain.

    Attributes:
        network_fee, market_fee: what a transaction costs now [USD base units]
    """

    key = "fees"
    channels = {"fees": "fee of a transaction (congestion)"}
    Params = FeesParams

    @property
    def network_fee(self) -> int:
        """Fee to the settling network now [USD base units]."""
        p = self.params
        return usd((p.layer2_fee if p.layer2 else p.transaction_fee) * self.market.shocks["fees"])

    @property
    def market_fee(self) -> int:
        """Fee to the platform [USD base units]."""
        return usd(self.params.market_fee)

    def charge(self, rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Take what every row costs; the order of those that paid."""
        network_fee, market_fee = self.network_fee, self.market_fee
        if network_fee + market_fee == 0 or order.size == 0:
            return order
        ledger, width = self.ledger, len(rows.dtype.names or ())
        paid: NDArray[np.int64] = charge_rows(
            ledger.books, ledger.world, self.market.platform, network_fee, market_fee, rows.view(np.int64), width, order
        )
        return paid

    def view(self) -> FeesView:
        """What a transaction costs today."""
        return FeesView((self.network_fee + self.market_fee) / USD, self.params.layer2)
