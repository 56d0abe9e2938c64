"""The replay of August 2022: the pool is emptied, nobody bids under the old rules, and the reform is milder."""

import numpy as np
import pytest

from experiments import bend
from model import Marketplace, Scenario

NAMES = (bend.OLD, bend.NEW)


@pytest.fixture(scope="module")
def found() -> list[tuple[bend.Replay, bend.Replay]]:
    return list(bend.pairs((1, 2)))


def test_scenarios_are_found_in_their_folder_and_say_what_they_ask() -> None:
    assert {*NAMES, "rig_loans_2022"} <= set(Scenario.names())
    for name in (*NAMES, "rig_loans_2022"):
        scenario = Scenario.load(name)
        assert scenario.question.endswith("?")
        assert scenario.sources


def test_the_old_rules_empty_the_pool_within_four_days_and_nobody_bids(
    found: list[tuple[bend.Replay, bend.Replay]],
) -> None:
    for old, _ in found:
        assert 0.0 < old.drain <= 4.0
        assert old.path["bids"].sum() == 0
        assert np.nanmax(old.path["stuck"]) > 0.3


def test_the_reform_is_milder(found: list[tuple[bend.Replay, bend.Replay]]) -> None:
    for old, new in found:
        a, b = old.figures(), new.figures()
        asked = [what for what in a if what.startswith("most asked for")]  # of a pool almost left it may be all
        assert len(asked) == 1 and all(b[what] <= a[what] for what in a if what not in asked)
        assert new.path["bids"].sum() > 0
    text = bend.sheet(found, "two seeds").markdown()
    assert "2 of 2" in text


def replay_of(cash: list[float]) -> bend.Replay:
    zeros = np.zeros(len(cash))
    return bend.Replay(np.arange(1.0, len(cash) + 1.0), {**dict.fromkeys(bend.PATHS, zeros), "cash": np.array(cash)})


def test_a_pool_that_is_empty_before_its_most_cash_counts_as_emptied_and_only_its_speed_is_unknown() -> None:
    early, late = replay_of([100.0, 1.0, 100.0]), replay_of([80.0, 1.0, 100.0])
    assert (early.emptied, early.drain) == (True, 1.0)
    assert late.emptied and np.isnan(late.drain)
    assert not replay_of([100.0, 50.0, 60.0]).emptied
    found = [(early, early), (early, late)]
    rows = {row[0]: row[1:3] for row in bend.sheet(found, "two seeds").rows}
    assert rows["runs that empty the pool"] == ("2 of 2", "2 of 2")
    assert rows[f"most days {bend.SPEED}"] == ("1.0 (n = 2)", "1.0 (n = 1)")
    assert bend.by_contagion({0.1: found}).rows == [("0.1", "2 of 2", "2 of 2", "1.0 (n = 2)", "1.0 (n = 1)")]


def test_contagion_is_the_scenarios_by_default() -> None:
    for name in NAMES:
        with Marketplace(Scenario.load(name), rng=1) as market:
            assert (market.populations["nft_lender"].columns["contagion"] == bend.CONTAGIONS[-1]).all()


@pytest.mark.slow
def test_the_same_in_ticks_of_an_hour() -> None:
    old = bend.replay(bend.OLD, 3, hours=1)
    assert 0.0 < old.drain <= 4.0
    assert old.path["bids"].sum() == 0


@pytest.mark.parametrize("name", NAMES)
def test_no_bid_where_the_least_allowed_is_above_what_bidders_pay(name: str) -> None:
    with Marketplace(Scenario.load(name), rng=2) as market:
        house = market.mechanisms["nft_loans"]
        seen = 0
        for _ in range(180):
            market.step()
            t, p = house.loans.table, house.params
            floor = float(house.oracle.price[0]) * 1e6
            for n in house.loans.open.tolist():
                least = max(int(t.debt[n]), int(p.bid_floor_share * floor))
                fresh = t.bidder[n] >= 0 and t.ends[n] == market.clock.tick + market.clock.ticks_of(
                    p.auction_hours / 24
                )
                if fresh:
                    seen += 1
                    assert least <= 0.9 * floor * (1 + 1e-9)
        assert (seen > 0) == (name == bend.NEW)


def test_the_floor_falls_by_more_than_55_percent_from_the_day_of_the_loans() -> None:
    path = dict(Scenario.load(bend.OLD).mechanisms["nfts"].path)
    assert min(path.values()) <= 0.45
    ages = Scenario.load(bend.OLD).agents["nft_owner"].traits
    assert ages["loan_age"].uniform.low >= 100
    assert (ages["loan"].uniform.low, ages["loan"].uniform.high) == (0.36, 0.40)


def test_draws_and_money(tmp_path, found) -> None:
    bend.draw(found, tmp_path / bend.NAME)
    assert (tmp_path / bend.NAME).stat().st_size > 10_000
