"""Which venue leads, and where a router that counts what it has sent sends the orders of a day."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.venues import Venues
from model.actions import BUY, SELL
from model.mechanisms.amm import Swap
from model.mechanisms.curve import CurveSwap
from model.units import TOKEN, USD

USUAL, OTHER = 0, 1
PAID = 10 * USD


def look(venues: Venues, usd: tuple[float, float] = (10_000.0, 10_000.0), left: float = 1_000.0) -> None:
    """A morning with 1,000 fractions at each of two venues, of which the second can sell so many."""
    seen: Any = SimpleNamespace()
    for key, dollars in zip(venues.keys, usd, strict=True):
        depth = {"reserve_usd": np.array([dollars * USD]), "reserve_fraction": np.array([1_000.0 * TOKEN])}
        setattr(seen, key, SimpleNamespace(**depth, fee=0.0))
    seen.curve.can_buy, seen.curve.can_sell = np.array([left * TOKEN]), np.array([1_000.0 * TOKEN])
    venues.look(seen, 1)


@pytest.fixture
def two() -> Venues:
    return Venues(SimpleNamespace(mechanisms={"amm": None, "curve": None}))


def orders(n: int, side: int = BUY, amount: int = PAID) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([(who, 0, side, amount, 0, 0, 0) for who in range(n)], np.int64)


def sent(venues: Venues, rows: Any) -> list[int]:
    choice = venues.choose(rows, len(rows))
    assert choice is not None
    return [int(k) for k in choice]


def test_equal_orders_take_turns_between_equal_venues(two: Venues) -> None:
    look(two)
    assert sent(two, orders(6)) == [USUAL, OTHER] * 3
    assert sent(two, orders(1)) + sent(two, orders(1)) == [USUAL, OTHER]  # and so from one strategy to the next


def test_orders_go_where_it_is_cheap_until_it_is_not(two: Venues) -> None:
    """A venue of 10,000 USD whose price is a tenth lower bears U(√(10/9) − 1) = 541 USD up to the other's price."""
    look(two, usd=(11_000.0, 9_900.0))
    choice = np.array(sent(two, orders(100)))
    lead = int(np.argmin(choice))  # orders before the first to the dear venue
    assert lead * PAID / USD == pytest.approx(9_900.0 * (np.sqrt(10.0 / 9.0) - 1.0), abs=2.0 * PAID / USD)
    assert choice[lead:].mean() == pytest.approx(0.49, abs=0.03)


def test_a_sale_makes_room_for_a_purchase_at_the_same_venue(two: Venues) -> None:
    look(two)
    for _ in range(4):
        assert sent(two, np.vstack([orders(1), orders(1, SELL, TOKEN)])) == [USUAL, USUAL]


def test_what_is_sent_leaves_the_quotes_of_the_morning_and_is_forgotten_by_the_next(two: Venues) -> None:
    look(two)
    before = two.usd.copy(), two.fractions.copy(), two.most.copy()
    sent(two, orders(5))
    for array, was in zip((two.usd, two.fractions, two.most), before, strict=True):
        assert (array == was).all()
    look(two)
    assert sent(two, orders(1)) == [USUAL]


def test_no_more_is_sent_to_a_curve_than_its_real_balances_pay(two: Venues) -> None:
    look(two, usd=(11_000.0, 9_000.0), left=3.0)
    choice = sent(two, orders(10))
    assert choice.count(OTHER) == 2  # 1.1 fractions each
    assert sent(two, orders(1, SELL, TOKEN)) == [USUAL]
    assert (two.actions[USUAL], two.actions[OTHER]) == (Swap, CurveSwap)


@pytest.mark.parametrize(("left", "leads"), [(1_000.0, OTHER), (0.5, USUAL), (0.0, USUAL)])
def test_a_dry_curve_does_not_lead_however_deep_its_virtual_balances(two: Venues, left: float, leads: int) -> None:
    look(two, usd=(10_000.0, 90_000.0), left=left)
    assert two.main[0] == leads
    assert two.figures[0, 0] == pytest.approx((10.0, 90.0)[leads])
