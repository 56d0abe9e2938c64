"""What one awake retail investor does with one vault, whose fractions he finds worth 10 USD."""

import math
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest

from agents.retail.decision import Circle, decide
from agents.retail.portfolio import AHEAD
from agents.sheet import FEE, OFFER, OFFER_LEFT, PRICE, RESERVE, RESERVE_USD, ROWS, SALVAGE, SCALARS, VARIANCE, Seen
from model.ledger import USD_ASSET
from model.units import TOKEN, USD
from tests.closed_forms.test_retail_steps import own

WEALTH, WORTH, QUOTE, SPREAD, DEPTH = 1_000.0, 10.0, 8.0, 0.01, 1e6
FRACTION, RECEIPT, ASSETS = USD_ASSET + 1, USD_ASSET + 2, USD_ASSET + 3
TRAITS = {
    "considered": 1.0, "awareness": 1.0, "pace": 1.0, "pull": 1.0, "discount": 0.1, "safe": 0.05, "risk_aversion": 2.0,
    "cap": 1.0, "horizon": 1.0, "tolerance": 1.0, "attention": 0.4, "smallest": 1.0,
}  # fmt: skip


def look(
    price: float = QUOTE, offer: float = 0.0, held: float = 0.0, booked: float = 0.0, mood: float = 0.0, **given: float
) -> Any:
    """What he does who has 1,000 USD besides fractions held and booked: dollars of a trade and of a subscription.

    A vault with an offer is open to purchases in it alone where it has no price.
    """
    columns = own(**(TRAITS | {"wealth_seen": WEALTH, "peak": WEALTH} | given))
    balances = np.zeros((ASSETS, 1), np.int64)
    balances[[USD_ASSET, FRACTION, RECEIPT], 0] = WEALTH * USD, held * TOKEN, booked * TOKEN
    if held or booked:
        columns.portfolio[0] = 1.0
    facts, one = np.zeros((ROWS, 1)), np.zeros(1, np.int64)
    facts[[PRICE, FEE, RESERVE, RESERVE_USD], 0] = price, SPREAD, DEPTH, DEPTH * price
    facts[[SALVAGE, VARIANCE, OFFER, OFFER_LEFT], 0] = WORTH, 0.5, offer, 1e6 if offer else 0.0
    trades, offers, rest = np.zeros((2, 7), np.int64), np.zeros((2, 6), np.int64), np.zeros((2, 8), np.int64)
    count, nobody, key = np.zeros(4, np.int64), np.zeros(0, np.int64), np.uint64(7)
    alert = np.zeros(2, np.bool_)
    decide(
        one, one, alert, np.zeros((2, 8)), columns, balances, np.array([WEALTH]),
        Seen(np.array([FRACTION]), np.array([RECEIPT]), *2 * [np.array([-1])], facts, np.zeros(SCALARS)),
        one if price else nobody, one if offer else nobody,
        Circle(np.zeros(2, np.int64), nobody, np.array([mood]), np.zeros(1, np.bool_), 0.0, 1e12, 0.0, 0.0),
        key, key, 0.0, (trades, offers, rest, rest), count,
        (np.zeros(1), np.zeros((AHEAD, 2), np.int64), np.zeros(1), np.zeros(4)),
    )  # fmt: skip
    bought = trades[0, 3] / USD if count[0] else 0.0
    return Made(
        bought=bought, booked=offers[0, 2] / TOKEN * offer if count[1] else 0.0, count=count, own=columns, alert=alert
    )  # fmt: skip


def wanted(price: float, mood: float = 0.0) -> float:
    """Dollars for which he wants fractions: (ln(worth / price) + .1 - .05 + mood) / (2 x .5) of his wealth."""
    return WEALTH * (math.log(WORTH / price) + 0.05 + mood)


def test_he_buys_the_part_that_he_wants_less_what_he_has() -> None:
    assert look().bought == pytest.approx(wanted(QUOTE), rel=1e-6)
    assert look(held=20.0).bought == pytest.approx(wanted(QUOTE) - 160.0, rel=1e-6)


def test_good_spirits_make_him_want_more() -> None:
    for mood in (0.4, -0.4):
        assert look(mood=mood, herding=0.25).bought == pytest.approx(wanted(QUOTE, 0.25 * mood), rel=1e-6)


@pytest.mark.parametrize(
    ("price", "offer", "subscribes"), [(QUOTE, 8.05, True), (QUOTE, 8.1, False), (0.0, 9.0, True), (0.0, 10.4, False)]
)
def test_he_subscribes_where_that_is_no_dearer_than_the_pool_and_worth_it(
    price: float, offer: float, subscribes: bool
) -> None:
    did = look(price=price, offer=offer)
    assert did.booked == pytest.approx(wanted(offer) if subscribes else 0.0, rel=1e-5)
    assert did.bought == pytest.approx(wanted(price) if price and not subscribes else 0.0, rel=1e-6)


def test_what_he_has_subscribed_to_counts_as_his() -> None:
    assert look(price=0.0, offer=9.0, booked=10.0).booked == pytest.approx(wanted(9.0) - 90.0, rel=1e-5)


def test_he_looks_at_what_he_has_heard_of_at_what_he_has_and_at_what_is_advertised() -> None:
    assert look(awareness=0.0).bought == 0.0
    assert look(awareness=0.0, held=1.0).bought > 0.0
    assert look(awareness=0.0, offer=8.0).booked > 0.0


def test_a_panic_ends_when_all_is_sold_and_leaves_him_less_attentive() -> None:
    """He had 2,000 USD once, and bears to lose .4 of it."""
    scared = {"peak": 2_000.0, "tolerance": 0.4, "discouragement": 0.75}
    sells = look(held=20.0, **scared)
    assert (sells.count[0], sells.alert[0], sells.own.attention[0]) == (1, True, 0.4)
    calm = look(**scared)
    assert (calm.count[0], calm.own.peak[0], calm.own.attention[0]) == (0, WEALTH, pytest.approx(0.1))
