"""One morning of a provider of liquidity: what entry must earn, how much goes in, when he leaves, what he sells."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from agents.liquidity_providers import WIDTHS, Pools, _decide
from agents.provider_traits import ProviderColumns
from agents.sheet import NAV, ROWS
from model.actions import BUY, SELL
from model.ledger import USD_ASSET
from model.units import DAYS_PER_YEAR, TOKEN, USD
from tests.sheet_house import seen_of

PRICE, USD_SIDE, DEPTH, SHARES, FEE, CASH = 10.0, 10_000.0, 1_000.0, 10**6, 0.01, 1_000.0
FRACTION, SHARE = 2, 3
TRAITS = {
    "hurdle": 0.10, "hysteresis": 0.05, "considered": 1.0, "commitment": 0.10, "appetite": 1e-4, "largest_share": 0.04,
    "stay": 1.0, "slippage": 0.03, "smallest": 20.0, "harvest": 50.0,
}  # fmt: skip


class Morning(NamedTuple):
    """Rows of trades, deposits and withdrawals."""

    trades: list[list[int]]
    deposits: list[list[int]]
    exits: list[list[int]]


def morning(earns: float, value: float = PRICE, shares: int = 0, held: float = 0.0, **given: float) -> Morning:
    """Of one who has 1,000 USD beside one pool of 1,000 fractions at 10 USD that earns so much a year."""
    one = np.zeros(1, np.int64)
    own = ProviderColumns(*(np.array([(TRAITS | given)[name]]) for name in ProviderColumns._fields))
    balances, facts = np.zeros((4, 1), np.int64), np.zeros((ROWS, 1))
    balances[USD_ASSET], balances[FRACTION], balances[SHARE] = int(CASH * USD), int(held * TOKEN), shares
    facts[NAV] = value
    rows: list[Any] = [np.zeros((3, width), np.int64) for width in WIDTHS]
    count = np.zeros(5, np.int64)
    _decide(
        one, one, np.zeros(1, np.bool_), own, balances, seen_of(facts, [FRACTION], coin=20_000.0),
        Pools(
            np.array([SHARE]), np.array([SHARES]), np.array([earns / DAYS_PER_YEAR]), np.array([PRICE]),
            np.array([int(USD_SIDE * USD)]), np.array([int(DEPTH * TOKEN)]), FEE, 0.5,
        ),
        True, np.uint64(1), balances[[FRACTION]].copy(), tuple(rows), np.zeros((1, 1), np.bool_), count,
    )  # fmt: skip
    return Morning(*(matrix[:n].tolist() for matrix, n in zip(rows[:3], count[:3], strict=True)))


@pytest.mark.parametrize("stay", [0.5, 1.0])
@pytest.mark.parametrize(("value", "dear"), [(10.0, 0.0), (8.0, 0.2), (12.0, 0.0)])
def test_a_pool_must_earn_the_hurdle_and_the_cost_of_coming_and_going(stay: float, value: float, dear: float) -> None:
    """Half of 100 USD buys 5 of 1,000 fractions: fee and slippage of half the money, in and out, and what it is too dear."""
    cost = 0.5 * (2.0 * (FEE + 5.0 / DEPTH) + dear) / stay
    assert not morning(0.10 + cost - 1e-3, value, stay=stay).deposits
    assert len(morning(0.10 + cost + 1e-3, value, stay=stay).deposits) == 1


def test_he_puts_in_more_the_more_it_earns_and_buys_half_of_it() -> None:
    """Five points above the hurdle after costs of 1.5, where ten are a whole commitment: 50 USD, half of them fractions."""
    found = morning(0.165, appetite=0.10)
    assert found.deposits[0][2] == pytest.approx(25.0 * USD)
    bought = 2.5
    paid = USD_SIDE * bought / (DEPTH - bought) / (1.0 - FEE)
    assert found.trades[0][2] == BUY and found.trades[0][3] == pytest.approx(paid * USD, rel=1e-6)
    with_fractions = morning(0.165, held=100.0, appetite=0.10)
    assert not with_fractions.trades and with_fractions.deposits[0][3] == pytest.approx(
        with_fractions.deposits[0][2] / USD / PRICE * TOKEN
    )


@pytest.mark.parametrize(("earns", "leaves"), [(0.051, False), (0.049, True)])
def test_he_leaves_below_the_hurdle_by_his_hysteresis_for_his_part_of_the_pool(earns: float, leaves: bool) -> None:
    """A tenth of the shares is 1,000 USD and 100 fractions; he accepts 3 % less."""
    exits = morning(earns, shares=SHARES // 10).exits
    assert len(exits) == leaves
    if leaves:
        assert exits[0][1:3] == [0, SHARES // 10] and exits[0][3] == pytest.approx(970.0 * USD)


@pytest.mark.parametrize(("value", "sells"), [(10.0, False), (9.91, False), (9.89, True)])
def test_fractions_are_sold_for_no_less_than_they_are_worth(value: float, sells: bool) -> None:
    trades = morning(0.0, value, held=5.0).trades
    assert [row[2] for row in trades] == [SELL] * sells
