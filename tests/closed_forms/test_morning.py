"""What is kept of a morning is that morning's: figures, columns as kernels take them, and orders by action."""

import numpy as np
import pytest

from agents.farm_figures import AMM
from agents.farm_orders import ACTIONS, HARVEST, STAKE, SWAP, UNSTAKE, WIDTH, batches, enter_all, quotes_of
from agents.farm_shoppers import _to_list
from agents.nft_traders import Limits, ask_and_offer
from agents.possessions import goods_of
from agents.retail.traits import RetailColumns
from model import Marketplace
from model.actions import Trade
from model.streams import Streams
from model.units import TOKEN, USD


def test_what_is_made_of_a_view_is_made_anew_after_the_next_look() -> None:
    made: list[int] = []

    def tick_of(view: object) -> int:
        made.append(int(view.tick))  # type: ignore[attr-defined]
        return made[-1]

    with Marketplace("smoke", rng=2, clock__ticks=3) as market:
        for tick in range(3):
            market.step()
            assert market.view.once(tick_of) == market.view.once(tick_of) == tick
    assert made == [0, 1, 2]


def test_columns_for_kernels_follow_a_population_that_grows() -> None:
    with Marketplace("baseline", rng=2, clock__ticks=3) as market:
        population = market.populations["retail_investor"]
        before = population.columns.of(RetailColumns)
        assert before is population.columns.of(RetailColumns)
        population.arrive(len(population))
        after = population.columns.of(RetailColumns)
        assert after.cap.size > before.cap.size
        for name in RetailColumns._fields:
            assert getattr(after, name) is population.columns[name]
        population.add_column("considered_before", 3.0)
        assert population.columns.of(RetailColumns).cap is population.columns["cap"]


def test_the_least_of_a_trait_counts_who_has_come() -> None:
    with Marketplace("baseline", rng=2, clock__ticks=3) as market:
        population = market.populations["retail_investor"]
        n, columns = len(population), population.columns
        assert columns.least("startle", n) == columns.least("startle", n) == population.startle.min()
        population.arrive(3)
        columns["startle"][n + 1] = 1e-9
        assert columns.least("startle", len(population)) == 1e-9
        assert columns.least("startle", 0) == np.inf


def test_what_somebody_has_to_sell_is_looked_up_where_it_stands_today() -> None:
    with Marketplace("fractional_art", rng=3, clock__ticks=12) as market:
        seen = set()
        for _ in range(12):
            market.step()
            market.view.refresh()
            view = market.view
            coin, owner, registered = view.once(goods_of)
            assert coin == view.bitcoin.price
            assert owner is view.nfts.owner and registered is view.rigs.registered
            seen.add(tuple(owner.tolist()))
    assert len(seen) > 1


def test_orders_are_handed_in_action_by_action_in_their_own_order() -> None:
    class Venues:
        def route(self, rows, n):  # type: ignore[no-untyped-def]
            assert n == len(rows)
            yield rows

    rng = np.random.default_rng(1)
    rows = rng.integers(0, 9, (40, WIDTH))
    rows[:, 0] = rng.choice([SWAP, STAKE, UNSTAKE, HARVEST], 40)
    found = list(batches(rows, Venues()))
    assert len(found) == 4
    assert found[0].tolist() == rows[rows[:, 0] == SWAP][:, 1:].tolist()
    for code, batch in zip((STAKE, UNSTAKE, HARVEST), found[1:], strict=True):
        action = ACTIONS[code]
        assert action is not None and not issubclass(action, Trade) and type(batch) is action
        wide = len(action.dtype.names or ())
        assert [list(row) for row in batch.rows.tolist()] == rows[rows[:, 0] == code][:, 1 : 1 + wide].tolist()
    assert list(batches(rows[:0], Venues())) == []


def test_who_enters_a_pool_puts_in_the_fractions_that_he_has() -> None:
    """A pool of 10,000 USD and 1,000 fractions: 100 USD need 5 fractions, of which 3 are there."""
    quotes = quotes_of(np.array([[10.0], [10_000.0 * USD], [1_000.0 * TOKEN], [0.0]]), np.zeros((2, 5)), 0.0)
    rows, one = np.zeros((3, WIDTH), np.int64), np.zeros(1, np.int64)
    for idle, bought in ((0, 50), (3, 20), (9, 0)):
        balances = np.full((1, 1), idle * TOKEN, np.int64)
        n = enter_all(one, one, np.array([100 * USD]), np.zeros(1), np.array([AMM]), one, one, balances, quotes, rows)
        swaps, adds = rows[:n][rows[:n, 0] == SWAP], rows[:n][rows[:n, 0] == 1]
        assert swaps[:, 4].sum() == bought * USD
        assert adds[0, 3] == 50 * USD and abs(adds[0, 4] - 5 * TOKEN) < 0.03 * TOKEN


def test_which_pieces_are_sold_does_not_hang_on_their_numbers() -> None:
    n, rows, one = 400, np.zeros((400, 5), np.int64), np.zeros(1, np.int64)
    own, asked = np.zeros(n, np.int64), np.full(n, np.nan)
    key = Streams(1).key("pieces for sale", "yield_farmer")
    seen = []
    for _ in range(2):
        found = _to_list(one, one, np.array([0.3]), np.zeros(1), key, own, own - 1, np.full(n, 5.0), asked, rows)
        seen.append(rows[:found, 1].tolist())
    assert seen[0] == seen[1]
    assert 80 < len(seen[0]) < 160
    assert 2 < sum(k < 30 for k in seen[0]) < 20  # by number, it was all of them


@pytest.mark.parametrize(("sold_for", "least"), [(50.0, 98), (100.0, 98), (120.0, 108)])
def test_a_bidders_ask_follows_the_floor_up_and_down_to_what_he_would_pay_himself(sold_for: float, least: int) -> None:
    own = Limits(discount=np.array([0.1]), resale=np.array([0.02]))
    one, none = np.zeros(1, np.int64), np.zeros(0, np.int64)
    listings, offers, bidders = np.zeros((1, 5), np.int64), np.zeros((1, 7), np.int64), np.zeros(1, np.int64)
    key = Streams(1).key("offers", "nft_trader")
    for asked, new in ((np.nan, least), (least + 0.5, 0), (80.0, least), (140.0, least)):
        n, _, _ = ask_and_offer(
            one, one, own, np.zeros((2, 1), np.int64), np.full(1, 100.0), np.full(1, sold_for), one, one, one, none, none,
            none, True, np.array([asked]), none, key, listings, offers, bidders,
        )  # fmt: skip
        assert (int(listings[0, 2]) // USD if n else 0) == new
