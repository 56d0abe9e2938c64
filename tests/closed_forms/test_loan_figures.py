"""Figures of a lending pool by hand, the order in which debts are liquidated, and gains of sectors from their flows."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.flows import Flow, Group
from model.gains import GainsBook
from model.ledger import BTC_ASSET
from model.mechanisms.lending import Borrow, Pledge, StandBy
from model.mechanisms.lending.figures import (
    BOTH_SIDES,
    FIGURES,
    LARGEST_DEBT,
    LARGEST_DEPOSIT,
    PLEDGED,
    RISK_10,
    RISK_20,
    RISK_30,
    UNCOVERED,
    WORTH,
    figures_of,
    over_value,
)
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE


def loan(house: LendingHouse, i: int, fractions: float, usd: float, v: int = 0) -> int:
    """Let an agent pledge and borrow; his account."""
    for action in (
        Pledge(house.agents[i], vault=v, amount=int(fractions * WHOLE)),
        Borrow(house.agents[i], amount=int(usd * WHOLE)),
    ):
        assert house.do(action)[0] is Status.DONE
    return house.agents[i]


def test_the_figures_of_five_accounts() -> None:
    """Debts of 100, 300 and 600, deposits of 10, 30 and 60; two vaults in circulation, one of them pledged in part."""
    house = LendingHouse()
    desk, (pledge, parked, deposit) = house.lending.desk, (8, 5, 9)
    desk = desk._replace(pledge=np.array([pledge, -1, -1]), parked=np.array([parked, -1, -1]), deposit=deposit)
    balances = np.zeros((10, 6), np.int64)
    balances[pledge, parked] = -40
    balances[deposit, :5] = 10, 0, 60, 30, 0
    debt = np.array([100.0, 300.0, 600.0, 0.0, 0.0])
    health, collateral = np.array([1.05, 1.2, 1.4, np.inf, np.inf]), np.array([90.0, 500.0, 1_000.0, 7.0, 0.0])
    live, fraction, supply = np.array([True, True, False]), np.array([3, 4, 5]), np.array([100, 50, 1_000])
    value, out, work = np.arange(10.0), np.empty(FIGURES), np.empty((2, 5))
    figures_of(balances, desk, debt, health, collateral, 5, live, fraction, supply, value, work[0], work[1], out)
    assert (out[WORTH], out[PLEDGED]) == (100 * 3.0 + 50 * 4.0, 40 * 3.0)
    assert out[UNCOVERED] == 10.0
    assert out[[RISK_10, RISK_20, RISK_30]] == pytest.approx([0.1, 0.4, 1.0])
    assert out[[LARGEST_DEBT, LARGEST_DEPOSIT, BOTH_SIDES]] == pytest.approx([0.6, 0.6, 0.7])
    price, known = np.array([6.0, 2.0, 3.0]), np.array([4.0, 2.0, 3.0])
    assert over_value(balances, desk, price, known) == pytest.approx(1.5)
    assert np.isnan(over_value(balances, desk, np.full(3, np.nan), known))
    both = desk._replace(pledge=np.array([pledge, pledge, -1]), parked=np.array([parked, parked, -1]))
    assert over_value(balances, both, np.array([6.0, np.nan, 3.0]), known) == pytest.approx(1.5), "known prices alone"


# -- who is liquidated, and with what


def test_scarce_money_goes_to_the_worst_debt() -> None:
    house = LendingHouse(cash=2_000.0, full_below=1.0)
    loan(house, 1, 100, 330)
    worst = loan(house, 2, 100, 370)
    house.do(StandBy(house.agents[4], capital=100 * WHOLE, least=0))
    house.next_day(5.0)
    house.evening()
    assert [done.account for done in house.lending.liquidations] == [worst]


def test_a_standing_order_spends_its_capital_once_with_what_goes_to_the_fund() -> None:
    house = LendingHouse(cash=2_000.0)
    loan(house, 1, 100, 370)
    loan(house, 2, 100, 365)
    house.do(StandBy(house.agents[4], capital=300 * WHOLE, least=0))
    had = house.cash(house.agents[4])
    house.next_day(6.0)
    house.evening()
    done = house.lending.liquidations
    assert len({one.account for one in done}) == 2
    spent = sum(one.repaid + one.to_fund for one in done)
    assert had - house.cash(house.agents[4]) == spent and 300 * WHOLE - 3 <= spent <= 300 * WHOLE
    assert sum(one.to_fund for one in done) == pytest.approx(0.012 * sum(one.repaid for one in done), abs=2 * len(done))


def test_the_pledge_that_is_worth_most_is_seized_unless_its_vault_stands_still() -> None:
    """60 fractions at 8 before 70 at 5; what a halted vault backs counts for health alone."""
    for halted, seized in ((False, 1), (True, 0)):
        house = LendingHouse(cash=1_000.0)
        who = house.agents[3]
        house.do(Pledge(who, vault=0, amount=70 * WHOLE))
        house.do(Pledge(who, vault=1, amount=60 * WHOLE))
        house.do(Borrow(who, amount=490 * WHOLE))
        house.do(StandBy(house.agents[4], capital=10**9, least=0))
        house.evening()
        house.oracle.price[:2] = 5.0, 7.0
        house.morning()
        house.vaults.halted[1] = halted
        house.lending.liquidate()
        done = house.lending.liquidations[0]
        assert done.vault == seized
        assert done.before == pytest.approx(0.6 * 770.0 / (house.lending.owed_by(who) + done.repaid) * WHOLE)


def test_a_small_debt_is_repaid_whole() -> None:
    for whole_usd, part in ((99.0, 0.5), (101.0, 1.0)):
        house = LendingHouse(cash=1_000.0, whole_usd=whole_usd, full_below=0.0, base=0.0)
        who = loan(house, 1, 30, 100)
        house.do(StandBy(house.agents[4], capital=10**9, least=0))
        house.next_day(5.4)
        debt = house.lending.owed_by(who)
        house.evening()
        assert house.lending.liquidations[0].repaid == pytest.approx(part * debt, abs=2)


# -- gains


def test_gains_count_what_the_world_paid_in_and_took_out_in_dollars_and_coins() -> None:
    sectors = ["miner", "trader", "world"]
    value = np.zeros(2)
    value[BTC_ASSET] = 0.0002
    books = SimpleNamespace(sector=np.array([0, 1, 2]))
    market: Any = SimpleNamespace(
        ledger=SimpleNamespace(sectors=sectors, books=books, value=value), journal=SimpleNamespace(flows=[]),
        wealth=np.array([100.0, 50.0, 0.0]), mechanisms={},
    )  # fmt: skip
    book = GainsBook(market)
    usd, btc = int(Group.USD), int(Group.BTC)
    rows = [
        (Flow.ARRIVAL, usd, 2, 1, 30_000_000), (Flow.CAPITAL, usd, 2, 0, 7_000_000), (Flow.DEPARTURE, btc, 0, 2, 50_000),
        (Flow.CAPITAL, usd, 1, 0, 9_000_000), (Flow.TRADE, usd, 2, 0, 80_000_000),
    ]  # fmt: skip
    market.journal.flows.append(np.array([[int(kind), *row] for kind, *row in rows]))
    market.wealth[:2] = 120.0, 70.0
    for _ in range(2):
        found = book.read(market)
        assert found["miner"] == pytest.approx((120.0 + 10.0 - 107.0, 107.0)), "50,000 satoshi went for 10 USD"
        assert found["trader"] == pytest.approx((70.0 - 80.0, 80.0))
        assert found["trader"].rate == pytest.approx(-0.125)
