"""Miners who keep coins stay able to act."""

import numpy as np

from model import Marketplace
from model.ledger import BTC_ASSET, USD_ASSET
from model.units import BTC, USD


def test_nobody_who_has_coins_runs_out_of_dollars_for_a_transaction() -> None:
    """Power paid to the cent by forced sales left miners without the dollar that a sale, a pool or an order costs."""
    with Marketplace("smoke", rng=2, clock__ticks=300, agents__miner__treasury=2.0) as market:
        market.run()
        balances, account = market.ledger.books.balances, market.populations["miner"].account[:15]
        coins = balances[BTC_ASSET, account] / BTC * market.mechanisms["bitcoin"].price
        assert (coins > 100.0).sum() >= 10
        assert not np.any((coins > 100.0) & (balances[USD_ASSET, account] < USD))
