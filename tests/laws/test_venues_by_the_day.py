"""What venues show by the day is the same for ticks of any length, and in dollars whichever side is sold."""

from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.ledger import BTC_ASSET
from model.mechanisms.amm import AddLiquidity, Amm, RemoveLiquidity, Swap, protocol_fee_shares
from model.mechanisms.curve import AddCurve, Curve, CurveSwap
from model.mechanisms.weighted import Weighted, WeightedSwap
from tests.batches import BatchMarket
from tests.pools import PoolMarket
from tests.venue_house import WHOLE, VenueMarket

VENUES = pytest.mark.parametrize(("kind", "swap"), [(Amm, Swap), (Curve, CurveSwap), (Weighted, WeightedSwap)])
HOURS = pytest.mark.parametrize("hours", [24, 6])


@VENUES
@HOURS
def test_volume_is_the_dollars_of_purchases_and_sales_a_day(kind: Any, swap: Any, hours: int) -> None:
    market = VenueMarket(kind, hours=hours)
    market.morning()
    buyer, seller = market.agents[1:3]
    before = [market.total(a)[0] for a in (buyer, seller)]
    buys = swap(buyer, vault=0, side=0, amount=500 * WHOLE, limit=0)
    sells = swap(seller, vault=0, side=1, amount=20 * WHOLE, limit=0)
    market.settle(buys, sells)
    spent, got = (abs(market.total(a)[0] - had) for a, had in zip((buyer, seller), before, strict=True))
    assert min(spent, got) > 0
    market.evening()
    expected = (spent + got) / WHOLE * 24 / hours
    assert market.venue.pools.volume_usd[0] == pytest.approx(expected)
    assert market.venue.figures[0] == pytest.approx(expected)
    market.morning()
    market.evening()
    assert market.venue.pools.volume_usd[0] == 0.0


@VENUES
@HOURS
def test_returns_of_providers_are_a_days(kind: Any, swap: Any, hours: int) -> None:
    """Nothing is traded: the return is the income in coins and dollars over the worth of the balances, for a day."""
    market = VenueMarket(kind, hours=hours, return_half_life=1.0)
    pools, days = market.venue.pools, hours / 24
    market.ledger.value[BTC_ASSET] = 2e-4
    market.morning()
    market.evening()
    market.earn(0, 10**6, 300_000)
    market.morning()
    income = int(pools.income_btc[0]) * 2e-4 + int(pools.income_usd[0]) / WHOLE
    market.evening()
    usd, fractions = market.total(int(pools.account[0]))
    daily = income / ((usd + fractions * market.venue.price[0]) / WHOLE) / days
    assert income > 0.0
    assert pools.lp_return[0] == pytest.approx((1.0 - 0.5**days) * daily, rel=1e-4)
    assert market.venue.figures[5] == pytest.approx(pools.lp_return[0]), "that of the market's only pool"


@pytest.mark.parametrize(("kind", "swap"), [(Curve, CurveSwap), (Weighted, WeightedSwap)])
@pytest.mark.parametrize("side", [0, 1])
def test_refusals_for_want_of_depth_are_those_of_the_tick(kind: Any, swap: Any, side: int) -> None:
    market = VenueMarket(kind, cash=10**6 * WHOLE)
    seen = []
    for tries in (2, 0, 1):
        market.morning()
        for _ in range(tries):
            large = swap(market.agents[0], vault=0, side=side, amount=(10**6, 14_000)[side] * WHOLE, limit=0)
            assert market.settle(large).rows["status"][0] == Status.DEPTH
        market.evening()
        seen.append(market.venue.figures[3])
    assert seen == [2, 0, 1]


