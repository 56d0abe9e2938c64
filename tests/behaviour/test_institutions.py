"""Institutions in a small market: when they enter, what they may hold, how they trade, what they pay."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from agents.institutions.financiers import Financier
from agents.institutions.position import Position
from model import Marketplace, Scenario
from model.actions import Status
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.auction import BatchOrder
from model.mechanisms.offerings import Subscribe, Tokenise
from model.mechanisms.revenue_shares.table import ASKED, CAP_BPS, ISSUER, OFFERED, PHASE, SHARE, TERM, blank
from model.mechanisms.vaults import Unstake
from model.units import BTC, DAYS_PER_YEAR, USD

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


def test_dealers_sell_the_coins_that_they_earn_once_they_are_worth_it() -> None:
    bots = {"arbitrageur": {"count": 2, "strategy": "batch_dealer", "attention": 1.0, "harvest": 50.0}}
    with market({"participation": 0.001}, agents={**IDLE, **bots, "institution": {"count": 2, **CALM}}) as m:
        accounts = [int(a) for a in m.populations["arbitrageur"].account[:2]]
        for account, usd in zip(accounts, (40.0, 60.0), strict=True):
            m.ledger.pay(
                BTC_ASSET, m.ledger.world, account, int(usd / m.mechanisms["bitcoin"].price * BTC), Flow.ENDOWMENT
            )
        m.step()
        assert [m.ledger.balance(BTC_ASSET, account) > 0 for account in accounts] == [True, False]


def test_dealers_share_what_batches_ask_for_among_themselves() -> None:
    bots = {"arbitrageur": {"count": 12, "strategy": {"close_gaps": 0.75, "batch_dealer": 0.25}}}
    with market({"participation": 0.001}, agents={**IDLE, **bots, "institution": {"count": 6, **CALM}}) as m:
        steps(m, 2)
        population = m.populations["arbitrageur"]
        dealer = next(each for each in population.strategies if each.name == "batch_dealer")
        assert dealer.dealers == sum(agent.strategy == "batch_dealer" for agent in population.agents)
        assert 0 < dealer.dealers < population.size


@pytest.mark.slow
def test_the_scenario_lets_them_in_on_its_date() -> None:
    with Marketplace(Scenario.load("institutions_enter").override({"clock.ticks": 260}), rng=1) as m:
        shares = m.run().metrics()["agents.institution_fractions"]
        assert (shares[:204] == 0.0).all()
        assert shares.iloc[-1] > 0.01


@pytest.mark.parametrize("hours", [24.0, 168.0])
def test_bids_that_wait_for_a_batch_are_counted(hours: float) -> None:
    """A desk that also buys a slice a day ends at its target, however long a batch lasts, when holders serve its bids."""
    table = {"participation": 0.02, "cash": 2e4, "rebalance_days": 400.0, "attention": 1.0}
    with market(table, auction={"every_hours": hours}) as m:
        population, vaults = m.populations["institution"], m.mechanisms["vaults"]
        strategy: Any = population.strategies[0]
        holders, wanted = m.populations["retail_investor"].account[:60], {}
        for _ in range(15):
            for v in range(vaults.n):
                held = m.ledger.books.balances[vaults.fraction[v], holders]
                sells = held > 0
                m.submit(BatchOrder(holders[sells], vault=v, side=1, quantity=held[sells], price=1))
            m.step()
            for slot, v in zip(*np.nonzero(strategy.target > 0.0), strict=True):
                wanted[slot, v] = float(strategy.target[slot, v])
            for (slot, v), most in wanted.items():
                whole = m.ledger.balance(int(vaults.fraction[v]), int(population.account[slot])) / 1e6
                assert whole <= 1.05 * most, (m.clock.tick, slot, v)
        assert wanted


def test_they_stake_where_only_stakes_earn_and_unstake_what_they_sell() -> None:
    table = {"participation": 0.2, "smallest": 5.0}
    with market(table, vaults={"eligibility": "staked_only"}) as m:
        steps(m, 30)
        population, vaults = m.populations["institution"], m.mechanisms["vaults"]
        strategy: Any = population.strategies[0]
        books, accounts = m.ledger.books.balances, population.account[:6]
        stakes = [int(s) for s in vaults.table.stake[: vaults.n] if s >= 0]
        staked = books[np.ix_(stakes, accounts)]
        at_hand = books[np.ix_(vaults.fraction[: vaults.n], accounts)]
        assert staked.sum() > 5 * at_hand.sum()
        k = int(staked.sum(axis=0).argmax())
        own = Position(population, strategy.sheet, strategy.opinions, k, m.view)
        assert sum(own.held) == pytest.approx((staked[:, k].sum() + at_hand[:, k].sum()) / 1e6)
        population.columns["var_limit"][:] = 0.005  # now they must sell
        population.alert[:6] = True
        steps(m, 15)
        assert m.settlement.outcomes[Unstake][Status.DONE] > 0
        assert m.settlement.outcomes[Unstake][Status.FUNDS] == 0
        assert books[np.ix_(stakes, accounts)].sum() < 0.7 * staked.sum()
        m.check()


def test_miners_stake_the_fractions_that_they_kept() -> None:
    miners = {"miner": {"count": 5, "strategy": "mine", "attention": 1.0}}
    with market({"attention": 0.0}, vaults={"eligibility": "staked_only"}, agents={**IDLE, **miners}) as m:
        m.step()
        vaults, who = m.mechanisms["vaults"], int(m.populations["miner"].account[0])
        fraction, retail = int(vaults.fraction[0]), m.populations["retail_investor"].account[:60]
        holder = int(retail[np.argmax(m.ledger.books.balances[fraction, retail])])
        m.ledger.pay(fraction, holder, who, m.ledger.balance(fraction, holder) // 2, Flow.TRADE)
        held = m.ledger.balance(fraction, who)
        steps(m, 2)
        assert m.ledger.balance(fraction, who) == 0
        assert m.ledger.balance(int(vaults.table.stake[0]), who) >= held > 0


@dataclass
class Look:
    """A morning on which offers of revenue wait."""

    rows: Any
    balances: Any

    def has(self, key: str) -> bool:
        return key == "revenue_shares"

    @property
    def revenue_shares(self) -> Any:
        return SimpleNamespace(rows=self.rows, assets=np.array([2, 3]), revenue=np.full(4, 1_000.0))

    dt_days = 1.0


def test_a_financiers_limit_counts_what_he_has_of_an_offer() -> None:
    rows = blank(2)
    rows[0, [PHASE, ISSUER, SHARE, ASKED, CAP_BPS, TERM]] = OFFERED, 3, 100_000, 10_000 * USD, 15_000, 400
    agent: Any = SimpleNamespace(
        account=0, cash=1_000.0, share_part=0.25, share_return=0.1, share_default=0.0, share_fall=0.0, share_margin=0.0
    )
    balances, spent = np.zeros((4, 4), np.int64), []
    for _ in range(4):
        for row in Financier.decide_one(cast(Any, None), agent, cast(Any, Look(rows, balances))):
            spent.append(row.values[2] / USD)
            agent.cash -= spent[-1]
            balances[2, 0] += row.values[2]
    assert spent == [250.0]
