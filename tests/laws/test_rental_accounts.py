"""The hashpower market from its customers' purses: what buyers paid is what sellers and the market got, to the last unit.

Nothing is asked of the market's own counts of money: only what is in purses and orders before and after each tick.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.rental import BidHashpower, CancelBid, OfferHashpower, RepriceBid
from model.mechanisms.rental.table import BUYER, KIND, LEFT, NUMBER, ORDER, OWNER, PRICE, SELLER, SIZE, STANDARD
from model.units import USD
from tests.rental_house import PH, RentalHouse

PPM, GHS_HOURS = 1_000_000, 24_000_000
FAIR = 72 * USD  # per PH/s and day in the house, about
SELLERS, BUYERS = (0, 1), (2, 3, 4)
SHOCK = {"channel": "rental_delivery", "size": -0.7, "day": 1, "days": 2, "shape": "pulse", "source": "a test"}
move = st.one_of(
    st.tuples(
        st.just("offer"), st.sampled_from(SELLERS), st.integers(0, 150 * PH), st.integers(FAIR // 2, 2 * FAIR),
        st.sampled_from([0, 24, 96]),
    ),
    st.tuples(
        st.just("bid"), st.sampled_from(BUYERS), st.integers(1, 90 * PH), st.integers(FAIR // 2, 3 * FAIR),
        st.sampled_from([0, 0, 24, 72]),
    ),
    st.tuples(st.sampled_from(["reprice", "cancel"]), st.sampled_from(BUYERS), st.integers(0, 9), st.integers(1, 3 * FAIR), st.just(0)),
)  # fmt: skip
ticks = st.lists(st.tuples(st.lists(move, max_size=5), st.integers(1, 3)), min_size=3, max_size=10)
FIRST: list[Any] = [("offer", s, 80 * PH, FAIR // 2, 96) for s in SELLERS]
FIRST += [("bid", 2, 50 * PH, 2 * FAIR, 0), ("bid", 3, 50 * PH, 3 * FAIR, 72)]


class Purses:
    """A house, and what is known of its purses at a moment."""

    def __init__(self, hours: int, clearing: str, outage: bool) -> None:
        rental = {"clearing": clearing, "order_days": 3.0, "default_hours": 2.0}
        shocks = {"shocks": [SHOCK]} if outage else {}
        self.house = RentalHouse(hours=hours, ph=(100, 80), rental=rental, **shocks)
        self.hours, self.ppm = hours, round(self.house.rental.params.fee * PPM)
        self.budgets: dict[int, int] = {}
        self.prices: dict[int, int] = {}  # of orders at the last clearing
        self.traded, self.late = 0, False

    def do(self, what: str, who: int, size: int, price: int, hours: int) -> None:
        h, account = self.house, self.house.people[who]
        if what == "offer":
            h.act(OfferHashpower(account, ghs=size, floor=price, currency=0, hours=hours))
        elif what == "bid":
            budget = 1 + size * price // PH * 3
            bid = BidHashpower(account, ghs=size, price=price, budget=budget, currency=0, hours=hours, use=size % 2)
            status, number = h.act(bid)[0]
            if status == Status.DONE:
                self.budgets[number] = budget
        elif what == "reprice":
            h.act(RepriceBid(account, number=size, price=price))
        else:
            h.act(CancelBid(account, number=size))

    def bought(self, who: int) -> int:
        """Dollars of a buyer, those in his orders included."""
        orders = self.house.rental.orders
        return self.house.cash(who) + int(orders[orders[:, OWNER] == self.house.people[who], LEFT].sum())

    def sold(self, who: int) -> int:
        """Dollars of a seller, less unpaid power."""
        return self.house.cash(who) - self.house.ledger.balance(PAYABLE_ASSET, self.house.people[who])

    def platform(self) -> int:
        return self.house.ledger.balance(USD_ASSET, self.house.market.platform)

    def step(self) -> None:
        """A tick, and what must be true of it."""
        h, r = self.house, self.house.rental
        orders, contracts = r.orders.copy(), r.contracts.copy()
        contracts = contracts[np.isin(contracts[:, ORDER], orders[:, NUMBER])]  # nobody works for a recalled order
        bought, sold = {b: self.bought(b) for b in BUYERS}, {s: self.sold(s) for s in SELLERS}
        platform, offered = self.platform(), r.offered[h.people].copy()
        h.step()
        cost = {b: bought[b] - self.bought(b) for b in BUYERS}
        revenue = {s: self.sold(s) - sold[s] + int(h.rigs.bill[h.people[s]]) for s in SELLERS}
        fees = self.platform() - platform
        assert sum(cost.values()) == sum(revenue.values()) + fees
        assert min(*cost.values(), *revenue.values(), fees) >= 0
        self.budget(orders, contracts, cost)
        self.delivery(contracts, offered)
        self.prices = {int(o[NUMBER]): int(o[PRICE]) for o in r.orders}
        self.traded += sum(cost.values())

    def budget(self, orders: Any, contracts: Any, cost: dict[int, int]) -> None:
        """Nobody pays beyond what is left of his orders, nor more for what he got than he bid when it was rented."""
        r, left = self.house.rental, {int(o[NUMBER]): int(o[LEFT]) for o in orders}
        for order in r.orders:
            assert 0 <= order[LEFT] <= left.get(int(order[NUMBER]), self.budgets[int(order[NUMBER])])
        for b, paid in cost.items():
            account = self.house.people[b]
            own = orders[orders[:, OWNER] == account]
            assert paid <= int(own[:, LEFT].sum())
            got = int(r.rented[0, account] + r.rented[2, account])
            dearest = max((self.prices.get(int(number), 0) for number in own[:, NUMBER]), default=0)
            most = dearest * got * self.hours * (PPM + self.ppm)
            rounded_up = int((contracts[:, BUYER] == account).sum())  # a unit of fee for each contract
            assert (paid - rounded_up) * GHS_HOURS * PPM <= most

    def delivery(self, contracts: Any, offered: Any) -> None:
        """Delivered is at most what was rented, and what arrives of it; rented is at most what was offered, and runs."""
        h, r = self.house, self.house.rental
        reach = min(1.0, h.market.shocks["rental_delivery"])
        for place, s in enumerate(SELLERS):
            account = h.people[s]
            given, rented = int(r.rented[1, account]), int(contracts[contracts[:, SELLER] == account, SIZE].sum())
            assert given <= rented * reach + 1e-6 and given <= h.running(s)
            assert int(r.work[account]) == h.running(s) - given
            new = r.contracts[(r.contracts[:, SELLER] == account) & (r.contracts[:, KIND] == STANDARD), SIZE]
            assert int(new.sum()) <= offered[SELLERS[place]]
            self.late |= 0 < given < rented
        taken = r.rented[:, h.people]
        assert taken[1].sum() == taken[0].sum() + taken[2].sum()
        assert int(r.work.sum() + r.away[0]) == sum(h.running(s) for s in SELLERS)


@pytest.mark.parametrize("hours", [24, 1])
@pytest.mark.parametrize("clearing", ["uniform_price", "pay_as_bid"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=ticks, outage=st.booleans())
def test_buyers_pay_what_sellers_and_the_market_get(hours: int, clearing: str, plan: Any, outage: bool) -> None:
    play = Purses(hours, clearing, outage)
    try:
        for moves, steps in [(FIRST, 1), *plan]:
            for one in moves:
                play.do(*one)
            for _ in range(steps):
                play.step()
        assert play.traded > 0
    finally:
        play.house.market.close()


def test_what_does_not_arrive_is_not_paid_for() -> None:
    """A seller's rigs stand behind a broken line for two days: he is paid for the three tenths that arrive."""
    paid = []
    for outage in (False, True):
        play = Purses(24, "uniform_price", outage)
        for one in FIRST:
            play.do(*one)
        play.step()
        before = play.traded
        for _ in range(2):
            play.step()
        paid.append(play.traded - before)
        assert play.late == outage
        play.house.market.close()
    assert 0 < paid[1] < 0.7 * paid[0]