@pytest.mark.parametrize(("hours", "every"), [(24, 24.0), (6, 6.0), (6, 12.0)])
def test_volume_of_batches_is_a_days(hours: int, every: float) -> None:
    market = BatchMarket(hours=hours, every_hours=every)
    market.order(0, 0, 10, 5.0)
    market.order(1, 1, 10, 5.0)
    market.settle()
    for _ in range(int(every) // hours):
        market.evening()
    assert market.auction.view().volume[0] == pytest.approx(50.0 * 24 / every)


def test_shares_of_lenders_of_fractions_are_worth_the_dollars_that_fractions_were_sold_for() -> None:
    """Purchases turn fractions that were lent into dollars above those lent, which are the fractions' lenders'."""
    market = VenueMarket(Curve)
    market.morning()
    market.settle(AddCurve(market.agents[1], vault=0, side=0, amount=5_000 * WHOLE, limit=0))
    market.settle(CurveSwap(market.agents[2], vault=0, side=0, amount=9_000 * WHOLE, limit=0))
    market.evening()
    pools, ledger = market.venue.pools, market.ledger
    usd, fractions = market.total(int(pools.account[0]))
    price = ledger.value[market.vaults.fraction[0]]
    coins, lent = (
        ledger.value[pools.share[side, 0]] * ledger.outstanding(int(pools.share[side, 0])) for side in (0, 1)
    )
    assert usd > pools.nominal[0, 0]
    assert coins == pytest.approx(pools.nominal[0, 0] / WHOLE)
    assert lent == pytest.approx((usd - pools.nominal[0, 0]) / WHOLE + fractions * price)


def test_the_first_venue_marks_what_it_serves_and_others_value_their_shares_at_its_price() -> None:
    market = VenueMarket(Amm, Weighted, supply=40_000 * WHOLE)
    market.settle(WeightedSwap(market.agents[1], vault=0, side=0, amount=1_000 * WHOLE, limit=0))
    market.morning()
    market.evening()
    first, second = market.venues
    assert second.price[0] > 1.05 * first.price[0]
    value = market.ledger.value
    assert value[market.vaults.fraction[0]] == pytest.approx(first.price[0] / WHOLE)
    share = int(second.share[0])
    usd, fractions = market.total(int(second.pool[0]))
    worth = (usd + fractions * first.price[0]) / WHOLE
    assert value[share] * market.ledger.outstanding(share) == pytest.approx(worth)


@pytest.mark.parametrize("served", [True, False])
def test_a_batch_marks_only_fractions_that_no_pool_prices(served: bool) -> None:
    market = BatchMarket()
    value, fraction = market.ledger.value, int(market.vaults.fraction[0])
    value[fraction] = 7e-6
    market.auction.amm = type("Pools", (), {"pool": np.array([5 if served else -1])})()
    market.order(0, 0, 10, 5.0)
    market.order(1, 1, 10, 5.0)
    market.settle()
    market.evening()
    assert value[fraction] == pytest.approx(7e-6 if served else 5e-6)


@HOURS
def test_the_traded_share_is_of_all_vaults_and_of_the_whole_day(hours: int) -> None:
    """One of two vaults has no pool; the other is traded in the first tick of the day."""
    market = PoolMarket(vaults=2, hours=hours)
    market.amm.pools.account[1] = -1
    market.morning()
    market.settle(Swap(market.agents[3], vault=0, side=0, amount=WHOLE, limit=0))
    for _ in range(24 // hours):
        market.amm.mark()
        assert market.amm.figures[2] == 0.5
        market.clock.tick += 1
    market.amm.mark()
    assert market.amm.figures[2] == 0.0


def test_the_platform_gets_a_sixth_of_the_growth_since_the_last_deposit_or_withdrawal() -> None:
    market = PoolMarket(protocol_fee=True)
    who, other, share, pool = *market.agents[:2].tolist(), int(market.amm.share[0]), int(market.amm.pool[0])

    def balances() -> tuple[int, int]:
        return market.ledger.balance(0, pool), market.ledger.balance(int(market.vaults.fraction[0]), pool)

    def product() -> int:
        usd, fractions = balances()
        return usd * fractions

    market.morning()
    last, due = product(), 0
    for move in (
        RemoveLiquidity(who, vault=0, shares=market.held(share, who) // 2, limit=0),
        AddLiquidity(other, vault=0, usd=5_000 * WHOLE, fractions=500 * WHOLE, limit=0),
        RemoveLiquidity(other, vault=0, shares=10**6, limit=0),
    ):
        for side, amount in ((0, 9_000), (1, 150)):
            market.settle(Swap(market.agents[2], vault=0, side=side, amount=amount * WHOLE, limit=0))
        shares, now = market.ledger.outstanding(share), product()
        made = protocol_fee_shares(shares, now, last)
        before = balances()
        market.settle(move)
        assert move.done[0]
        due += made
        assert made > 0 and market.held(share, market.platform) == due
        if isinstance(move, RemoveLiquidity):
            assert move.rows["filled"][0] == int(move.rows["shares"][0]) * before[0] // (shares + made)
        else:
            usd = balances()[0] - before[0]
            assert move.rows["filled"][0] == pytest.approx(usd * (shares + made) / before[0], rel=1e-7)
        last = product()
    market.evening()
