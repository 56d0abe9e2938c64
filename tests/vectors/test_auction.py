"""The batch auction's vectors, in the formula and on the ledger."""

import math

import numpy as np

from model.actions import BUY, SELL
from model.crossing import cross
from model.mechanisms.auction import clear_batch, least_price, pro_rata
from tests.batches import WHOLE, BatchMarket

BIDS, ASKS = [(100, 1.10), (50, 1.05), (70, 0.98)], [(60, 0.95), (40, 1.00), (80, 1.08)]


def test_the_design_digit_for_digit() -> None:
    assert clear_batch(BIDS, ASKS) == (1.065, 100)
    assert clear_batch([(100, 1), (100, 1)], [(120, 0.9)]) == (1.00, 120)


def test_ends_of_the_range_and_empty_batches() -> None:
    assert clear_batch([(50, 2.0)], [(80, 1.0)]) == (1.0, 50)
    assert clear_batch([(50, 2.0)], [(50, 1.0)]) == (1.5, 50)
    for bids, asks in (([], []), ([(1, 1.0)], []), ([(1, 1.0)], [(1, 2.0)]), ([(0, 3.0)], [(1, 2.0)])):
        price, volume = clear_batch(bids, asks)
        assert math.isnan(price)
        assert volume == 0


def test_the_first_vector_on_the_ledger() -> None:
    market = BatchMarket()
    for i, (quantity, price) in enumerate(BIDS):
        market.order(i, BUY, quantity, price)
    for i, (quantity, price) in enumerate(ASKS):
        market.order(3 + i, SELL, quantity, price)
    market.settle()
    market.evening()
    seen = market.auction.view()
    assert (seen.price[0], seen.best_bid[0], seen.best_ask[0]) == (1.065, 1.05, 1.08)
    assert (seen.demand[0], seen.supply[0], seen.volume[0]) == (231_100_000, 180_000_000, 106.5)
    assert [market.held(i) - 1_000 * WHOLE for i in range(6)] == [100 * WHOLE, 0, 0, -60 * WHOLE, -40 * WHOLE, 0]
    assert [market.cash(i) - 10**12 for i in range(6)] == [-106_500_000, 0, 0, 63_900_000, 42_600_000, 0]
    assert np.isclose(market.ledger.value[market.vaults.fraction[0]] * WHOLE, 1.065)


def test_the_second_vector_shares_the_level() -> None:
    market = BatchMarket()
    market.order(0, BUY, 100, 1.0)
    market.order(1, BUY, 100, 1.0)
    market.order(2, SELL, 120, 0.9)
    market.settle()
    market.evening()
    assert [market.held(i) - 1_000 * WHOLE for i in range(3)] == [60 * WHOLE, 60 * WHOLE, -120 * WHOLE]
    assert market.cash(2) - 10**12 == 120 * WHOLE


def test_pro_rata_and_the_sellers_limit() -> None:
    assert pro_rata([1, 1, 1], 2) == [0, 1, 1]
    assert pro_rata([30, 10], 40) == [30, 10]
    assert least_price(990_000, 100) == 1_000_000
    assert least_price(1, 0) == 1


def test_equal_orders_stand_in_the_order_in_which_they_came_and_a_middle_is_rounded_down() -> None:
    """Of two units shared by three equal orders the first gets the least; between 100 and 103 the price is 101."""

    def at(*numbers: int) -> np.ndarray:
        return np.array(numbers)

    price, volume, rows = cross(at(1, 1, 1), at(9, 9, 9), at(1, 2, 3), at(2), at(9), at(4))
    assert (price, volume, rows.tolist()) == (9, 2, [[1, 0, 1], [2, 0, 1]])
    price, volume, rows = cross(at(2), at(9), at(4), at(1, 1, 1), at(9, 9, 9), at(1, 2, 3))
    assert (price, volume, rows.tolist()) == (9, 2, [[0, 1, 1], [0, 2, 1]])
    assert cross(at(5), at(103), at(1), at(5), at(100), at(2))[:2] == (101, 5)
