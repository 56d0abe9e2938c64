"""Members move between pools, large pools grow dear, hoppers gain; with one pool nothing of that costs anything."""

import copy
from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario, ScenarioError
from model.actions import Bundle, Status
from model.mechanisms.payout import SCHEMES, JoinPool

KEYS = ("bitcoin", "power", "rigs")
DAYS = 240
SEED = 5  # one of those in which an operator is ruined
FPPS = {"name": "a", "scheme": "fpps", "fee": 0.03, "network_share": 0.2}
PPLNS = {"name": "b", "scheme": "pplns", "fee": 0.01, "network_share": 0.2}


def small(pools: list[dict[str, Any]], miner: dict[str, Any], hours: int = 24, **more: Any) -> Marketplace:
    tables = {
        **{key: {} for key in KEYS},
        "clock": {"ticks": 5_000, "hours_per_tick": hours},
        "bitcoin": {"process": "constant"},
        "network": {"simulated_share": 0.0005, "fees": "constant", **more},
        "payout": {"pools": pools},
        "agents": {"miner": {"strategy": "mine", "treasury": 0, "attention": 1.0, **miner}},
    }
    return Marketplace(Scenario.from_tables(tables, "pools"), rng=1)


def done(market: Marketplace) -> int:
    return int(market.settlement.outcomes[JoinPool][Status.DONE])


def steps(market: Marketplace, n: int) -> Marketplace:
    for _ in range(n):
        market.step()
    return market


def lived(**values: Any) -> tuple[Any, np.ndarray, Any]:
    """The scenario's pools, their shares by day, and its metrics."""
    with Marketplace(Scenario.load("pool_choice").override({"clock.ticks": DAYS, **values}), rng=SEED) as market:
        sizes = []
        for _ in range(DAYS):
            market.step()
            sizes.append(market.mechanisms["payout"].size.copy())
        market.check()
        return copy.copy(market.mechanisms["payout"]), np.array(sizes), market.metrics()


def test_the_scenario_lives() -> None:
    payout, sizes, metrics = lived()
    moves = metrics["payout.moves"]
    assert moves[:60].sum() > 50
    assert moves[-60:].sum() < moves[:60].sum() / 3
    assert sizes[-60:].std(axis=0).max() < 0.05  # shares settle
    end = sizes[-60:].mean(axis=0)
    assert (end > 0.01).sum() >= 4  # no winner takes all
    for kind in (("work",), ("window", "finder")):
        own = [k for k, name in enumerate(payout.schemes) if SCHEMES[name].subsidy in kind and payout.table.alive[k]]
        by_size = sorted(own, key=lambda k: end[k])
        assert payout.fee[by_size[-1]] > payout.fee[by_size[0]]
    last = metrics.iloc[-1]
    assert last["payout.ruined"] >= 1
    assert 0.9 < last["payout.earned"] < 1.1
    assert last["payout.earned_least"] <= last["payout.earned_most"]


def test_fees_by_size_keep_pools_smaller() -> None:
    largest = [lived(**{"payout.fees": fees})[1][-60:].max() for fees in ("by_size", "fixed")]
    assert largest[0] < largest[1]


def test_the_risk_averse_pay_for_steady_pay() -> None:
    tiny = {**PPLNS, "network_share": 0.0007}
    ends = []
    for aversion in (0.0, 20.0):
        miner = {"count": 40, "pool_review": 5, "pool_taste": 0, "pool_inertia": 0, "pool_risk_aversion": aversion}
        with small([FPPS, tiny], miner) as market:
            payout = steps(market, 12).mechanisms["payout"]
            ends.append(np.bincount(payout.pool_of[market.populations["miner"].account], minlength=3))
            assert done(market) > 0
    assert ends[0].tolist() == [0, 0, 40]  # mining alone costs nothing but peace of mind
    assert ends[1].tolist() == [40, 0, 0]


def test_members_of_a_ruined_pool_find_another_one_at_once() -> None:
    with small([FPPS, PPLNS], {"count": 20, "pool_review": 30, "pool_taste": 0}) as market:
        steps(market, 3)
        payout = market.mechanisms["payout"]
        payout.table.alive[0] = False
        payout._close()
        steps(market, 1)
        assert set(payout.pool_of[market.populations["miner"].account]) == {1}


def test_one_pool_or_no_look_leaves_everybody_where_he_is() -> None:
    for pools, review in (([FPPS], 5), ([FPPS, PPLNS], 0)):
        with small(pools, {"count": 20, "pool_review": review}) as market:
            before = market.mechanisms["payout"].pool_of.copy()
            steps(market, 12)
            assert not market.settlement.outcomes[JoinPool].any()
            assert (market.mechanisms["payout"].pool_of[: before.size] == before).all()


def test_hoppers_gain_what_loyal_members_lose() -> None:
    pools = [
        {"name": "round", "scheme": "proportional", "fee": 0.0, "share": 1.0, "network_share": 0.0},
        {**FPPS, "fee": 0.001, "ruin": 1e-6, "share": 0.0},
    ]
    miner = {"count": 20, "strategy": {"mine": 0.7, "hopper": 0.3}, "size": 1.0}
    with small(pools, miner, hours=1, simulated_share=0.006) as market:
        steps(market, 2_500).check()
        payout, population = market.mechanisms["payout"], market.populations["miner"]
        assert done(market) > 100
        assert market.recorder.latest["payout.hopping_gain"] > 0.05
        assert payout.earned[0] / payout.worked[0] == pytest.approx(1.0, abs=0.25)
        hoppers = population.hop_worth > 0
        left, worth = population.hop_earned[hoppers].sum(), population.hop_worth[hoppers].sum()
        loyal = (payout.earned.sum() - left) / (payout.worked.sum() - worth)
        assert loyal < left / worth - 0.1


def test_a_move_in_a_bundle_that_fails_is_taken_back() -> None:
    with small([FPPS, PPLNS], {"count": 20}) as market:
        payout = steps(market, 3).mechanisms["payout"]
        account = int(market.populations["miner"].account[0])
        before = [c.copy() for c in payout.undo_columns()], market.ledger.books.balances.copy()
        goal = 1 - int(payout.pool_of[account])
        bundle = Bundle([JoinPool(account, pool=goal), JoinPool(account, pool=99)])
        market.settlement._run_bundle(bundle)
        assert bundle.status is Status.UNKNOWN
        assert all((new == old).all() for new, old in zip(payout.undo_columns(), before[0], strict=True))
        assert (market.ledger.books.balances == before[1]).all()


def test_fees_follow_size_from_the_day_on_which_the_rule_changes() -> None:
    with small([FPPS, PPLNS], {"count": 5}) as market:
        payout = steps(market, 10).mechanisms["payout"]
        assert payout.fee.tolist() == [0.03, 0.01]
        market.change({"payout.fees": "by_size"})
        market.change({"payout.fee_days": 1.0})
        steps(market, 30)
        assert market.view.payout.fee == pytest.approx([0.025 + 0.8 * 0.015, 0.8 * 0.025], rel=1e-3)


def test_a_range_of_fees_upside_down_is_refused() -> None:
    tables = {"clock": {"ticks": 5}, **{key: {} for key in (*KEYS, "network")}, "payout": {"luck_fee_low": 0.03}}
    with pytest.raises(ScenarioError, match=r"luck_fee_low = 0\.03 is above luck_fee_high = 0\.025; lower it"):
        Scenario.from_tables(tables, "pools")
