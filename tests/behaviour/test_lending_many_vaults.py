"""Lending with more vaults than a word has bits: what an account has pledged is found in all of them."""

import numpy as np
import pytest

from model import Marketplace
from model.mechanisms.lending.formulas import PRICE
from model.mechanisms.lending.table import REST
from model.units import USD

MANY = {
    "vaults.capacity": 80,
    "amm.capacity": 80,
    "lending.capacity": 80,
    "offerings.initial": 72,
    "offerings.least_ghs": 50_000,
    "offerings.th": 500.0,
    "clock.ticks": 20,
}


@pytest.mark.slow
def test_collateral_is_the_worth_of_all_pledges() -> None:
    overrides = {key.replace(".", "__"): value for key, value in MANY.items()}
    with Marketplace("credit_baseline", rng=3, **overrides) as market:
        market.run()
        lending = market.mechanisms["lending"]
        desk, balances = lending.desk, market.ledger.books.balances
        lending.measure()
        beyond = (desk.known >> REST & 1).astype(bool)
        assert np.count_nonzero(desk.pledge >= 0) > REST and beyond.any()
        for account in np.flatnonzero(desk.known):
            held = [(int(balances[p, account]), int(desk.price[v])) for v, p in enumerate(desk.pledge) if p >= 0]
            worth = sum(amount * price // PRICE for amount, price in held)
            assert lending.collateral_value[account] == pytest.approx(worth / USD)
