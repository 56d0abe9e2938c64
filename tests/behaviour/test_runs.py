"""Whole runs: equal seeds, equal bytes; causes act when they act; everything is conserved at any tick length."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from model import Marketplace, Scenario, ScenarioError
from model.actions import BUY, Bundle, Status
from model.ledger import USD_ASSET
from model.mechanisms.amm import AddLiquidity, Swap
from model.mechanisms.offerings import Tokenise
from model.units import TOKEN, USD

ROOT = Path(__file__).resolve().parents[2]


def short(name: str = "smoke", ticks: int = 20, **more: object) -> Scenario:
    return Scenario.load(name).override({"clock.ticks": ticks, **{k.replace("__", "."): v for k, v in more.items()}})


def eventful(hours: int) -> Marketplace:
    """A smoke run with a bundle, fees, a new vault, an arrival and a live change."""
    scenario = short(ticks=10 * 24 // hours, clock__hours_per_tick=hours, fees__transaction_fee=0.25)
    market = Marketplace(scenario, rng=5)
    for tick in range(scenario.clock.ticks):
        if tick == 2:
            market.populations["retail_investor"].arrive(3)
        if tick == 3:
            market.change({"amm.fee_bps": 50})
        if tick == 4:
            miner = market.populations["miner"]
            biggest = int(miner.account[np.argmax(market.mechanisms["rigs"].registered[miner.account[: miner.size]])])
            market.submit(Tokenise(biggest, ghs=5_000, price=USD // 10, keep_bps=2_000))
        if tick == 5:
            rich = int(
                max(market.populations["retail_investor"].account, key=lambda a: market.ledger.balance(USD_ASSET, a))
            )
            buy = Swap(rich, vault=0, side=BUY, amount=5 * USD, limit=1)
            add = AddLiquidity(rich, vault=0, usd=USD, fractions=TOKEN, limit=0)
            market.submit(Bundle([buy, add]))
        market.step()
        market.check()
    return market


@pytest.mark.parametrize("hours", [24, 4])
def test_eventful_runs_conserve_and_repeat(hours: int) -> None:
    one, two = eventful(hours), eventful(hours)
    assert one.fingerprint() == two.fingerprint()
    kinds = set(one.events()["kind"])
    assert {"change", "offering"} <= kinds
    assert one.populations["retail_investor"].size == short().agents["retail_investor"].count + 3
    assert one.flows()["world"].loc["transaction fee"] > 0


def test_a_new_process_ends_in_the_same_fingerprint() -> None:
    code = "from model import Marketplace; print(Marketplace('smoke', rng=9, clock__ticks=8).run().fingerprint())"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    assert result.stdout.strip() == Marketplace("smoke", rng=9, clock__ticks=8).run().fingerprint()


def test_other_seeds_give_other_runs() -> None:
    assert (
        Marketplace(short(ticks=3), rng=1).run().fingerprint() != Marketplace(short(ticks=3), rng=2).run().fingerprint()
    )


def test_one_more_agent_changes_nobody_elses_draws() -> None:
    base = Scenario.load("smoke")
    count = base.agents["retail_investor"].count
    one = Marketplace(base, rng=3).populations["retail_investor"]
    more = Marketplace(base.override({"agents.retail_investor.count": count + 1}), rng=3).populations["retail_investor"]
    for name in one.table.traits:
        assert np.array_equal(one.columns[name][:count], more.columns[name][:count]), name
    market, larger = one.market, more.market
    for tick in range(5):
        keys = [m.streams.key("attention", "retail_investor", tick) for m in (market, larger)]
        assert keys[0] == keys[1]
    assert np.array_equal(one.strategy[:count], more.strategy[:count])


def test_a_change_leaves_the_days_before_it_identical() -> None:
    plain = Marketplace(short(ticks=16), rng=4).run().metrics()
    changed = Marketplace(
        Scenario.from_tables(
            {**short(ticks=16).tables, "changes": [{"tick": 10, "set": {"amm.fee_bps": 900}}]}, "changed"
        ),
        rng=4,
    ).run()
    frame = changed.metrics()
    assert frame.iloc[:10].equals(plain.iloc[:10])
    assert not frame.iloc[10:].equals(plain.iloc[10:])
    assert "amm.fee_bps" in changed.events().query("kind == 'change'")["text"].iloc[0]


def test_changes_out_of_range_or_not_live_are_refused() -> None:
    market = Marketplace(short(ticks=2), rng=1)
    with pytest.raises(ScenarioError, match="fee_bps"):
        market.change({"amm.fee_bps": 10**9})
    with pytest.raises(ScenarioError, match="cannot change while"):
        market.change({"vaults.supply": 5})
    with pytest.raises(ScenarioError, match="did you mean"):
        market.change({"amm.fee_bsp": 5})


def test_every_flow_has_two_sides_and_meets_the_balances() -> None:
    market = Marketplace(short(ticks=15), rng=6).run()
    for asset in ("usd", "btc", "fraction", "share", "payable"):
        for tick in (None, -1, 0, 7, 14):
            matrix = market.flows(tick, asset)
            assert (matrix.sum(axis=1) == 0).all(), (asset, tick)
            assert (matrix.iloc[:-1].sum(axis=0) == matrix.iloc[-1]).all(), (asset, tick)
    sheet = market.balance_sheet()
    financial = sheet.drop(index=["net worth", "rigs"])
    assert financial["sum"].abs().max() < 1e-3
    assert sheet.drop(columns="sum").sum(axis=0).abs().max() < 1e-3


@pytest.mark.parametrize("name", Scenario.names())
def test_laws_hold_on_every_tick_of_every_scenario(name: str) -> None:
    with Marketplace(Scenario.load(name).override({"clock.ticks": 12}), rng=2) as market:
        for _ in range(12):
            market.step()
            market.check()


def test_runs_are_released() -> None:
    seen = []
    for seed in range(5):
        with Marketplace(short(ticks=2), rng=seed) as market:
            market.run()
            seen.append(weakref.ref(market))
        del market
    gc.collect()
    assert [r() for r in seen] == [None] * 5


def test_stop_when_ends_a_run() -> None:
    scenario = short(ticks=20, clock__stop_when={"metric": "bitcoin.price", "above": 1.0})
    assert len(Marketplace(scenario, rng=1).run().metrics()) == 1


def test_bundles_are_whole_or_not_at_all() -> None:
    market = Marketplace(short(ticks=5), rng=8)
    market.step()
    account = int(market.populations["retail_investor"].account[0])
    before = market.ledger.books.balances[:, account].copy()
    good = Swap(account, vault=0, side=BUY, amount=2 * USD, limit=1)
    bad = Swap(account, vault=0, side=BUY, amount=2 * USD, limit=10**15)
    bundle = Bundle([good, bad])
    market.settlement.submit(bundle)
    market.settlement.settle(Swap, True)
    fee = round(market.mechanisms["fees"].params.transaction_fee * USD)
    after = market.ledger.books.balances[:, account]
    assert bundle.status == Status.LIMIT
    assert int(good.rows["status"][0]) == Status.UNDONE
    assert after[USD_ASSET] >= before[USD_ASSET] - 2 * fee
    assert np.array_equal(np.delete(after, USD_ASSET), np.delete(before, USD_ASSET))


def test_miners_whom_vaults_leave_no_rigs_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"15 miners .* 12,420 TH/s, and vaults hold 14,000; raise network.sim"):
        Marketplace(short("smoke", 1, offerings__th=2_800.0), rng=1)
    with Marketplace(short("smoke", 1, offerings__th=2_800.0, agents__miner__count=0), rng=1) as market:
        market.step()


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_miners_of_no_size_are_dealt_equal_parts() -> None:
    with Marketplace(short("smoke", 1, agents__miner__size=0.0), rng=1) as market:
        miners = market.populations["miner"]
        running = market.mechanisms["rigs"].delivered[miners.account[: len(miners)]]
        assert running.sum() > 0 and np.ptp(running) < 0.5 * running.mean()
