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
    assert 0.0 < kept[1.0] < 0.85 * kept[1e6]
