"""Suppliers keep a number of days of their smoothed turnover, and what is above it leaves once a week."""

from types import SimpleNamespace
from typing import Any

import pytest

from model.clock import Clock, ClockParams
from model.flows import Flow
from model.ledger import USD_ASSET, Ledger
from model.mechanisms.suppliers import Suppliers, SuppliersParams
from model.units import USD


def test_what_is_kept_grows_towards_four_weeks_of_turnover_and_falls_without_any() -> None:
    """700 USD a week, of which the mean takes up a quarter each week: 2,800 (1 - .75^n) is kept after n weeks."""
    ledger = Ledger(["utilities", "platform", "protocol", "world"], 8, 3, 1)
    platform = ledger.open_account("platform", "platform")
    market: Any = SimpleNamespace(ledger=ledger, clock=Clock(ClockParams()), mechanisms={}, streams=None, journal=None)
    suppliers = Suppliers(market, SuppliersParams(days_kept=28.0))
    suppliers.open()
    for day in range(1, 8 * 7 + 1):
        market.clock.tick = day
        ledger.pay(USD_ASSET, ledger.world, platform, 100 * USD, Flow.MARKET_FEE)
        suppliers.pass_on()
        if day % 7 == 0:
            kept = 2_800 * (1.0 - 0.75 ** (day // 7))
            assert ledger.balance(USD_ASSET, platform) == pytest.approx(kept * USD, abs=1)
    market.clock.tick += 7
    suppliers.pass_on()
    assert ledger.balance(USD_ASSET, platform) == pytest.approx(0.75 * kept * USD, abs=1)
