"""Laws of rented hashpower and forwards under random play, at two lengths of a tick, and against garbage."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import CancelForward, OrderForward, PostMargin, WithdrawMargin
from model.mechanisms.rental import (
    AskForTokens,
    BidHashpower,
    BuyTokens,
    CancelBid,
    IssueTokens,
    OfferHashpower,
    RedeemTokens,
    RepriceBid,
)
from model.mechanisms.rental.table import GOT, LEFT, SIZE
from model.mechanisms.rigs import SellRigs
from model.units import BTC, USD
from tests.rental_house import PH, RentalHouse

ALL = (
    OfferHashpower, BidHashpower, RepriceBid, CancelBid, IssueTokens, AskForTokens, BuyTokens, RedeemTokens, OrderForward,
    CancelForward, PostMargin, WithdrawMargin,
)  # fmt: skip
PEOPLE = st.integers(0, 4)
FAIR = 360_000  # satoshi per PH/s and day in the house, about
ROWS: dict[Any, dict[str, Any]] = {
    OfferHashpower: {"ghs": st.integers(0, 150 * PH), "floor": st.integers(FAIR // 2, 2 * FAIR), "currency": st.just(1), "hours": st.sampled_from([0, 24, 96])},
    BidHashpower: {"ghs": st.integers(1, 120 * PH), "price": st.integers(FAIR // 2, 2 * FAIR), "budget": st.integers(1, BTC), "currency": st.just(1), "hours": st.sampled_from([0, 0, 24, 72]), "use": st.integers(0, 1)},
    RepriceBid: {"number": st.integers(0, 12), "price": st.integers(1, 2 * FAIR)},
    CancelBid: {"number": st.integers(0, 12)},
    IssueTokens: {"ghs": st.integers(1_000, 60 * PH), "hours": st.sampled_from([48, 120]), "price": st.integers(0, USD)},
    AskForTokens: {"series": st.integers(0, 1), "price": st.integers(1, USD)},
    BuyTokens: {"series": st.integers(0, 1), "amount": st.integers(1, 10**10), "limit": st.just(10 * USD)},
    RedeemTokens: {"series": st.integers(0, 1), "amount": st.integers(1, 10**10)},
    OrderForward: {"side": st.integers(0, 1), "ghs": st.integers(1, 60 * PH), "limit": st.integers(40 * USD, 90 * USD), "tenor": st.integers(0, 1), "currency": st.integers(0, 1)},
    CancelForward: {"number": st.integers(0, 12)},
    PostMargin: {"amount": st.integers(1, 10**9), "currency": st.integers(0, 1)},
    WithdrawMargin: {"amount": st.integers(1, 10**12), "currency": st.integers(0, 1)},
    SellRigs: {"ghs": st.integers(1, 80 * PH), "limit": st.just(0)},
}  # fmt: skip
DOLLARS = {"price": st.integers(30 * USD, 120 * USD), "budget": st.integers(1, 10_000 * USD), "currency": st.just(0)}


@st.composite
def moves(draw: Any) -> tuple[Any, int, dict[str, int]]:
    """An action, who asks for it, and its columns."""
    action = draw(st.sampled_from(list(ROWS)))
    columns = {**ROWS[action], **(DOLLARS if action is BidHashpower and draw(st.booleans()) else {})}
    return action, draw(PEOPLE), {name: draw(values) for name, values in columns.items()}


def money(house: RentalHouse) -> tuple[int, int]:
    """All dollars and coins of everybody but the issuers."""
    sums = []
    for asset, issuers in (
        (USD_ASSET, (house.ledger.world,)),
        (BTC_ASSET, (house.ledger.world, house.ledger.protocol)),
    ):
        held = house.ledger.books.balances[asset, : house.ledger.accounts]
        sums.append(int(held.sum()) - sum(int(held[i]) for i in issuers))
    return sums[0], sums[1]


@pytest.mark.parametrize("hours", [24, 1])
@pytest.mark.parametrize("clearing", ["uniform_price", "pay_as_bid"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=st.lists(st.lists(moves(), max_size=6), min_size=3, max_size=8), outage=st.booleans())
def test_laws_hold_whatever_is_asked_for(hours: int, clearing: str, plan: Any, outage: bool) -> None:
    """Spent ≤ budget, delivered ≤ offered, buyers = sellers + fees, escrow = what is owed: `step` checks after each tick."""
    shock = {"channel": "rental_delivery", "size": -0.7, "day": 1, "source": "a test"}
    house = RentalHouse(
        hours=hours,
        ph=(100, 60, 30),
        rental={"clearing": clearing, "token_series": 2, "default_hours": 2.0, "order_days": 3.0},
        forwards={"tenors": [2.0, 5.0]},
        **({"shocks": [shock]} if outage else {}),
    )
    try:
        for tick in plan:
            house.act(*(action(house.people[who], **columns) for action, who, columns in tick))
            house.step()
            assert (house.rental.contracts[:, GOT] <= house.rental.contracts[:, SIZE]).all()
            assert house.rental.orders.size == 0 or house.rental.orders[:, LEFT].min() >= 0
        house.step(24 // hours * 8)  # everything lapses or ends
        assert house.rental.orders.shape[0] == 0
        assert house.forwards.contracts.shape[0] == 0
        for asset in (USD_ASSET, BTC_ASSET):
            assert house.ledger.balance(asset, house.rental.escrow) == 0
            assert house.ledger.balance(asset, house.forwards.escrow) == 0
    finally:
        house.market.close()


@pytest.mark.parametrize("action", ALL, ids=lambda a: a.__name__)
def test_no_action_breaks_on_garbage(action: Any) -> None:
    house = RentalHouse(rental={"token_series": 2})
    draw = np.random.default_rng(5)
    extremes = np.array([0, 1, -1, 2, 24, 10**6, 10**12, 10**15, 2**53, 2**62, 2**63 - 1, -(2**63), -(10**9)], np.int64)
    n = 400
    columns = {name: draw.choice(extremes, n) for name in action.fields}
    batch = action(draw.choice(house.people, n), **columns)
    house.act(batch)
    assert (batch.rows["status"] != Status.PENDING).all()
    house.step(3)
    house.market.close()


def test_budget_and_fee_are_met_to_the_last_unit() -> None:
    house = RentalHouse(hours=1)
    seller, buyer = house.people[0], house.people[2]
    house.act(
        OfferHashpower(seller, ghs=7 * PH + 13, floor=61_000_000, currency=0, hours=0),
        BidHashpower(buyer, ghs=9 * PH, price=61_234_567, budget=1_234_567, currency=0, hours=0, use=0),
    )
    before = house.cash(2)
    house.step(24)
    assert house.rental.orders.shape[0] == 0
    spent = 1_234_567 - (house.cash(2) - before)
    assert 0 <= 1_234_567 - spent < 100  # what is left buys less than one GH/s
    assert int(house.rental.spent[buyer]) == spent


def test_a_sellers_failure_is_refunded() -> None:
    house = RentalHouse(hours=1, rental={"default_hours": 4.0})
    seller, buyer = house.people[0], house.people[2]
    budget = 20_000 * USD
    house.act(
        OfferHashpower(seller, ghs=80 * PH, floor=1, currency=0, hours=72),
        BidHashpower(buyer, ghs=80 * PH, price=200 * USD, budget=budget, currency=0, hours=72, use=0),
    )
    house.step(3)
    assert house.work(2) == 80 * PH
    house.rigs.transfer(seller, house.people[1], house.rigs.held(seller))  # he has given them away
    house.step(8)
    assert house.work(2) == 0
    assert "rental default" in set(house.market.events()["kind"])
    assert house.rental.orders.shape[0] == 0
    assert house.cash(2) == 10**6 * USD - int(house.rental.spent[buyer])  # all the rest came back
    assert house.act(OfferHashpower(seller, ghs=1, floor=1, currency=0, hours=0))[0][0] == int(Status.LOCKED)


def test_outbid_orders_starve_and_the_dearest_is_served_first() -> None:
    house = RentalHouse(rental={"clearing": "pay_as_bid"})
    low, high = house.people[2], house.people[3]
    house.act(
        OfferHashpower(house.people[0], ghs=20 * PH, floor=FAIR // 2, currency=1, hours=0),
        BidHashpower(low, ghs=20 * PH, price=FAIR, budget=BTC, currency=1, hours=0, use=0),
        BidHashpower(high, ghs=15 * PH, price=FAIR + 1, budget=BTC, currency=1, hours=0, use=0),
    )
    house.step(2)
    assert (house.work(2), house.work(3)) == (5 * PH, 15 * PH)


def test_a_token_is_hashpower_until_its_term_ends() -> None:
    house = RentalHouse(rental={"token_series": 1, "token_bond": 0.5})
    issuer, holder, renter = house.people[0], house.people[2], house.people[3]
    assert house.act(IssueTokens(issuer, ghs=10 * PH, hours=96, price=USD // 10)) == [(int(Status.DONE), 0)]
    assert house.act(BuyTokens(holder, series=0, amount=4_000 * 10**6, limit=USD)) == [
        (int(Status.DONE), 4_000 * 10**6)
    ]
    assert house.act(RedeemTokens(holder, series=0, amount=4_000 * 10**6)) == [(int(Status.DONE), 4 * PH)]
    house.act(  # and lets another have it
        OfferHashpower(holder, ghs=3 * PH, floor=1, currency=1, hours=0),
        BidHashpower(renter, ghs=3 * PH, price=FAIR, budget=BTC, currency=1, hours=0, use=0),
    )
    house.step(2)
    assert (house.work(2), house.work(3)) == (PH, 3 * PH)
    assert house.work(0) == house.running(0) - 4 * PH
    house.step(4)
    assert house.work(2) == 0
    assert house.ledger.outstanding(int(house.rental.tokens[0])) == 0


def test_rigs_whose_hashpower_was_sold_by_tokens_stay() -> None:
    house = RentalHouse(rental={"token_series": 1})
    issuer, buyer = house.people[0], house.people[2]
    house.ledger.pay(USD_ASSET, house.ledger.world, house.rigs.buyer, 10**6 * USD, Flow.ENDOWMENT)
    rigs = house.rigs.held(issuer)
    bound = int(house.rental.free()[issuer]) // 1_000 * 1_000 // 2
    assert house.act(IssueTokens(issuer, ghs=bound, hours=5 * 24, price=USD))[0][0] == Status.DONE
    assert house.act(BuyTokens(buyer, series=0, amount=bound * 500, limit=USD))[0][0] == Status.DONE
    assert house.act(RedeemTokens(buyer, series=0, amount=bound * 500))[0][0] == Status.DONE
    assert house.act(SellRigs(issuer, ghs=rigs - bound + 1, limit=1))[0][0] == Status.LOCKED
    assert house.act(SellRigs(issuer, ghs=rigs - bound, limit=1))[0][0] == Status.DONE
    for _ in range(4):
        house.step()
        assert house.rental.defaults == 0 and house.rental.refunded == 0
    house.step(3)
    house.ledger.pay(USD_ASSET, house.ledger.world, house.rigs.buyer, 10**6 * USD, Flow.ENDOWMENT)
    assert house.act(SellRigs(issuer, ghs=house.rigs.held(issuer), limit=1))[0][0] == Status.DONE
