"""Institutions in a small market: when they enter, what they may hold, how they trade, what they pay."""

from typing import Any

import numpy as np
import pytest

from agents.institutions.position import Position
from model import Marketplace, Scenario
from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.auction import BatchOrder
from model.mechanisms.offerings import Subscribe, Tokenise
from model.units import DAYS_PER_YEAR

KEYS = ("bitcoin", "power", "rigs", "network", "payout", "vaults", "amm", "social", "fees", "auction", "custody")
CALM = {"attention": 0.5, "opinion": 0.0, "discount": 0.15, "growth": 0.3, "drift": 0.3, "pull": 1.0, "var_limit": 0.2}
IDLE = {"retail_investor": {"count": 60, "attention": 0.0, "startle": 100.0}}


def market(institution: dict[str, Any], **tables: Any) -> Marketplace:
    merged: dict[str, Any] = {
        "clock": {"ticks": 400},
        **{key: {} for key in KEYS},
        "bitcoin": {"process": "constant"},
        "offerings": {"initial": 4, "th": 5_000.0, "issue_multiple": 0.5, "initial_buyers": ["retail_investor"]},
        "agents": {**IDLE, "institution": {"count": 6, **CALM, **institution}},
    }
    for key, table in tables.items():
        merged[key] = {**merged.get(key, {}), **table}
    return Marketplace(Scenario.from_tables(merged, "institutions"), rng=1)


def worth(m: Marketplace) -> float:
    """USD of fractions that institutions hold."""
    vaults, accounts = m.mechanisms["vaults"], m.populations["institution"].account[:6]
    assets = [int(f) for f in vaults.fraction[: vaults.n]]
    return sum(float(m.ledger.books.balances[a, accounts].sum() * m.ledger.value[a]) for a in assets)


def steps(m: Marketplace, n: int) -> Marketplace:
    for _ in range(n):
        m.step()
    return m


def test_they_enter_at_the_clarity_date() -> None:
    with market({"clarity_day": 20.0}) as m:
        assert worth(steps(m, 20)) == 0.0
        assert worth(steps(m, 15)) > 1_000.0
        m.check()


def test_they_enter_when_the_law_is_clear() -> None:
    with market({}, regulation={"clarity_date": "2023-01-21"}) as m:
        assert worth(steps(m, 20)) == 0.0
        assert worth(steps(m, 15)) > 1_000.0
        assert m.settlement.tally[:, Status.NOT_ALLOWED].sum() == 0


def test_a_mandate_without_rigs_keeps_out() -> None:
    with market({"mandate_mining": 0.0}) as m:
        assert worth(steps(m, 30)) == 0.0


def test_value_at_risk_keeps_its_limit() -> None:
    held = {}
    for limit in (0.01, 0.2):
        with market({"var_limit": limit, "participation": 0.2}) as m:
            steps(m, 40)
            population = m.populations["institution"]
            strategy: Any = population.strategies[0]
            for slot in range(6):
                own = Position(population, strategy.sheet, strategy.opinions, slot, m.view)
                assert own.risk(own.weights) <= limit * 1.25  # prices move between reviews
                assert own.cash >= 0.0
            held[limit] = worth(m)
    assert held[0.2] > 1.5 * held[0.01] > 0.0


