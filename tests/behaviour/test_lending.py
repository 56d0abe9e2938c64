"""Lending at work: income of pledges, queues, stale prices, liquidations, the waterfall, refused parameters."""

from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity
from model.mechanisms.lending import (
    Borrow,
    Lending,
    LendingParams,
    Pledge,
    Release,
    Repay,
    StandBy,
    Supply,
    Withdraw,
    liquidation_outcome,
)
from model.mechanisms.lending.table import LOST_DEPOSITORS, LOST_FUND, LOST_RESERVE
from model.scenario import Scenario
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE


def loan(house: LendingHouse, i: int, fractions: float, usd: float, v: int = 0) -> int:
    """Let an agent pledge and borrow; his account."""
    assert house.do(Pledge(house.agents[i], vault=v, amount=int(fractions * WHOLE)))[0] is Status.DONE
    assert house.do(Borrow(house.agents[i], amount=int(usd * WHOLE)))[0] is Status.DONE
    return house.agents[i]


def test_income_of_pledges_is_the_pledgers_until_they_are_seized() -> None:
    house = LendingHouse(cash=1_000.0)
    borrower, liquidator = loan(house, 1, 100, 380), house.agents[4]
    house.mine(0, 10**6)
    house.next_day(6.2)
    before, net = house.ledger.balance(BTC_ASSET, borrower), int(house.vaults.net_income[0])
    house.do(StandBy(liquidator, capital=10**9, least=0))
    house.evening()
    done = house.lending.liquidations[0]
    assert done.seized == pytest.approx(380 * 1.12 / 6.2 * 0.5 * WHOLE, rel=1e-3)
    income = house.ledger.balance(BTC_ASSET, borrower) - before
    assert income == pytest.approx(net / 10, abs=2), "a tenth of the vault's coins, settled when the fractions left"
    assert house.coins(borrower) - before == pytest.approx(net / 5, abs=3), "and what his free fractions earned"
    house.morning()
    house.mine(0, 10**6)
    house.next_day()
    owned = house.held(0, liquidator)
    assert owned == 200 * WHOLE + done.seized
    had, net = house.ledger.balance(BTC_ASSET, liquidator), int(house.vaults.net_income[0])
    assert house.coins(liquidator) - had == pytest.approx(net * owned / (1_000 * WHOLE), abs=net / 10)


def test_first_come_first_served_and_the_queue() -> None:
    house = LendingHouse(cash=500.0)
    house.do(Supply(house.agents[2], amount=500 * WHOLE))
    loan(house, 1, 200, 700)
    status, paid = house.do(Withdraw(house.agents[0], shares=500 * WHOLE))
    assert (status, paid) == (Status.DONE, 300 * WHOLE)
    assert house.do(Withdraw(house.agents[2], shares=100 * WHOLE)) == (Status.DEPTH, 0)
    assert house.do(Withdraw(house.agents[3], shares=1)) == (Status.FUNDS, 0)
    house.next_day()
    view = house.lending.view()
    assert (view.withdrawn, view.queue, view.cash) == (300.0, 300.0, 0.0)
    assert view.utilisation == 1.0 and view.borrow_rate == pytest.approx(1.10)
    assert house.do(Borrow(house.agents[1], amount=WHOLE))[0] is Status.DEPTH


