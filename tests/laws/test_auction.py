"""Laws of the batch auction: what every clearing keeps, and that its price is the rule's."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import BUY, SELL, Bundle, Status
from model.crossing import meet
from model.flows import Flow
from model.ledger import BTC_ASSET
from model.mechanisms.auction import BatchOrder, CancelOrder, clear_batch, least_price, pro_rata
from tests.batches import WHOLE, BatchMarket

SIDE = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 8).map(lambda p: 2 * p)), min_size=1, max_size=7)


def by_definition(bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> tuple[float, int]:
    """Try every price and every gap between prices; then the rule, word for word."""
    levels = sorted({p for _, p in (*bids, *asks)})
    tried = sorted({float(p) for p in levels} | {(a + b) / 2 for a, b in pairwise(levels)})

    def at(p: float) -> tuple[int, int]:
        demand, supply = sum(q for q, b in bids if b >= p), sum(q for q, a in asks if a <= p)
        return min(demand, supply), demand - supply

    best = min(((-at(p)[0], abs(at(p)[1])) for p in tried), default=(0, 0))
    if best[0] == 0:
        return float("nan"), 0
    range_ = [p for p in tried if (-at(p)[0], abs(at(p)[1])) == best]
    signs = {np.sign(at(p)[1]) for p in range_}
    assert len(signs) == 1, "bids and asks never remain in one range"
    low, high = range_[0], range_[-1]  # of a gap, the range has its ends
    low = max((x for x in levels if x <= low), default=low)
    high = min((x for x in levels if x >= high), default=high)
    sign = signs.pop()
    return (high if sign > 0 else low if sign < 0 else (low + high) / 2), -best[0]


@settings(max_examples=300, deadline=None)
@given(bids=SIDE, asks=SIDE)
def test_price_and_volume_are_the_rules(bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> None:
    price, volume = clear_batch(bids, asks)
    expected = by_definition(bids, asks)
    assert volume == expected[1]
    assert price == expected[0] or volume == 0
    buyers, sellers = sorted(bids, key=lambda o: -o[1]), sorted(asks, key=lambda o: o[1])
    columns = [np.array(c, np.int64) for side in (buyers, sellers) for c in zip(*side, strict=True)]
    cents, traded = meet(*columns)
    assert traded == volume
    assert cents == (price if volume else 0)


@settings(max_examples=100, deadline=None)
@given(sizes=st.lists(st.integers(1, 10**9), min_size=1, max_size=8), part=st.floats(0, 1))
def test_shares_of_a_level_sum_and_fit(sizes: list[int], part: float) -> None:
    volume = int(sum(sizes) * part)
    shares = pro_rata(sizes, volume)
    assert sum(shares) == volume
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    assert all(abs(share - size * volume / sum(sizes)) <= 1 for share, size in zip(shares, sizes, strict=True))


ORDER = st.tuples(
    st.integers(0, 5), st.integers(0, 1), st.integers(0, 1), st.integers(1, 700 * WHOLE), st.integers(1, 3 * WHOLE)
)


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.lists(ORDER, max_size=9), min_size=1, max_size=4), fee=st.sampled_from([0, 30, 777]),
       ticks=st.integers(1, 3), sat=st.integers(0, 10**6))  # fmt: skip
def test_nobody_pays_more_or_gets_less_than_asked(days: Any, fee: int, ticks: int, sat: int) -> None:
    market = BatchMarket(vaults=2, fee_bps=fee, order_hours=24.0 * ticks)
    for day in days:
        before = [[market.cash(a), market.held(a, 0), market.held(a, 1)] for a in range(6)]
        limits: dict[tuple[int, int, int], list[int]] = {}
        for agent, v, side, quantity, price in day:
            market.settlement.submit(
                BatchOrder(market.agents[agent], vault=v, side=side, quantity=quantity, price=price)
            )
            limits.setdefault((agent, v, side), []).append(price)
        market.earn(0, sat)
        market.settle()
        market.evening()
        assert market.ledger.balance(BTC_ASSET, market.auction.escrow.account) == 0, "no income is caught in escrow"
        if ticks > 1:
            continue
        for agent in range(6):
            spent = before[agent][0] - market.cash(agent)
            worst = 0.0
            for v in (0, 1):
                got = market.held(agent, v) - before[agent][1 + v]
                if (agent, v, BUY) in limits and (agent, v, SELL) not in limits:
                    worst += got * max(limits[agent, v, BUY]) / WHOLE + len(day)
                elif (agent, v, SELL) in limits and (agent, v, BUY) not in limits:
                    worst += got * min(limits[agent, v, SELL]) / WHOLE + 2 * len(day)
                elif (agent, v, SELL) in limits:
                    worst = float("inf")
            assert spent <= worst
    market.clock.tick += ticks
    market.auction.clear()
    assert market.auction.n == 0
    assert market.ledger.balance(0, market.auction.escrow.account) == 0
    rest = sum(market.cash(a) for a in range(6)) + market.ledger.balance(0, market.platform)
    assert rest == 6 * 10**12, "what buyers pay reaches sellers and the platform"
    if fee == 0:
        assert market.ledger.balance(0, market.platform) <= sum(len(day) for day in days) * 2


@given(limit=st.integers(1, 10**13), fee=st.integers(0, 5_000))
def test_the_sellers_limit_is_after_the_fee(limit: int, fee: int) -> None:
    price = least_price(limit, fee)
    assert price * (10_000 - fee) >= limit * 10_000
    assert (price - 1) * (10_000 - fee) < limit * 10_000


@pytest.mark.parametrize(("bid", "sold"), [(10.1, 0), (10.11, 10)])
def test_a_seller_waits_for_a_price_that_leaves_him_his_limit_after_the_fee(bid: float, sold: int) -> None:
    """10 USD and a fee of 1 % take 10.1011 USD."""
    market = BatchMarket(fee_bps=100, order_hours=48.0)
    market.order(0, BUY, 10, bid)
    market.order(1, SELL, 10, 10.0)
    market.settle()
    market.evening()
    assert 1_000 * WHOLE - market.held(1) == sold * WHOLE
    assert market.cash(1) - 10**12 >= sold * 10 * WHOLE


def test_income_of_a_waiting_offer_is_the_sellers() -> None:
    market = BatchMarket(order_hours=72.0, fee_bps=0)
    market.order(1, SELL, 1_000, 2.0)
    market.settle()
    for _ in range(2):
        market.earn(0, 6_000_000)
        market.evening()
    market.ledger.collect(int(market.vaults.fraction[0]), market.agents)
    assert [market.ledger.balance(BTC_ASSET, int(a)) for a in market.agents] == [2_000_000] * 6
    market.order(0, BUY, 400, 2.5)
    market.settle()
    market.evening()
    assert market.held(1) == 600 * WHOLE
    assert market.cash(1) - 10**12 == 800 * WHOLE
    assert market.auction.n == 0, "its life is over"


def test_an_offer_is_as_large_as_what_its_owner_still_has() -> None:
    market = BatchMarket()
    market.order(1, SELL, 1_000, 1.0)
    market.order(2, BUY, 1_000, 1.0)
    market.settle()
    market.ledger.pay(
        int(market.vaults.fraction[0]), int(market.agents[1]), int(market.agents[3]), 900 * WHOLE, Flow.TRANSFER
    )
    market.evening()
    assert market.held(2) == 1_100 * WHOLE
    assert market.held(1) == 0
    assert market.auction.view().supply[0] == 100 * WHOLE


def test_reasons_cancelling_and_ends() -> None:
    market = BatchMarket(vaults=2, order_hours=120.0)
    market.vaults.status[1] = 3
    good = {"vault": 0, "side": 0, "quantity": WHOLE, "price": WHOLE}

    def why(**changed: int) -> Status:
        action = BatchOrder(market.agents[2], **{**good, **changed})
        market.settle(action)
        return Status(int(action.rows["status"][0]))

    assert why(vault=2) is Status.UNKNOWN
    assert why(vault=-1) is Status.UNKNOWN
    assert why(vault=1) is Status.CLOSED
    assert why(side=2) is Status.AMOUNT
    assert why(quantity=0) is Status.AMOUNT
    assert why(quantity=6_001 * WHOLE) is Status.AMOUNT
    assert why(price=0) is Status.AMOUNT
    assert why(price=10**12) is Status.DONE
    assert why(price=10**12, quantity=2 * WHOLE) is Status.FUNDS
    assert why(side=1, quantity=1_001 * WHOLE) is Status.FUNDS
    assert market.cash(2) == 0
    number = int(market.auction.book[0, 7])
    for agent, n, reason in ((3, number, Status.NOT_ALLOWED), (2, 99, Status.UNKNOWN), (2, number, Status.DONE)):
        cancel = CancelOrder(market.agents[agent], number=n)
        market.settle(cancel)
        assert Status(int(cancel.rows["status"][0])) is reason
    assert market.cash(2) == 10**12
    assert why() is Status.DONE
    bundle = Bundle([BatchOrder(market.agents[2], **good)])
    market.settlement._run_bundle(bundle)
    assert bundle.status is Status.NOT_ALLOWED
    market.vaults.status[0] = 3
    market.evening()
    assert (market.auction.n, market.cash(2)) == (0, 10**12)


@pytest.mark.parametrize(("hours", "every"), [(1, 4.0), (6, 24.0), (24, 48.0)])
def test_batches_are_cleared_on_time(hours: int, every: float) -> None:
    market = BatchMarket(hours=hours, every_hours=every)
    calls = round(every / hours)
    market.order(0, BUY, 1, 1.0)
    market.order(1, SELL, 1, 1.0)
    for tick in range(calls):
        market.settle()
        assert market.auction.outcomes.tick[0] == -1
        assert np.isinf(market.auction.age[0])
        market.evening()
        assert (market.auction.n == 0) == (tick == calls - 1)
    assert market.auction.outcomes.tick[0] == calls - 1
    assert market.auction.age[0] == 0.0
    market.evening()
    assert market.auction.age[0] == hours


def test_a_bid_that_was_taken_back_sets_no_price() -> None:
    prices = []
    for ghost in (False, True):
        market = BatchMarket(order_hours=72.0)
        if ghost:
            bid = market.order(0, BUY, 1, 99.0)
            market.settle()
            market.evening()
            market.settle(CancelOrder(market.agents[0], number=int(bid.rows["filled"][0])))
        market.order(1, BUY, 10, 100.0)
        market.order(2, SELL, 10, 20.0)
        market.order(3, SELL, 5, 99.0)
        market.settle()
        market.evening()
        prices.append(float(market.auction.price[0]))
    assert prices[0] == prices[1] == 59.5


def test_nobody_trades_with_himself_and_so_nobody_alone_sets_a_price() -> None:
    market = BatchMarket(order_hours=72.0)
    before = [(market.cash(a), market.held(a)) for a in range(6)]
    market.order(0, BUY, 5, 99.0)
    market.order(0, SELL, 5, 98.0)
    market.settle()
    market.evening()
    assert np.isnan(market.auction.price[0]) and market.auction.view().traded[0] == 0
    assert market.held(0) == before[0][1] and market.cash(0) == before[0][0] - 5 * 99 * WHOLE  # his bid waits
    market.order(1, SELL, 2, 90.0)
    market.settle()
    market.evening()
    assert market.auction.view().traded[0] == 2 * WHOLE and market.auction.price[0] == 98.0
    assert [market.held(a) - before[a][1] for a in (0, 1)] == [2 * WHOLE, -2 * WHOLE]
    assert market.cash(1) - before[1][0] == 2 * 98 * WHOLE


@pytest.mark.parametrize(
    ("hours", "life", "batches"), [(24, 72.0, 3), (4, 72.0, 3), (1, 24.0, 1), (1, 0.0, 1), (6, 60.0, 3)]
)
def test_orders_live_as_many_hours_whatever_the_tick(hours: int, life: float, batches: int) -> None:
    market = BatchMarket(hours=hours, order_hours=life)
    market.clock.tick = 24 // hours // 2  # in the midst of a day
    market.order(1, BUY, 10, 1.0)
    market.settle()
    while market.auction.n:
        market.evening()
    assert market.clock.tick * hours == 24 * batches
