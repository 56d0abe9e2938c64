"""Numbers of MECHANISMS section 8, digit for digit, through the rules and through the market."""

import numpy as np
import pytest

from model.actions import Status
from model.crossing import cross
from model.mechanisms.forwards import OrderForward, daily, initial_margin, margin_units, notional
from model.mechanisms.forwards.table import STRIKE
from model.mechanisms.rental import (
    BidHashpower,
    OfferHashpower,
    affordable,
    fee_on,
    majority,
    rent,
    rental_cost,
    repriced,
)
from model.units import BTC, USD
from tests.rental_house import PH, RentalHouse

DONE = int(Status.DONE)
SATOSHI = 40_000  # per PH/s and day: .40 BTC per EH/s and day


def test_half_an_exahash_for_six_hours() -> None:
    assert round(rental_cost(0.5, 0.40, 6), 12) == 0.0515
    assert round(rental_cost(0.5, 0.40, 6, fee=0.0), 12) == 0.05
    assert rent(SATOSHI, 500 * PH, 6) == 5 * BTC // 100
    assert fee_on(5 * BTC // 100, 30_000) == 15 * BTC // 10_000
    assert affordable(515 * BTC // 10_000, SATOSHI, 6, 30_000) == 500 * PH


@pytest.mark.parametrize("hours", [1, 6])
def test_the_same_through_the_market(hours: int) -> None:
    house = RentalHouse(hours=hours, ph=(600, 0), rental={"default_hours": 24.0})
    seller, buyer = house.people[0], house.people[2]
    house.act(
        OfferHashpower(seller, ghs=500 * PH, floor=SATOSHI, currency=1, hours=0),
        BidHashpower(buyer, ghs=500 * PH, price=SATOSHI, budget=515 * BTC // 10_000, currency=1, hours=0, use=1),
    )
    rents = fees = 0
    for _ in range(6 // hours + 4):
        house.step()
        rents += int(house.rental.received[1, seller])
        fees += int(house.rental.fees[1])
    slack = 0 if hours == 6 else 20  # satoshi: an hour's rent is no whole number of them
    assert house.rental.orders.shape[0] == 0
    assert abs(rents - 5 * BTC // 100) <= slack
    assert abs(fees - 15 * BTC // 10_000) <= slack
    assert house.coins(2) == 100 * BTC - rents - fees >= 100 * BTC - 515 * BTC // 10_000


def test_prices_go_up_freely_and_down_slowly() -> None:
    assert repriced(1_000, 5_000, 0.02, 0.0) == 5_000
    assert repriced(1_000, 1, 0.02, 0.0) == 1_000
    assert repriced(1_000, 1, 0.02, 1.0) == 980
    assert repriced(1_000, 990, 0.02, 24.0) == 990


def test_clearing_of_two_batches() -> None:
    at = lambda *x: np.array(x, np.int64)  # noqa: E731
    price, volume, rows = cross(
        at(100, 50, 70), at(1_100, 1_050, 980), at(1, 2, 3), at(60, 40, 80), at(950, 1_000, 1_080), at(4, 5, 6)
    )
    assert (price, volume) == (1_065, 100)
    assert rows.tolist() == [[0, 0, 60], [0, 1, 40]]
    price, volume, rows = cross(at(100, 100), at(100, 100), at(1, 2), at(120), at(90), at(3))
    assert (price, volume) == (100, 120)
    assert rows.tolist() == [[0, 0, 60], [1, 0, 60]]  # the marginal level in proportion


def test_nobody_trades_with_himself() -> None:
    at = lambda *x: np.array(x, np.int64)  # noqa: E731
    assert cross(at(10), at(100), at(1), at(10), at(90), at(1))[1] == 0


def test_a_majority_of_a_chain() -> None:
    assert majority(49.0, 0.51) == pytest.approx(51.0)
    assert majority(100.0, 0.5) == 100.0


def test_fifty_petahash_for_ninety_days_at_sixty_five() -> None:
    assert notional(50, 90, 65) == 292_500
    assert round(initial_margin(292_500, 0.35), 9) == 102_375
    assert daily(60, 65, 50) == -250
    assert margin_units(50 * PH, 90, 24, 65 * USD, 350_000) == 102_375 * USD


@pytest.mark.parametrize("hours", [1, 24])
def test_the_forward_through_the_market(hours: int) -> None:
    house = RentalHouse(hours=hours, forwards={"fee": 0.0})
    index = int(house.forwards.index[0])
    for side, who in ((0, 2), (1, 3)):
        assert house.act(
            OrderForward(house.people[who], side=side, ghs=50 * PH, limit=65 * USD, tenor=1, currency=0)
        ) == [(DONE, side)]
    needs = max(65 * USD, index)  # a seller's margin is reckoned at the index where that is higher
    assert house.cash(2) == (10**6 - 102_375) * USD
    assert house.cash(3) == 10**6 * USD - margin_units(50 * PH, 90, 24, needs, 350_000)
    house.step()
    assert house.forwards.contracts[:, STRIKE].tolist() == [65 * USD]
    before = house.forwards.held(0, house.people[2])
    house.step()
    gained = house.forwards.held(0, house.people[2]) - before
    expected = daily(int(house.forwards.index[0]) / USD, 65, 50, hours / 24) * USD
    assert abs(gained - expected) <= 1


def test_a_forward_in_coins_leaves_the_price_of_the_coin_alone() -> None:
    """A coin at half its price halves hashprice in dollars, and leaves that in coins as it was."""
    house = RentalHouse(
        forwards={"fee": 0.0}, shocks=[{"channel": "price", "size": -0.5, "day": 2, "source": "a test"}]
    )
    strikes = house.forwards.index.tolist()
    assert strikes[1] == pytest.approx(strikes[0] / USD / float(house.market.mechanisms["bitcoin"].price) * BTC, abs=1)
    for currency, (long, short) in enumerate(((0, 1), (2, 3))):
        for side, who in ((0, long), (1, short)):
            row = OrderForward(
                house.people[who], side=side, ghs=10 * PH, limit=strikes[currency], tenor=0, currency=currency
            )
            assert house.act(row)[0][0] == DONE
    house.step()
    assert house.forwards.contracts[:, STRIKE].tolist() == strikes
    assert house.forwards.held(1, house.people[2]) == margin_units(10 * PH, 30, 24, strikes[1], 180_000)
    house.step(3)
    paid = [int(-house.forwards.variation[c, house.people[who]]) for c, who in ((0, 0), (1, 2))]
    assert paid[0] == pytest.approx(0.5 * 10 * strikes[0], rel=0.1)
    assert paid[1] == pytest.approx(0.0, abs=0.05 * 10 * strikes[1])
