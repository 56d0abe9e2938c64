"""The peer of plain Mesa objects: it conserves what must be conserved, and does as much as our market."""

import math
from pathlib import Path

import pytest

from benchmarks.peers.plain_mesa import Market, measure
from benchmarks.peers.plain_mesa.founders import ClubFounder
from benchmarks.peers.plain_mesa.offerings import close_offerings, found_club, offer
from benchmarks.peers.plain_mesa.vaults import LIVE, OFFERED
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


def test_miners_look_once_a_week_and_choose_pools():
    values = {"agents.miner.pool_inertia": 0.0, "agents.miner.asks": 1e6}  # fractions pay coins when they are sold
    market = Market(Scenario.load(BUSY).with_agents(200).override(values), seed=4)
    first, moves = [miner.mining_pool for miner in market.miners], 0
    for _ in range(28):
        market.step()
        moves += market.moves
    assert moves == sum(a != miner.mining_pool for a, miner in zip(first, market.miners, strict=True)) > 0
    sellers = [miner for miner in market.miners if miner.treasury == 0.0]
    last = [miner.coins > 0.0 for miner in sellers if (miner.slot + market.day) % 7 == 0]
    assert not any(last)
    assert any(miner.coins > 0.0 for miner in sellers)


def test_miners_who_ask_less_have_fewer_fractions():
    kept = {1.0: 0.0, 1e6: 0.0}
    for asks in kept:
        for seed in (1, 2, 3):
            market = Market(Scenario.load(BUSY).with_agents(200).override({"agents.miner.asks": asks}), seed=seed)
            for _ in range(28):
                market.step()
            kept[asks] += sum(sum(miner.held.values()) for miner in market.miners)
    assert 0.0 < kept[1.0] < 0.9 * kept[1e6]


def test_clubs_order_rigs_and_contracts_lend_them():
    scenario = Scenario.load(BUSY).with_agents(200).override({"agents.arbitrageur.advantage": 10.0})
    market = Market(scenario.override({"agents.arbitrageur.strategy": "club_founder"}), seed=4)
    market.step()
    founder, miner, before = market.by_kind["arbitrageur"][0], market.miners[0], usd(market)
    assert isinstance(founder, ClubFounder)
    found_club(market, founder, 0.5, 2.0 * market.rig_market.all_in * 0.5 / market.supply)
    offer(market, miner, 0.1 * miner.site.th, 0.01, 180.0)
    club, contract = market.vaults[-2:]
    club.subscribe(founder, 0.5 * club.left)
    club.subscribe(market.by_kind["liquidity_provider"][0], club.left)
    close_offerings(market)
    market._look()
    assert (club.status, contract.status, contract.lent, contract.term) == (LIVE, OFFERED, True, 180.0)
    assert club.th == 0.0 < 0.5 < club.coming
    assert contract.salvage == 0.0 < contract.nav
    founder.step()
    assert club.shares > 0.0
    idle = 0
    for _ in range(110):
        market.step()
        idle += club.th == 0.0
    assert idle > 60 and 1.0 < club.th < 1.1
    assert club.coming < 1e-9
    assert club.cost_per_th > 0.0
    assert usd(market) == pytest.approx(before, abs=1e-3)


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
    for side in (0, 1):
        assert 0.15 < figures["awake"][side] / TICKS / 1_000 < 0.19
        assert 0.07 < figures["acting"][side] / TICKS / 1_000 < 0.15
    ours.close()