def test_a_stale_price_stops_loans_and_releases_but_not_liquidations() -> None:
    house = LendingHouse(cash=1_000.0)
    borrower, liquidator = loan(house, 1, 100, 300), house.agents[4]
    house.do(Pledge(house.agents[2], vault=0, amount=10 * WHOLE))
    house.oracle.stale[0] = True
    house.do(StandBy(liquidator, capital=10**9, least=0))
    house.next_day(4.9)
    assert house.do(Borrow(borrower, amount=1))[0] is Status.CLOSED
    assert house.do(Release(borrower, vault=0, amount=1))[0] is Status.CLOSED
    health = house.lending.health[borrower]
    assert house.do(Pledge(borrower, vault=0, amount=WHOLE))[0] is Status.DONE, "he secures his own debt"
    house.lending.measure()
    assert house.lending.health[borrower] > health
    assert house.do(Pledge(house.agents[2], vault=0, amount=1))[0] is Status.CLOSED, "he owes nothing"
    assert house.do(Release(borrower, vault=0, amount=WHOLE))[0] is Status.CLOSED
    assert house.do(Release(house.agents[2], vault=0, amount=10 * WHOLE))[0] is Status.DONE, "he owes nothing"
    assert house.do(Pledge(borrower, vault=1, amount=1))[0] is Status.DONE, "another vault's price is fresh"
    house.evening()
    assert len(house.lending.liquidations) == 1
    kinds = [event[1] for event in house.journal.events]
    assert "credit_pauses" in kinds
    house.oracle.stale[:] = True
    house.morning()
    assert house.lending.view().paused
    house.oracle.stale[:] = False
    house.next_day()
    assert "credit_resumes" in [event[1] for event in house.journal.events]


def test_the_waterfall_step_by_step() -> None:
    """Reserve, then insurance fund, then depositors; each step an event, and the deposit index falls by the rest."""
    house = LendingHouse(cash=1_000.0, fund_capital=20.0, base=5.0)
    borrower = loan(house, 1, 200, 700)
    house.next_day()
    house.do(StandBy(house.agents[4], capital=10**9, least=0))
    house.next_day(1.0)
    pool, sums = house.lending, house.lending.desk.sums
    reserve, debt, deposits, usd = pool.reserves, pool.owed_by(borrower), pool.deposits, house.usd()
    house.evening()
    repaid, _, bad = liquidation_outcome(200.0, 1.0, debt / WHOLE, 0.6, 0.12)
    assert repaid == pytest.approx(200.0 / 1.12)
    lost = [int(sums[place]) for place in (LOST_RESERVE, LOST_FUND, LOST_DEPOSITORS)]
    assert sum(lost) == pytest.approx(bad * WHOLE, abs=20)
    assert lost[0] == reserve > 0 and lost[1] == pytest.approx(20 * WHOLE + repaid * 0.012 * WHOLE, abs=2)
    assert deposits - pool.deposits == lost[2] > 0 and pool.owed_by(borrower) == 0
    layers = [text.rsplit("lost by ")[1] for _, kind, *_, text in house.journal.events if kind == "bad_debt"]
    assert layers == ["the reserve", "the insurance fund", "depositors"]
    assert house.usd() == usd


def test_no_order_no_liquidation_and_the_least_profit_serves_first() -> None:
    house = LendingHouse(cash=1_000.0)
    loan(house, 1, 100, 380)
    house.next_day(5.0)
    house.evening()
    assert not house.lending.liquidations
    house.morning()
    house.do(StandBy(house.agents[3], capital=10**9, least=3_000_000))
    house.do(StandBy(house.agents[4], capital=100 * WHOLE, least=2_000_000))
    house.do(StandBy(house.agents[2], capital=10**9, least=10**8))
    assert house.do(StandBy(house.agents[2], capital=-1, least=0))[0] is Status.AMOUNT
    house.evening()
    done = house.lending.liquidations
    assert [d.liquidator for d in done][:2] == [house.agents[4], house.agents[3]]
    assert done[0].repaid + done[0].to_fund <= 100 * WHOLE
    house.morning()
    for i in (2, 3, 4):
        house.do(StandBy(house.agents[i], capital=0, least=0))
    house.next_day(1.0)
    house.evening()
    assert not house.lending.liquidations


