"""The makers' order book by hand: oldest first, orders of one time pro rata, nothing made and nothing lost."""

import numpy as np
import pytest

from model.mechanisms.rigs.order_book import OrderBook


def test_the_oldest_orders_are_served_whole_and_those_of_one_time_share_what_is_left() -> None:
    """Sites 0 and 1 order 3 and 1 W, later 2 and 0 order 2 W each; 2, 3 and 9 W are shipped."""
    book, backlog = OrderBook(), np.zeros(3)
    book.add(np.array([0, 1, 2]), np.array([3.0, 1.0, 0.0]), -1, backlog)
    book.add(np.array([2, 0]), np.array([2.0, 2.0]), 0, backlog)
    assert backlog.tolist() == [5.0, 1.0, 2.0]
    steps = ((2.0, [1.5, 0.5, 0.0]), (3.0, [2.0, 0.5, 0.5]), (9.0, [1.5, 0.0, 1.5]), (9.0, [0.0, 0.0, 0.0]))
    for watts, expected in steps:
        before, shipped = backlog.copy(), np.zeros(3)
        book.ship(watts, backlog, shipped)
        assert shipped == pytest.approx(expected)
        assert backlog == pytest.approx(before - shipped)
    assert backlog.tolist() == [0.0, 0.0, 0.0] and book.waiting()[0].size == 0


def test_an_order_comes_to_its_end_however_many_come_after_it() -> None:
    """Ten orders of 1 W, of which .75 W are shipped a time, while another 1 W is ordered each time."""
    book, backlog, shipped = OrderBook(), np.zeros(1_000), np.zeros(1_000)
    for day in range(10):
        book.add(np.array([day]), np.ones(1), day, backlog)
    for day in range(10, 1_000):
        book.add(np.array([day]), np.ones(1), day, backlog)
        book.ship(0.75, backlog, shipped)
        assert backlog[: book.waiting()[0][0]].sum() == 0.0
    assert shipped[:744].tolist() == [1.0] * 742 + [0.5, 0.0]


def test_orders_are_what_was_shipped_and_what_is_left_at_every_site_and_the_book_stays_small() -> None:
    rng = np.random.default_rng(7)
    book, backlog, shipped, ordered = OrderBook(), np.zeros(50), np.zeros(50), np.zeros(50)
    for day in range(2_000):
        sites, watts = rng.integers(0, 50, 20), rng.exponential(1e6, 20) * (rng.random(20) < 0.9)
        book.add(sites, watts, day, backlog)
        np.add.at(ordered, sites, watts)
        if day % 7 == 6:
            before = shipped.sum()
            book.ship(0.2 * backlog.sum(), backlog, shipped)
            left = np.zeros(50)
            site, _, rest = book.waiting()
            np.add.at(left, site, rest)
            assert left.tolist() == backlog.tolist()
            assert shipped.sum() - before == pytest.approx(0.25 * backlog.sum())
            assert shipped + backlog == pytest.approx(ordered)
    assert book.orders.site.size < 4 * book.waiting()[0].size
