"""What is kept of a morning is that morning's: figures, columns as kernels take them, and orders by action."""

import numpy as np

from agents.farm_orders import ACTIONS, HARVEST, STAKE, SWAP, UNSTAKE, WIDTH, batches
from agents.possessions import goods_of
from agents.retail.traits import RetailColumns
from model import Marketplace
from model.actions import Trade


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
            coin, status, fraction, owner, registered = view.once(goods_of)
            assert coin == view.bitcoin.price
            assert status is view.vaults.status and fraction is view.vaults.fraction
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