def test_the_toxic_range() -> None:
    """Where collateral is worth no more than (1 + bonus) of the debt, each part repaid lowers the health of the rest."""
    house = LendingHouse(cash=1_000.0, full_below=0.0, close_factor=0.3)
    loan(house, 1, 100, 380)
    house.do(StandBy(house.agents[4], capital=10**10, least=1_000_000))
    house.next_day(4.1)
    house.evening()
    done = house.lending.liquidations
    assert len(done) > 2
    assert all(d.toxic for d in done[:3]) and done[1].before == done[0].after < done[0].before
    healing = LendingHouse(cash=1_000.0, full_below=0.0, close_factor=0.3)
    loan(healing, 1, 100, 380)
    healing.do(StandBy(healing.agents[4], capital=10**10, least=0))
    healing.next_day(6.0)
    healing.evening()
    assert not any(d.toxic for d in healing.lending.liquidations) and healing.lending.liquidations


def test_cash_of_an_ended_vault_goes_to_the_debt() -> None:
    house = LendingHouse(cash=1_000.0)
    debtor, owner = loan(house, 1, 100, 380), house.agents[2]
    house.do(Pledge(owner, vault=0, amount=50 * WHOLE))
    house.end_vault(0)
    cash = house.cash(int(house.vaults.pot[0]))
    had, held = house.lending.owed_by(debtor), house.cash(owner)
    house.evening()
    part = cash * 100 // 1_000
    assert house.lending.owed_by(debtor) == 0, "what the vault's rigs fetched repaid a part, the rest was written off"
    lost = int(house.lending.desk.sums[LOST_RESERVE:].sum())
    assert part + lost == pytest.approx(had, abs=2)
    assert house.cash(owner) - held == cash * 150 // 1_000 - part
    assert house.ledger.outstanding(int(house.lending.pledge[0])) == 0
    assert [e[1] for e in house.journal.events].count("pledge_ended") == 2


def test_caps_follow_the_depth_of_pools() -> None:
    house = LendingHouse(cash=1_000.0, pools=True)
    house.next_day()
    fractions = house.held(0, int(house.amm.pool[0]))
    share = ((1 - house.amm.params.fee_bps / 1e4) * 1.12 - 1) / (1 - house.amm.params.fee_bps / 1e4)
    cap = int(house.lending.view().cap_left[0])
    assert cap == pytest.approx(share * fractions, abs=1)
    assert house.do(Pledge(house.agents[1], vault=0, amount=cap + 1))[0] is Status.DEPTH
    assert house.do(Pledge(house.agents[1], vault=0, amount=cap))[0] is Status.DONE
    assert house.do(Pledge(house.agents[2], vault=0, amount=1))[0] is Status.DEPTH
    assert house.do(Release(house.agents[1], vault=0, amount=1))[0] is Status.DONE
    assert house.do(Pledge(house.agents[2], vault=0, amount=1))[0] is Status.DONE, "what is released makes room"
    house.next_day()
    assert house.lending.view().cap_left[0] == 0 and house.lending.view().pledged[0] == cap


def test_depth_counts_only_once_it_has_stood_for_the_oracles_window() -> None:
    house = LendingHouse(cash=1_000.0, pools=True, cap_share=1.0)
    house.next_day()
    provider, before = house.agents[1], int(house.lending.view().cap_left[0])
    house.do(AddLiquidity(provider, vault=0, usd=500 * WHOLE, fractions=50 * WHOLE, limit=0))
    caps = []
    for _ in range(3):
        house.next_day()
        caps.append(int(house.lending.view().cap_left[0]))
    assert caps[:2] == [before, before] and caps[2] == pytest.approx(before + 50 * WHOLE, abs=2)


