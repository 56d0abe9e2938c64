"""Funds: when clients redeem, how what they own is sold, and that a fund whose clients stay is any other institution."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.institutions.funds import Fund, part_of_rest
from model.actions import BUY, SELL, Status
from model.marketplace import Marketplace
from model.mechanisms.amm import Swap
from model.mechanisms.auction import BatchOrder
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.vaults import Unstake
from model.units import BTC, TOKEN, USD
from tests.behaviour.test_institutions import market, steps

EAGER = {"strategy": "fund", "cash": 2e4, "participation": 0.2, "attention": 1.0, "smallest": 5.0, "loss_borne": 0.5}
FREE = {"fees": {"transaction_fee": 0.0}}


def disappoint(m: Marketplace, slot: int, told: float = 2.0) -> None:
    """Let a fund's clients have been told of so many times what it has now."""
    population = m.populations["institution"]
    population.columns["high_water"][slot] = told * m.wealth[population.account[slot]]


def owned(m: Marketplace, slot: int) -> np.ndarray:
    """Fractions and stakes of one fund by vault."""
    vaults, account = m.mechanisms["vaults"], int(m.populations["institution"].account[slot])
    books, n = m.ledger.books.balances, vaults.n
    stakes = [int(s) for s in vaults.table.stake[:n]]
    staked = [int(books[s, account]) if s >= 0 else 0 for s in stakes]
    return np.asarray(books[vaults.fraction[:n], account] + np.array(staked))


def largest(m: Marketplace) -> int:
    """The fund that owns most fractions."""
    return int(np.argmax([owned(m, slot).sum() for slot in range(6)]))


def receipts(m: Marketplace, slot: int, action: Any = Swap) -> Any:
    """What one fund handed in this morning."""
    population = m.populations["institution"]
    rows = population.strategies[0].receipts[action]
    return rows[rows["account"] == population.account[slot]]


def test_a_fund_whose_clients_stay_does_what_its_mandate_says() -> None:
    ends = []
    without = {key: value for key, value in EAGER.items() if key != "loss_borne"} | {"strategy": "mandate"}
    for table in (EAGER | {"loss_borne": 1.0}, without):
        with market(table) as m:
            steps(m, 40)
            ends.append(m.ledger.books.balances[:, m.populations["institution"].account[:6]].copy())
    assert ends[0].sum() > 0
    assert (ends[0] == ends[1]).all()


@pytest.mark.parametrize(("told", "redeems"), [(1.9, False), (2.1, True)])
def test_clients_redeem_once_the_loss_is_more_than_they_bear(told: float, redeems: bool) -> None:
    with market(EAGER) as m:
        steps(m, 20)
        disappoint(m, 2, told)
        m.step()
        assert (m.populations["institution"].columns["redeemed"][2] == 20.0) == redeems
        assert m.recorder.latest["agents.funds_redeemed"] == float(redeems)


def test_the_highest_wealth_is_that_of_the_days_on_which_they_look() -> None:
    with market({**EAGER, "attention": 0.2}) as m:
        population, told, looked = m.populations["institution"], np.zeros(6), np.full(6, -1.0)
        for _ in range(30):
            before = (
                np.maximum(m.wealth[population.account[:6]], 0.0)
                if m.clock.tick
                else population.columns["cash"][:6].copy()
            )
            m.step()
            looks = population.columns["looked"][:6] > looked
            told, looked = np.where(looks, np.maximum(told, before), told), population.columns["looked"][:6].copy()
        assert population.columns["high_water"][:6] == pytest.approx(told)


