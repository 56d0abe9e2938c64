"""The peer of plain Mesa objects: it conserves what must be conserved, and does as much as our market."""

import math
from pathlib import Path

import pytest

from benchmarks.peers.plain_mesa import Market, measure
from benchmarks.peers.plain_mesa.vaults import OFFERED
from model import Marketplace, Scenario

BUSY = str(Path(__file__).resolve().parent.parent / "benchmarks" / "busy.toml")
TICKS = 40


def usd(market):
    """Dollars of everybody, in pools and escrow, with the operator, and gone to the world."""
    parts = [agent.cash for agent in market.everybody]
    parts += [vault.usd + vault.escrow for vault in market.vaults]
    return math.fsum([*parts, market.operator, market.world])


@pytest.fixture(scope="module")
def small():
    """A small market, and its dollars before and after some weeks."""
    market = Market(Scenario.load(BUSY).with_agents(120), seed=2)
    before = usd(market)
    for _ in range(30):
        market.step()
    return market, before


def test_dollars_are_moved_and_not_made(small):
    market, before = small
    assert usd(market) == pytest.approx(before, abs=1e-3)
    assert min(agent.cash for agent in market.everybody) > -1e-6
    assert min(agent.coins for agent in market.everybody) > -1e-12


def test_fractions_and_shares_sum_to_their_supply(small):
    market, _ = small
    assert len(market.vaults) >= market.p["offerings"].initial
    for vault in market.vaults:
        held = math.fsum(agent.held.get(vault, 0.0) for agent in market.everybody)
        if vault.status == OFFERED:
            assert held == 0.0
            assert math.fsum(vault.receipts.values()) + vault.left == pytest.approx(vault.offered)
            continue
        assert held + vault.fractions == pytest.approx(vault.supply)
        assert math.fsum(agent.shares.get(vault, 0.0) for agent in market.everybody) == pytest.approx(vault.shares)
        assert vault.holders == sum(vault in agent.held for agent in market.everybody)


def test_income_reaches_holders_to_the_last_coin(small):
    market, _ = small
    vault = market.vaults[0]
    coins = vault.index * vault.supply
    agents = [agent for agent in market.everybody if vault in agent.held]
    due = math.fsum(agent.held[vault] * (vault.index - agent.paid[vault]) for agent in agents)
    assert 0.0 < due < coins


def test_the_same_seed_gives_the_same_run():
    runs = []
    for _ in range(2):
        market = Market(Scenario.load(BUSY).with_agents(60), seed=5)
        for _ in range(8):
            market.step()
        runs.append(market.recorder.figures.copy())
    assert repr(runs[0]) == repr(runs[1])


def test_both_sides_draw_the_same_traits_and_record_the_same_metrics():
    scenario = Scenario.load(BUSY).with_agents(60)
    ours, peer = Marketplace(scenario, rng=3), Market(scenario, seed=3)
    for kind, agents in peer.by_kind.items():
        for name in ours.populations[kind].table.traits:
            if name != "cash":
                assert [getattr(agent, name) for agent in agents] == ours.populations[kind].columns[name].tolist()
    theirs, own = set(peer.recorder.figures), {m.name for m in ours.recorder.metrics}
    assert theirs <= own
    assert len(theirs) >= 0.9 * len(own)
    peer.step()
    table = peer.datacollector.get_model_vars_dataframe()
    assert set(table.columns) == theirs
    ours.close()


def test_measure_says_what_the_benchmark_asks():
    row = measure(BUSY, 60, 3, True)
    assert set(row) == {"ms", "mean_ms", "build_s", "mb", "awake", "acting", "actions", "metrics"}
    assert row["awake"] >= 1.0  # the rest of the network looks too
    assert row["ms"] > 0.0


def test_the_peer_does_as_much_as_our_market():
    scenario = Scenario.load(BUSY).with_agents(1_000).override({"clock.ticks": TICKS})
    ours, peer = Marketplace(scenario, rng=1), Market(scenario, seed=1)
    figures = {"awake": [0, 0], "acting": [0, 0]}
    for _ in range(TICKS):
        ours.step()
        peer.step()
        for name, here in (("awake", ours.awake), ("acting", ours.settlement.acting)):
            figures[name][0] += here
            figures[name][1] += getattr(peer, name)
    figures["actions"] = [ours.settlement.executed, peer.done]
    for name, (own, other) in figures.items():
        assert other == pytest.approx(own, rel=0.2), name
    assert figures["awake"][1] / TICKS / 1_000 > 0.15
    assert figures["acting"][1] / TICKS / 1_000 > 0.07
    ours.close()
