"""What a fraction is paid on the day itself."""

import math

import numpy as np
import pytest

from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.metrics.fractions import _paid
from model.units import TOKEN

plain = getattr(_paid, "py_func", _paid)
COIN, DOLLAR = 5e-4, 1e-6  # USD per satoshi and per base unit


def test_each_live_vault_counts_alike_and_both_currencies_count():
    live, supply = np.array([True, True, False]), np.array([100, 50, 10]) * TOKEN
    coins, dollars = np.array([4_000, 0, 9_000]), np.array([0, 3_000_000, 0])
    assert plain(live, supply, coins, dollars, COIN, DOLLAR) == pytest.approx((2.0 / 100 + 3.0 / 50) / 2)


def test_without_a_live_vault_nothing_can_be_said():
    none = np.zeros(2, np.int64)
    assert math.isnan(plain(np.zeros(2, np.bool_), none, none, none, COIN, DOLLAR))


def test_a_market_pays_what_it_records_and_not_what_is_smoothed():
    with Marketplace("smoke", rng=3) as market:
        for _ in range(3):
            market.step()
        vaults, worth = market.mechanisms["vaults"], market.ledger.value
        live = np.flatnonzero(vaults.live)
        usd = vaults.net_income[live] * worth[BTC_ASSET] + vaults.usd_income[live] * worth[USD_ASSET]
        paid = market.recorder.latest["fractions.paid"]
        assert paid == pytest.approx(np.mean(usd * TOKEN / vaults.supply[live]), rel=1e-12)
        assert paid != pytest.approx(market.recorder.latest["fractions.income"], rel=0.02)