@pytest.mark.parametrize("hours", [24, 6])
def test_an_equal_part_is_sold_each_day_until_the_notice_ends(hours: int) -> None:
    with market({**EAGER, "notice": 4.0}, clock={"hours_per_tick": hours}, **FREE) as m:
        steps(m, 20 * 24 // hours)
        slot = largest(m)
        disappoint(m, slot)
        had, left = owned(m, slot), [1.0]
        large = had * m.view.amm.price[: had.size] / TOKEN > 400.0
        assert large.any()
        for _ in range(4 * 24 // hours):
            m.step()
            assert not (receipts(m, slot)["side"] == BUY).any()
            left.append(float(np.median(owned(m, slot)[large] / had[large])))
        assert left == pytest.approx(np.linspace(1.0, 0.0, len(left)), abs=1e-6)
        steps(m, 20)
        assert owned(m, slot).sum() == 0
        assert (m.populations["institution"].columns["redeemed"][:6] >= 0.0).sum() == 1
        m.check()


def test_parts_too_small_for_their_fee_are_sold_together() -> None:
    with market({**EAGER, "notice": 300.0, "slippage": 0.02}, fees={"transaction_fee": 5.0}) as m:
        steps(m, 20)
        slot = largest(m)
        disappoint(m, slot)
        m.step()
        sold = receipts(m, slot)
        assert (sold["side"] == SELL).all()
        value = sold["amount"] * m.view.amm.price[sold["vault"]] / TOKEN
        assert value.size
        assert (value >= 0.9 * 5.0 / 0.02).all()


def test_it_sells_what_it_staked() -> None:
    with market({**EAGER, "notice": 3.0}, vaults={"eligibility": "staked_only"}, **FREE) as m:
        steps(m, 20)
        slot = largest(m)
        disappoint(m, slot)
        before = owned(m, slot).sum()
        steps(m, 6)
        assert m.settlement.outcomes[Unstake][Status.DONE] > 0
        assert before > 0
        assert owned(m, slot).sum() == 0
        m.check()


def test_forced_sales_press_prices() -> None:
    lowest = {}
    for notice in (1.0, 1_000.0):
        with market({**EAGER, "cash": 1e5, "notice": notice}, **FREE) as m:
            steps(m, 30)
            price = m.view.amm.price[:4].copy()
            for slot in range(6):
                disappoint(m, slot)
            steps(m, 2)
            lowest[notice] = float((m.view.amm.price[:4] / price).min())
    assert lowest[1.0] < 0.8 < 0.95 < lowest[1_000.0]


def test_what_has_no_pool_goes_to_the_batch_and_coins_are_sold() -> None:
    trait = {"slippage": 0.01, "concession": 0.05, "notice": 5.0}
    facts = np.zeros((64, 1))
    asks: Any = SimpleNamespace(price=np.array([3.0]), order_ticks=1, every_ticks=7)
    sees: Any = SimpleNamespace(
        tick=8,
        dt_days=1.0,
        has=lambda key: key == "auction",
        auction=asks,
        vaults=SimpleNamespace(live=np.array([True])),
    )
    scalars = np.full(64, 2.0)  # a coin is worth 2 USD, as is a transaction
    own: Any = SimpleNamespace(
        trait=trait, market=sees, slot=0, account=7, scalars=scalars, coins=2 * BTC, held=[40.0], cash=0.0
    )
    fund = Fund(SimpleNamespace(alert=np.zeros(1, np.bool_)))  # type: ignore[arg-type]
    fund.target, fund.waits, fund.posted = np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1, np.int64)
    fund.sheet, fund.sales = SimpleNamespace(facts=facts), []  # type: ignore[assignment]
    coins, ask = fund._wind_up(own, 5.0)
    assert coins == TradeCoins.row(7, side=SELL, amount=2 * BTC)
    assert ask == BatchOrder.row(7, vault=0, side=SELL, quantity=40 * TOKEN, price=int(3.0 * (1.0 - 0.05) * USD))
    assert fund.population.alert[0]
    assert list(fund._wind_up(own, 4.0)) == [coins]  # the ask is still open


@pytest.mark.parametrize("days", [1, 7, 30])
def test_equal_parts_leave_nothing(days: int) -> None:
    left = 1.0
    for day in range(days):
        sold = part_of_rest(days - day, 1.0) * left
        assert sold == pytest.approx(1.0 / days)
        left -= sold
    assert left == pytest.approx(0.0, abs=1e-12)
