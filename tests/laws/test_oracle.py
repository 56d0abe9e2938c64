"""The oracle: follows its source within the guard, grows stale without one, and can be biased or stuck."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Scenario
from model.clock import Clock, ClockParams
from model.errors import ScenarioError
from model.ledger import Ledger
from model.mechanisms.oracle import Oracle, OracleParams
from model.metrics import oracle as metrics

SIZE = 3


class Feed:
    """Venues, appraisals and shocks that the test sets; vault 2 holds an NFT."""

    def __init__(self, hours: int = 24, venues: tuple[str, ...] = ("amm",), **params: Any) -> None:
        self.seen = {key: SimpleNamespace(price=np.full(SIZE, np.nan), age=np.zeros(SIZE)) for key in venues}
        self.shocks = {"oracle_bias": 1.0, "oracle_stuck": 1.0}
        whole = np.full(SIZE, 100_000_000)
        vaults = SimpleNamespace(status=np.full(SIZE, 2), nft=np.array([-1, -1, 7]), supply=whole)
        self.vaults, self.clock = vaults, Clock(ClockParams(hours_per_tick=hours))
        mechanisms = {key: SimpleNamespace(view=lambda key=key: self.seen[key]) for key in venues}
        nfts = SimpleNamespace(appraised=lambda n: 500.0 * n)
        market = SimpleNamespace(
            mechanisms={"vaults": vaults, "nfts": nfts, **mechanisms}, ledger=Ledger(["world", "protocol", "utilities"], 4, 3, 1),
            clock=self.clock, streams=None, journal=None, shocks=self.shocks,
            reference_nav=lambda: np.array([11.0, np.nan, np.nan]),
        )  # fmt: skip
        self.oracle = Oracle(market, OracleParams(**params))  # type: ignore[arg-type]

    def tick(self, *prices: float, key: str = "amm") -> Any:
        """A tick at these prices of vaults 0, 1, ...; the report."""
        self.seen[key].price[: len(prices)] = prices
        self.clock.tick += 1
        self.oracle.report()
        self.oracle.appraise()
        return self.oracle.price


def test_spot_within_the_guard_in_both_directions() -> None:
    feed = Feed(source="spot")
    assert feed.tick(10.0)[0] == 10.0
    assert [feed.tick(20.0)[0] for _ in range(5)] == pytest.approx([12.0, 14.4, 17.28, 20.0, 20.0])
    assert [feed.tick(1.0)[0] for _ in range(2)] == pytest.approx([16.0, 12.8])
    assert np.isnan(feed.oracle.price[1])


@settings(max_examples=100, deadline=None)
@given(prices=st.lists(st.floats(1e-3, 1e6) | st.just(float("nan")), min_size=2, max_size=30),
       source=st.sampled_from(["spot", "twap"]), most=st.floats(0.01, 2.0))  # fmt: skip
def test_a_move_never_leaves_the_guard_and_never_sticks(prices: list[float], source: str, most: float) -> None:
    feed = Feed(source=source, most_move=most)
    before = np.nan
    for price in prices:
        now = float(feed.tick(price)[0])
        if before == before:
            assert before * (1 - most) * (1 - 1e-12) <= now <= before * (1 + most) * (1 + 1e-12)
        before = now
    last = next((p for p in reversed(prices) if p == p), None)
    if last is not None:
        for _ in range(3_000):
            now = float(feed.tick(last)[0])
            if now == pytest.approx(last, rel=1e-9):
                break
        assert now == pytest.approx(last, rel=1e-9), "a clamp catches up, a rejection would not"


def test_twap_is_the_mean_of_the_window() -> None:
    feed = Feed(source="twap", window_hours=72.0, most_move=10.0)
    assert [float(feed.tick(p)[0]) for p in (1.0, 2.0, 3.0, 7.0)] == [1.0, 1.5, 2.0, 4.0]


@pytest.mark.parametrize("hours", [4, 24])
def test_no_price_grows_stale_and_heals(hours: int) -> None:
    feed = Feed(hours=hours, source="spot", stale_hours=24.0)
    assert feed.oracle.stale.all()
    feed.tick(10.0)
    assert not feed.oracle.stale[0]
    assert feed.oracle.stale[1]
    for n in range(1, 24 // hours + 2):
        assert feed.tick(np.nan)[0] == 10.0
        assert feed.oracle.stale[0] == (n * hours > 24)
    feed.tick(10.5)
    assert feed.oracle.age[0] == 0.0
    assert not feed.oracle.view().stale[0]
    feed.vaults.status[0] = 3
    for _ in range(24 // hours + 1):
        feed.tick(11.0)
    assert feed.oracle.stale[0], "an ended vault has no price"


def test_the_first_venue_with_a_price_speaks_and_old_batches_do_not() -> None:
    feed = Feed(source="spot", venues=("amm", "auction"))
    feed.seen["auction"].price[:] = 5.0
    assert feed.tick(9.0).tolist() == [9.0, 5.0, 5.0]
    feed.seen["auction"].age[:] = 24.0
    feed.tick(9.0)
    assert feed.oracle.age.tolist() == [0.0, 24.0, 24.0]


def test_nav_is_last_evenings_appraisal() -> None:
    feed = Feed(source="nav")
    feed.tick(9.0)
    assert np.isnan(feed.oracle.price).all()
    assert np.array_equal(feed.tick(9.0), [11.0, np.nan, 35.0], equal_nan=True)
    assert feed.oracle.stale.tolist() == [False, True, False]


def test_bias_multiplies_the_source_and_a_stuck_oracle_stays() -> None:
    feed = Feed(source="spot", most_move=0.5, stale_hours=24.0)
    feed.tick(10.0)
    feed.shocks["oracle_bias"] = 1.3
    assert feed.tick(10.0)[0] == pytest.approx(13.0)
    feed.shocks.update(oracle_bias=1.0, oracle_stuck=0.0)
    for _ in range(2):
        assert feed.tick(4.0)[0] == pytest.approx(13.0)
    assert feed.oracle.stale[0], "who looks at the time of the last report sees that it is stuck"
    feed.shocks["oracle_stuck"] = 0.5
    assert feed.tick(4.0)[0] == pytest.approx(13.0 - 0.5 * 6.5)


def test_median_is_of_all_venues_in_the_window() -> None:
    feed = Feed(source="median", venues=("amm", "curve"), guard=False, window_hours=72.0)
    for first, second in ((10.0, 12.0), (np.nan, 12.0), (11.0, 13.0)):
        feed.seen["curve"].price[0] = second
        feed.tick(first)
    assert feed.oracle.price[0] == 12.0, "of 10, 12, 12, 11, 13"
    feed.seen["curve"].price[0] = np.nan
    assert feed.tick(np.nan)[0] == 12.0
    assert feed.oracle.age[0] == 24.0, "nobody quotes now"


def test_a_pump_of_one_tick_in_three_does_not_move_the_median_but_one_of_two_does() -> None:
    feed = Feed(source="median", guard=False, window_hours=72.0)
    assert [float(feed.tick(p)[0]) for p in (10.0, 10.0, 10.0, 40.0, 10.0)] == [10.0] * 5
    assert [float(feed.tick(p)[0]) for p in (40.0, 40.0)] == [40.0, 40.0]


def test_delayed_is_the_spot_of_some_hours_ago() -> None:
    feed = Feed(source="delayed", delay_hours=48.0, window_hours=24.0, guard=False)
    reports = [float(feed.tick(p)[0]) for p in (1.0, 2.0, 3.0, 4.0)]
    assert np.isnan(reports[:2]).all()
    assert reports[2:] == [1.0, 2.0]


@pytest.mark.parametrize("hours", [1, 4, 24])
def test_a_guard_and_a_window_are_as_long_whatever_the_tick(hours: int) -> None:
    day = 24 // hours
    guarded, mean = Feed(hours=hours, source="spot"), Feed(hours=hours, guard=False)
    late = Feed(hours=hours, source="delayed", guard=False)
    for feed in (guarded, mean, late):
        for _ in range(3 * day):
            feed.tick(10.0, 10.0)
    for n in range(1, 4 * day + 1):
        reports = [feed.tick(100.0, 1.0)[:2] for feed in (guarded, mean, late)]
        if n % day == 0:
            days = n // day
            assert reports[0] == pytest.approx([10.0 * 1.2**days, 10.0 * 0.8**days])
            assert reports[1][0] == pytest.approx(10.0 + 90.0 * min(days / 3, 1.0))
        assert reports[2][0] == (100.0 if n > day else 10.0)
    assert guarded.oracle.view().most_rise ** day == pytest.approx(1.2)
    assert Feed(hours=hours, source="delayed", delay_hours=0.0, guard=False).tick(3.0)[0] == 3.0


def test_old_names_are_answered_with_the_new_ones() -> None:
    for old, new in (("window_ticks", "window_hours"), ("delay_ticks", "delay_hours")):
        with pytest.raises(ScenarioError, match=f"did you mean '{new}'"):
            Scenario.load("credit_baseline").override({f"oracle.{old}": 2})


@pytest.mark.parametrize("source", ["spot", "twap", "median", "delayed"])
def test_every_source_grows_stale_and_without_a_guard_moves_at_once(source: str) -> None:
    feed = Feed(source=source, window_hours=24.0, delay_hours=0.0, guard=False)
    assert [float(feed.tick(p)[0]) for p in (10.0, 100.0, 1.0)] == [10.0, 100.0, 1.0]
    for _ in range(2):
        feed.tick(np.nan)
    assert feed.oracle.stale[0]


def test_live_parameters_keep_what_is_remembered() -> None:
    feed = Feed(source="twap", window_hours=48.0, guard=False)
    for p in (1.0, 2.0, 3.0):
        feed.tick(p)
    feed.oracle.params = feed.oracle.params.model_copy(update={"window_hours": 96.0})
    feed.oracle.changed()
    assert feed.tick(7.0)[0] == pytest.approx(4.0), "of 2, 3 and 7; what lay further back was not kept"
    feed.oracle.params = feed.oracle.params.model_copy(update={"source": "delayed", "delay_hours": 72.0})
    feed.oracle.changed()
    assert feed.tick(8.0)[0] == 2.0
    assert feed.oracle.view().source == "delayed"
    feed.oracle.params = feed.oracle.params.model_copy(
        update={"source": "spot", "window_hours": 24.0, "delay_hours": 0.0}
    )
    feed.oracle.changed()
    assert feed.tick(9.0)[0] == 9.0
    assert len(feed.oracle.memory) == 1


def test_a_shorter_window_keeps_the_latest_ticks() -> None:
    feed = Feed(source="twap", window_hours=72.0, guard=False)
    for p in (1.0, 2.0, 3.0):
        feed.tick(p)
    feed.oracle.params = feed.oracle.params.model_copy(update={"window_hours": 48.0})
    feed.oracle.changed()
    assert feed.tick(5.0)[0] == 4.0, "of 3 and 5"


def test_at_the_moment_of_use_a_pool_is_read_and_biased_and_other_vaults_keep_their_report() -> None:
    feed = Feed(source="spot", guard=False)
    feed.tick(10.0, 20.0, 30.0)
    balances = np.zeros((6, 4), np.int64)
    balances[0, :2], balances[3, 0], balances[4, 1] = (1_000, 900), 40, 30
    feed.oracle.amm.pool = np.array([0, 1, -1])
    feed.oracle.ledger = SimpleNamespace(books=SimpleNamespace(balances=balances))
    feed.vaults.fraction, feed.vaults.status[1] = np.array([3, 4, 5]), 3
    feed.shocks["oracle_bias"] = 1.2
    assert feed.oracle.now().tolist() == [30.0, 20.0, 30.0]
    feed.oracle.params = feed.oracle.params.model_copy(update={"guard": True})
    assert feed.oracle.now() is feed.oracle.price


def test_only_unguarded_spot_is_read_from_the_pool() -> None:
    assert Feed(source="spot", guard=False).oracle.instant
    assert not Feed(source="spot").oracle.instant
    assert not Feed(source="twap", guard=False).oracle.instant
    stuck = Feed(source="spot", guard=False)
    stuck.shocks["oracle_stuck"] = 0.0
    assert not stuck.oracle.instant


def test_metrics_of_gaps_and_of_reports_held_back() -> None:
    feed = Feed(source="spot", most_move=0.2)
    feed.vaults.live = feed.vaults.status == 2
    market: Any = SimpleNamespace(mechanisms={"oracle": feed.oracle})
    feed.tick(10.0, 10.0)
    assert metrics.held_back(market) == metrics.largest_gap(market) == 0.0
    feed.tick(20.0, 11.0)
    assert metrics.held_back(market) == 0.5, "one of two that have a report"
    assert metrics.largest_gap(market) == pytest.approx(0.4)
    assert metrics.gap(market) == pytest.approx(0.2)
    assert metrics.stale(market) == pytest.approx(1 / 3)