@pytest.mark.parametrize("hours", [24, 6])
def test_orders_are_cut_to_a_part_of_the_pools_depth(hours: int) -> None:
    table = {"participation": 0.02, "cash": 1e6}
    with market(table, clock={"hours_per_tick": hours}, fees={"transaction_fee": 0.0}) as m:
        seen = 0
        for _ in range(20 * 24 // hours):
            m.step()
            for strategy in m.populations["institution"].strategies:
                rows = strategy.receipts[Swap]
                depth = m.view.amm.reserve_usd[rows["vault"]]
                buys = rows["side"] == 0
                assert (rows["amount"][buys] <= 0.02 * hours / 24 * depth[buys] + 1).all()
                seen += int(buys.sum())
        assert seen > 20


def test_what_pools_cannot_bear_goes_to_the_auction() -> None:
    with market({"participation": 0.001, "cash": 1e6}) as m:
        steps(m, 10)
        assert m.settlement.outcomes[BatchOrder][Status.DONE] > 0
        assert np.nansum(m.view.auction.best_bid) > 0.0
        fraction, vault = int(m.mechanisms["vaults"].fraction[0]), 0
        accounts = m.populations["retail_investor"].account[:60]
        seller = int(accounts[np.argmax(m.ledger.books.balances[fraction, accounts])])
        amount = m.ledger.balance(fraction, seller)
        m.submit(BatchOrder(seller, vault=vault, side=1, quantity=amount, price=1))
        before = m.ledger.balance(USD_ASSET, seller)
        m.step()
        assert m.ledger.balance(fraction, seller) == 0
        paid = (m.ledger.balance(USD_ASSET, seller) - before) / amount
        price = m.mechanisms["auction"].price[vault]
        assert paid == pytest.approx(price * (1 - 0.005), rel=0.01)
        assert m.recorder.latest["auction.volume"] > 0.0


def test_they_buy_what_is_left_of_cheap_offerings() -> None:
    with market({"cash": 1e6, "participation": 0.0}, agents={"miner": {"count": 5, "strategy": "mine"}}) as m:
        steps(m, 2)
        rigs, miners = m.mechanisms["rigs"], m.populations["miner"].account[:5]
        miner = int(miners[np.argmax(rigs.registered[miners])])
        ghs = int(rigs.registered[miner]) // 2
        supply = m.mechanisms["vaults"].params.supply
        offer = Tokenise(miner, ghs=ghs, price=max(1, int(2.0 * ghs / 1000 / supply * 1e6)), keep_bps=1_000)
        m.submit(offer)
        m.step()
        assert offer.done.all(), Status(int(offer.rows["status"][0]))
        steps(m, 10)
        assert m.settlement.outcomes[Subscribe][Status.DONE] > 0
        assert "offering_sold" in set(m.events().kind)


def test_custody_costs_its_share_of_the_year() -> None:
    with market({"participation": 0.2}, custody={"fee": 0.02}) as m:
        steps(m, 29)
        paid, value = m.mechanisms["custody"].paid, 0.0
        for _ in range(14):
            m.step()
            if m.clock.new_week:
                value += worth(m) * 7
        m.check()
        charged = (m.mechanisms["custody"].paid - paid) / 1e6
        assert charged == pytest.approx(0.02 * value / DAYS_PER_YEAR, rel=0.02)
        assert m.flows().loc["service fee", "institution"] <= 0
        assert 0.0 < m.recorder.latest["agents.institution_fractions"] < 1.0


def test_dealers_bring_what_batches_ask_for() -> None:
    traded = {}
    for strategy in ("close_gaps", "batch_dealer"):
        bots = {"arbitrageur": {"count": 4, "strategy": strategy}}
        table = {"participation": 0.001, "cash": 1e6, "concession": 0.08}
        with market(
            table, fees={"transaction_fee": 0.1}, agents={**IDLE, **bots, "institution": {"count": 6, **CALM, **table}}
        ) as m:
            traded[strategy] = 0.0
            for _ in range(30):
                m.step()
                traded[strategy] += m.recorder.latest["auction.volume"]
            m.check()
    assert traded["batch_dealer"] > 100.0
    assert traded["close_gaps"] < traded["batch_dealer"]


@pytest.mark.slow
def test_the_scenario_lets_them_in_on_its_date() -> None:
    with Marketplace(Scenario.load("institutions_enter").override({"clock.ticks": 260}), rng=1) as m:
        shares = m.run().metrics()["agents.institution_fractions"]
        assert (shares[:204] == 0.0).all()
        assert shares.iloc[-1] > 0.01
