"""Laws of lending under random play: books balance to the unit, indices, caps, health, the waterfall."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Bundle, Status
from model.mechanisms import lending
from model.mechanisms.lending import (
    Borrow,
    FlashBorrow,
    FlashRepay,
    Pledge,
    Release,
    Repay,
    StandBy,
    Supply,
    Withdraw,
    formulas,
    kernels,
    laws,
)
from model.mechanisms.lending.liquidations import health_of, pledges_of
from model.mechanisms.lending.table import FLASH
from model.mechanisms.vaults import VaultStatus
from model.units import INDEX
from tests.lending_house import VAULTS, LendingHouse
from tests.vault_house import WHOLE

WORDS = (
    "supply",
    "withdraw",
    "pledge",
    "release",
    "borrow",
    "repay",
    "stand_by",
    "price",
    "stale",
    "earn",
    "end",
    "flash",
    "day",
)
ACTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(0, 4), st.integers(0, VAULTS - 1), st.integers(1, 10**9)),
    min_size=5, max_size=40,
)  # fmt: skip
RULES = st.fixed_dictionaries(
    {
        "close_factor": st.sampled_from([0.3, 0.5, 1.0]),
        "full_below": st.sampled_from([0.0, 0.95]),
        "rates": st.sampled_from(["kinked", "jump"]),
        "reserve_factor": st.sampled_from([0.0, 0.2, 1.0]),
        "bonus": st.sampled_from([0.0, 0.12, 0.5]),
        "base": st.sampled_from([0.0, 1.0]),
        "fund_capital": st.sampled_from([0.0, 50.0]),
    }
)


def play(house: LendingHouse, word: str, i: int, v: int, amount: int) -> None:
    """One act, and what must be true of it."""
    pool, who = house.lending, house.agents[i]
    cash, debt = pool.cash, pool.owed_by(who)
    if word == "supply":
        house.do(Supply(who, amount=amount))
    elif word == "withdraw":
        shares = house.ledger.balance(pool.deposit_asset, who)
        status, paid = house.do(Withdraw(who, shares=amount % (shares + 2)))
        assert 0 <= paid <= cash and (status is Status.DONE) == (paid > 0)
    elif word == "pledge":
        status, _ = house.do(Pledge(who, vault=v, amount=amount % (200 * WHOLE) + 1))
        assert status is not Status.DONE or pool.desk.fresh[v] or (debt and pool.desk.priced[v])
    elif word == "release":
        held = house.ledger.balance(int(pool.pledge[v]), who)
        _, out = house.do(Release(who, vault=v, amount=amount % (held + 2)))
        if out and debt:
            assert within_ltv(pool, who)
    elif word == "borrow":
        status, out = house.do(Borrow(who, amount=amount % (400 * WHOLE) + 1))
        if status is Status.DONE:
            assert within_ltv(pool, who) and out <= cash
    elif word == "repay":
        _, paid = house.do(Repay(who, amount=amount))
        assert pool.owed_by(who) <= debt and paid <= min(debt, amount)
    elif word == "stand_by":
        house.do(StandBy(who, capital=amount if amount % 3 else 0, least=amount % 1000))
    elif word == "flash":
        flash = Bundle([FlashBorrow(who, amount=amount), FlashRepay(who, amount=amount - amount % 2)])
        house.act(flash)
        assert flash.status is not Status.DONE or pool.cash > cash
    elif word == "price":
        house.oracle.price[v] *= (0.4, 0.7, 0.9, 1.2)[amount % 4]
    elif word == "stale":
        house.oracle.stale[v] ^= True
    elif word == "earn":
        if house.vaults.status[v] == VaultStatus.LIVE:
            house.mine(v, amount, 0)
    elif word == "end":
        if amount % 3 == 0 and house.vaults.status[v] == VaultStatus.LIVE:
            house.end_vault(v)
    else:
        house.next_day()


def within_ltv(pool: Any, account: int) -> bool:
    return pool.owed_by(account) <= pool.params.loan_to_value * sum(w for _, _, w in pledges_of(pool, account))


@pytest.mark.parametrize("hours", [4, 24])
@settings(max_examples=60, deadline=None)
@given(acts=ACTS, rules=RULES)
def test_laws_under_random_play(hours: int, acts: list[tuple[str, int, int, int]], rules: dict[str, Any]) -> None:
    house = LendingHouse(cash=1_600.0, hours=hours, **rules)
    for account in house.agents[:3]:
        house.do(Pledge(account, vault=0, amount=150 * WHOLE))
        house.do(Borrow(account, amount=500 * WHOLE))
    house.do(StandBy(house.agents[4], capital=10**9, least=0))
    pool, events = house.lending, house.journal.events
    for act in acts:
        claims, noted = pool.desk.sums[1], len(events)
        play(house, *act)
        if pool.desk.sums[1] < claims:
            assert any(kind == "bad_debt" and "depositors" in text for _, kind, *_, text in events[noted:])
    house.next_day()
    house.evening()
    for done in pool.liquidations:
        assert done.before < 1.0
        assert done.seized <= 1_000 * WHOLE and done.worth <= done.repaid * (1 + pool.params.bonus) + 1
    open_to_all = [a for a in house.agents if pool.standing.capital[a] > 0]
    if not open_to_all:
        assert not pool.liquidations


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda pool, who, b: b.balances[0].__setitem__(pool.pool, pool.cash - 100), "cash"),
        (lambda pool, who, b: pool.desk.sums.__setitem__(FLASH, 1), "outlived"),
        (lambda pool, who, b: b.balances[pool.debt_asset].__setitem__(who, 10**9), "add up"),
        (lambda pool, who, b: pool.desk.sums.__setitem__(0, pool.desk.sums[0] - 1), "debt index fell"),
        (lambda pool, who, b: pool.desk.sums.__setitem__(1, pool.desk.sums[1] - 1), "deposit index fell|cash"),
        (lambda pool, who, b: b.balances[pool.pledge[0]].__setitem__(pool.desk.parked[0], -7), "are pledged"),
    ],
)
def test_every_broken_law_is_found(broken: Any, said: str) -> None:
    house = LendingHouse(cash=1_000.0)
    pool, who = house.lending, house.agents[1]
    house.do(Pledge(who, vault=0, amount=100 * WHOLE))
    house.do(Borrow(who, amount=300 * WHOLE))
    house.next_day()
    assert laws.broken(pool) == ""
    broken(pool, who, house.ledger.books)
    assert re.search(said, laws.broken(pool))


def test_the_books_of_a_long_loan() -> None:
    """A year of interest: depositors and reserve have what the borrower owes more, to the last unit."""
    house = LendingHouse(cash=1_000.0, price=10.0)
    pool, borrower = house.lending, house.agents[1]
    house.do(Pledge(borrower, vault=0, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=600 * WHOLE))
    expected = float(pool.owed_by(borrower))
    for _ in range(365):
        expected *= 1.0 + pool.borrow_rate / 365
        house.next_day()
    debt = pool.owed_by(borrower)
    assert debt == pytest.approx(expected, rel=1e-8)
    assert pool.cash + pool.debt == pool.deposits + pool.reserves + pool.surplus
    assert 0 <= pool.surplus <= laws.dust_bound(pool) < 20
    assert pool.reserves == pytest.approx(0.2 * (debt - 600 * WHOLE), abs=500)
    assert house.do(Repay(borrower, amount=10**10)) == (Status.DONE, debt)
    assert pool.debt == 0 and pool.desk.principal[borrower] == 0
    shares = house.ledger.balance(pool.deposit_asset, house.agents[0])
    assert house.do(Withdraw(house.agents[0], shares=shares)) == (Status.DONE, pool_claim(pool, shares))


def pool_claim(pool: Any, shares: int) -> int:
    return formulas.claimed(shares, int(pool.desk.sums[1]))


@settings(max_examples=300, deadline=None)
@given(a=st.integers(0, 2**53), index=st.integers(INDEX, 10**15))
def test_compiled_rounding_is_exact(a: int, index: int) -> None:
    if a * index // INDEX < 2**62:
        assert kernels.up(a, index, INDEX) == formulas.owed(a, index)
    assert kernels.up(a, INDEX, index) == -(-a * INDEX // index)


@settings(max_examples=300, deadline=None)
@given(
    price=st.floats(1.0, 2_000.0), debt=st.floats(1.0, 20_000.0), threshold=st.floats(0.05, 0.9), bonus=st.floats(0, 0.1),
    close=st.floats(0.05, 1.0), full=st.sampled_from([0.0, 0.95]),
)  # fmt: skip
def test_a_partial_liquidation_heals_unless_it_is_toxic(
    price: float, debt: float, threshold: float, bonus: float, close: float, full: float
) -> None:
    repaid, seized, bad = lending.liquidation_outcome(10.0, price, debt, threshold, bonus, close, full)
    before = lending.health_factor(10.0 * price, debt, threshold)
    assert (repaid > 0.0) == (before < 1.0)
    assert repaid <= debt and seized <= 10.0 and bad <= debt - repaid + 1e-9
    assert seized * price == pytest.approx(repaid * (1.0 + bonus), rel=1e-9, abs=1e-9)
    left = debt - repaid
    if repaid > 0.0 and left > 1e-6 * debt:
        after = lending.health_factor((10.0 - seized) * price, left, threshold)
        if abs(10.0 * price / (debt * (1.0 + bonus)) - 1.0) > 1e-6:
            assert (after < before) == lending.is_toxic(10.0 * price, debt, bonus)


def test_the_cap_is_where_a_liquidator_breaks_even() -> None:
    """Seized fractions sold into the pool bring exactly what was repaid for them."""
    for fee, bonus in ((0.01, 0.12), (0.003, 0.12), (0.0, 0.05)):
        x, kept = lending.collateral_cap(fee, bonus), 1.0 - fee
        proceeds = kept * x / (1.0 + kept * x)
        assert proceeds == pytest.approx(x / (1.0 + bonus), rel=1e-12)


def test_health_moves_with_the_price() -> None:
    house = LendingHouse(cash=1_000.0)
    borrower = house.agents[1]
    house.do(Pledge(borrower, vault=0, amount=100 * WHOLE))
    house.do(Borrow(borrower, amount=380 * WHOLE))
    assert health_of(house.lending, borrower) == pytest.approx(1_000 * 0.6 / 380)
    house.next_day(6.0)
    assert house.lending.health[borrower] == pytest.approx(health_of(house.lending, borrower))
    assert np.isinf(house.lending.health[house.agents[2]])