def test_when_depth_leaves_new_loans_count_no_more_than_the_cap() -> None:
    house = LendingHouse(cash=1_000.0, pools=True, cap_share=1.0)
    borrower, provider = house.agents[1], house.agents[0]
    house.next_day()
    house.do(Pledge(borrower, vault=0, amount=100 * WHOLE))
    house.do(Borrow(borrower, amount=100 * WHOLE))
    share = int(house.amm.pools.share[0, 0])
    house.next_day()
    assert house.lending.view().backing[borrower] == pytest.approx(1_000.0)
    shares = house.ledger.balance(share, provider)
    assert house.do(RemoveLiquidity(provider, vault=0, shares=shares // 2, limit=0))[0] is Status.DONE
    house.next_day()
    view = house.lending.view()
    assert view.collateral_value[borrower] == pytest.approx(1_000.0) and view.backing[borrower] == pytest.approx(
        500.0, rel=0.01
    )
    assert house.do(Borrow(borrower, amount=100 * WHOLE))[0] is Status.NOT_ALLOWED
    assert house.do(Borrow(borrower, amount=80 * WHOLE))[0] is Status.DONE


def test_deposits_are_transferable_shares() -> None:
    house = LendingHouse(cash=1_000.0)
    pool, (lender, other) = house.lending, house.agents[:2]
    loan(house, 2, 100, 300)
    house.ledger.pay(pool.deposit_asset, lender, other, 400 * WHOLE, Flow.TRANSFER)
    for _ in range(30):
        house.next_day()
    _, paid = house.do(Withdraw(other, shares=400 * WHOLE))
    assert paid > 400 * WHOLE and paid == 400 * WHOLE * int(pool.desk.sums[1]) // 10**12
    pool.mark_assets()
    value, parts = house.ledger.value, (pool.debt_asset, pool.deposit_asset, pool.claim_asset)
    worth = pool.cash / WHOLE + sum(house.ledger.balance(a, pool.pool) * value[a] for a in parts)
    assert worth == pytest.approx(0.0, abs=1e-4), "what the pool has is what it owes"
    interest = house.lending.owed_by(house.agents[2]) - 300 * WHOLE
    house.do(Repay(house.agents[2], amount=10**10))
    assert house.ledger.balance(pool.debt_asset, house.agents[2]) == 0 and interest > 0
    assert house.ledger.books.flows[Flow.INTEREST, 0].sum() == interest


def test_new_accounts_find_their_place() -> None:
    house = LendingHouse(cash=1_000.0)
    size = house.ledger.books.sector.size
    new = int(house.ledger.open_accounts("trader", size)[-1])
    house.ledger.pay(USD_ASSET, house.ledger.world, new, 100 * WHOLE, Flow.ARRIVAL)
    assert house.do(StandBy(new, capital=50 * WHOLE, least=0))[0] is Status.DONE
    assert house.do(Supply(new, amount=100 * WHOLE))[0] is Status.DONE
    loan(house, 1, 100, 300)
    house.rigs.registered = house.rigs.delivered = house.rigs.bill = np.zeros(4 * size, np.int64)
    assert house.lending.health.size == house.ledger.books.sector.size and np.isinf(house.lending.health[new])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"threshold": 0.30}, "threshold 0.3 is below loan_to_value 0.38"),
        ({"threshold": 0.90, "bonus": 0.12}, "is 1 or more"),
        ({"kink": 0.0}, "neither may be 0"),
        ({"kink": 1.0}, "neither may be 0"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        Scenario.load("smoke").override(
            {"oracle.source": "spot", **{f"lending.{name}": value for name, value in wrong.items()}}
        )


def test_a_table_that_is_too_short_is_refused() -> None:
    house = LendingHouse()
    with pytest.raises(ScenarioError, match="capacity"):
        Lending(house.market, LendingParams(capacity=1))
    house.lending.desk.sums[0] -= 1
    with pytest.raises(InvariantViolated, match="debt index fell"):
        house.lending.check()


def test_rests_left_to_the_fund_make_room_for_others() -> None:
    house = LendingHouse(cash=1_000, pools=True, fund_capital=1_000.0, rest_usd=60.0)
    lending, (one, other) = house.lending, house.agents[1:3]
    cap = int(lending.desk.cap[0])
    house.do(Pledge(one, vault=0, amount=cap))
    assert house.do(Borrow(one, amount=40 * WHOLE))[0] is Status.DONE
    house.next_day(5.0)
    house.next_day(10.0)
    assert lending.owed_by(one) == 0
    assert house.ledger.balance(int(house.vaults.fraction[0]), lending.fund) == cap
    assert house.do(Pledge(other, vault=0, amount=WHOLE))[0] is Status.DONE
