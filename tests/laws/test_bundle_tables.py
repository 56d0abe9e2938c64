"""A table of bundles comes to the same as its bundles handed in one by one, to the last bit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Action, Bundle, Status
from model.bundles import Bundles
from model.credit_bundles import STEPS
from model.errors import InvariantViolated
from model.ledger import UNDO_CAPACITY
from model.mechanisms.amm import AddLiquidity, Swap
from model.mechanisms.fees import Fees, FeesParams
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release, Repay
from model.settlement import Settlement
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE

AGENTS = 4
AMOUNT = st.sampled_from([0, 1, 7 * WHOLE, 40 * WHOLE, 90 * WHOLE, 3_000 * WHOLE, 10**13])
VAULT = st.integers(-1, 3)
STEP = st.tuples(st.sampled_from([*STEPS, AddLiquidity]), VAULT, st.integers(0, 1), AMOUNT)
BUNDLES = st.lists(
    st.tuples(st.integers(0, AGENTS - 1), st.lists(STEP, min_size=1, max_size=6)), min_size=1, max_size=8
)


def house_at_noon(fee: float) -> LendingHouse:
    """Pools, some loans, income due on fractions, pledges and shares; one agent too poor to pay a fee."""
    house = LendingHouse(agents=AGENTS, cash=3_000.0, pools=True, cap_share=10.0, flash_bps=9)
    house.market.shocks["fees"] = 1.0
    house._add(Fees, FeesParams(transaction_fee=fee, market_fee=0.25 * fee))
    for agent in house.agents[1:]:
        house.do(Pledge(agent, vault=0 if agent != house.agents[1] else 2, amount=60 * WHOLE))
        house.do(Borrow(agent, amount=100 * WHOLE))
    house.settlement = Settlement(house.market)
    for v in range(3):
        house.mine(v, 10_000_007)
    house.morning()
    house.ledger.books.sector[house.agents[2]] = house.ledger.sectors.index("venues")  # accepted steps count by sector
    poor = house.agents[3]
    house.ledger.pay(0, poor, house.ledger.world, house.cash(poor) - WHOLE, 0)
    return house


def action_of(house: LendingHouse, who: int, step: tuple[Any, int, int, int]) -> Action:
    kind, vault, side, amount = step
    fields = {"vault": vault, "side": side, "amount": amount, "usd": amount, "fractions": amount, "limit": 0}
    action: Action = kind(house.agents[who], **{name: fields[name] for name in kind.fields})
    return action


def table_of(bundles: list[Bundle]) -> Bundles:
    """One table of many bundles."""
    kinds = [*STEPS, AddLiquidity]
    rows: list[list[Any]] = [[] for _ in kinds]
    steps, first = [], [0]
    for bundle in bundles:
        for action in bundle.actions:
            k = kinds.index(type(action))
            steps.append((k, len(rows[k])))
            rows[k].append(action.rows[0].tolist())
        first.append(len(steps))
    batches = [
        kind.of_rows(np.array(r, np.int64).reshape(-1, len(kind.dtype))) for kind, r in zip(kinds, rows, strict=True)
    ]
    accounts = np.concatenate([b.accounts for b in bundles])
    return Bundles(accounts, batches, np.array(steps), np.array(first))


def dump(house: LendingHouse) -> list[bytes]:
    """Every bit that a bundle might change."""
    books, settlement, fees = house.ledger.books, house.settlement, house.market.mechanisms["fees"]
    touched = books.touched[: int(books.touched[0]) + 1]
    arrays = [books.balances, books.settled, books.line_index, books.flows, touched, books.logging, books.reached]
    arrays += [*house.lending.state(), *house.amm.pools, *fees.state()]
    arrays += [settlement.tally, settlement.accepted, settlement.seen(), np.array([settlement.acting])]
    return [np.ascontiguousarray(a).tobytes() for a in arrays]


@settings(max_examples=150, deadline=None)
@given(wanted=BUNDLES, fee=st.sampled_from([0.0, 1.0]), swaps=st.lists(st.integers(0, AGENTS - 1), max_size=3))
def test_a_table_is_its_bundles_one_by_one(wanted: Any, fee: float, swaps: list[int]) -> None:
    found = []
    for tabled in (True, False):
        house = house_at_noon(fee)
        bundles = [Bundle([action_of(house, who, step) for step in steps]) for who, steps in wanted]
        among = [Swap(house.agents[who], vault=0, side=1, amount=WHOLE, limit=0) for who in swaps]
        table = table_of(bundles)
        house.act(*among, *([table] if tabled else bundles))
        settled = [table.bundle(b) for b in range(len(table))] if tabled else bundles
        found.append((dump(house), [[a.rows.tolist() for a in b.actions] for b in settled], len(among)))
        house.evening()
    assert found[0] == found[1]


def test_most_steps_are_settled_in_the_loop() -> None:
    """Of a loop, a sale and a deposit into a pool only the last is settled by the rules of any bundle."""
    house = house_at_noon(1.0)
    who = house.agents[2]
    loop = [Pledge(who, vault=1, amount=10 * WHOLE), Borrow(who, amount=30 * WHOLE)]
    loop.append(Swap(who, vault=1, side=0, amount=30 * WHOLE, limit=0))
    sale = [
        FlashBorrow(who, amount=100 * WHOLE),
        Repay(who, amount=100 * WHOLE),
        Release(who, vault=0, amount=50 * WHOLE),
    ]
    sale += [Swap(who, vault=0, side=1, amount=50 * WHOLE, limit=0), FlashRepay(who, amount=100 * WHOLE)]
    deposit = [AddLiquidity(who, vault=0, usd=WHOLE, fractions=WHOLE, limit=0)]
    table = table_of([Bundle(loop), Bundle(sale), Bundle(deposit)])
    assert house.settlement.credit.takes(table).tolist() == [True, True, False]
    house.act(table)
    assert [[a.rows["status"][0] for a in table.bundle(b).actions] for b in range(3)] == [[1] * 3, [1] * 5, [1]]
    house.oracle.instant = True
    assert not house.settlement.credit.takes(table).any()


def test_a_bundle_too_long_to_be_taken_back_is_refused() -> None:
    house = house_at_noon(0.0)
    who = house.agents[2]
    swap = [Swap(who, vault=0, side=0, amount=1_000, limit=0)] * UNDO_CAPACITY
    long = Bundle([*swap, Swap(who, vault=-1, side=0, amount=1, limit=0)])
    house.settlement.submit(table_of([long]))
    with pytest.raises(InvariantViolated, match="cannot be taken back"):
        house.act()


def test_statuses_are_those_of_the_rules() -> None:
    """Who cannot pay the fee is told so; what comes after a step that fails is undone."""
    house = house_at_noon(2.0)
    poor, who = house.agents[3], house.agents[2]
    fails = Bundle([Repay(who, amount=WHOLE), Borrow(who, amount=10**13), Repay(who, amount=WHOLE)])
    table = table_of([Bundle([Repay(poor, amount=1)]), fails])
    house.act(table)
    statuses = [[Status(int(a.rows["status"][0])) for a in table.bundle(b).actions] for b in range(2)]
    assert statuses == [[Status.FEE], [Status.UNDONE, Status.NOT_ALLOWED, Status.UNDONE]]
