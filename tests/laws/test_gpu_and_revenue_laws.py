"""Laws of the second coin, of revenue shares and of frozen payouts, under foolish play."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Bundle, Status
from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.gpu_coin import SellGpus, TradeGpuCoins
from model.mechanisms.revenue_shares import BuyRevenueShare, OfferRevenueShare
from model.units import USD
from tests.rental_house import RentalHouse

ANY = st.integers(-(2**63), 2**63 - 1)
NEAR = st.integers(0, 10**12)
NUMBERS = st.one_of(NEAR, ANY)
MERGE_TICK = 5


def gpu_house(hours: int = 24, **others: Any) -> RentalHouse:
    """Two people with cards, until the sixth of January."""
    table = {"merge": "2023-01-06", "process": "gbm", "price": 1_500.0}
    house = RentalHouse(hours=hours, gpu_coin={**table, **others})
    coin, who = house.market.mechanisms["gpu_coin"], np.array(house.people[:2])
    coin.add(who, np.array([5_000, 20_000]), np.array([2.0, 2.5]), np.array([0.05, 0.08]))
    return house


@pytest.mark.parametrize("hours", [24, 4, 1])
def test_cards_earn_their_part_until_the_merge_and_nothing_after(hours):
    house = gpu_house(hours)
    coin, per_day = house.market.mechanisms["gpu_coin"], 24 // hours
    blocks = 0
    while house.market.clock.tick < MERGE_TICK * per_day - 1:
        house.step()
        blocks += coin.blocks
    held = [house.ledger.balance(coin.coin, who) for who in house.people[:2]]
    assert held[1] == pytest.approx(4 * held[0], rel=1e-3)
    whole = blocks * 2.1e8 * 25_000 / coin.hashrate  # cards were there in all of these ticks
    assert sum(held) == pytest.approx(0.99 * whole, rel=1e-3)
    house.step(3)
    assert [house.ledger.balance(coin.coin, who) for who in house.people[:2]] == held
    assert not coin.running.any() and coin.hashprice == 0.0
    assert [e[1] for e in house.market.journal.events].count("merge") == 1


def test_cards_stand_still_where_power_costs_more_than_they_earn():
    house = gpu_house()
    coin = house.market.mechanisms["gpu_coin"]
    coin.power_price[house.people[0]] = 50.0
    house.step()
    assert coin.running[house.people[0]] == 0 and coin.running[house.people[1]] == 20_000
    assert coin.bill[house.people[0]] == 0 < coin.bill[house.people[1]]


def test_utilities_take_cards_of_who_does_not_pay():
    """Wealth that is all in the second coin pays no bill; cards for it are gone after the days of grace, and no more."""
    house = gpu_house(merge="2023-03-01", rest_ghs=900_000.0)
    coin, who = house.market.mechanisms["gpu_coin"], house.people[1]
    house.market.mechanisms["rigs"].take(who, 10**12)
    for asset in (USD_ASSET, BTC_ASSET):
        house.ledger.pay(asset, who, house.ledger.world, house.ledger.balance(asset, who), Flow.DEPARTURE)
    while not (events := [e for e in house.market.journal.events if e[1] == "default" and e[2] == who]):
        house.step()
    missing = (20_000 - int(coin.mhs[who])) * int(coin.resale * USD)
    assert house.market.clock.tick > 30 and "cards for" in events[0][-1]
    assert 0 <= missing - events[0][4] * USD < coin.resale * USD + 1
    assert house.ledger.balance(PAYABLE_ASSET, who) == 0 < coin.mhs[who]


def test_a_bundle_cannot_sell_cards():
    house = gpu_house()
    bundle = Bundle([SellGpus(house.people[0], mhs=10)])
    house.market.settlement.submit(bundle)
    house.step()
    assert house.market.mechanisms["gpu_coin"].mhs[house.people[0]] == 5_000


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), NUMBERS, NUMBERS), min_size=1, max_size=25))
def test_foolish_trade_in_coins_and_cards_breaks_nothing(rows):
    house = gpu_house()
    for kind, person, first, second in rows:
        who = house.people[person]
        action = SellGpus(who, mhs=first) if kind == 0 else TradeGpuCoins(who, side=kind - 1, amount=second)
        (status, _), = house.act(action)  # fmt: skip
        assert Status(status) != Status.PENDING
        if kind == 3:
            house.step()
    assert house.market.mechanisms["gpu_coin"].mhs.min() >= 0


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 4), NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=25
    )
)
def test_foolish_revenue_shares_lose_nothing(rows):
    house = RentalHouse(revenue_shares={"capacity": 3, "offer_days": 2.0})
    shares = house.market.mechanisms["revenue_shares"]
    for kind, person, a, b, c, d in rows:
        who = house.people[person]
        if kind == 0:
            action = OfferRevenueShare(who, share_ppm=a, amount=b, cap_bps=c, days=d)
        elif kind == 1:
            action = OfferRevenueShare(
                who, share_ppm=a % 400_000, amount=b % (10**5 * USD), cap_bps=10_000 + c % 9_000, days=1 + d % 20
            )
        else:
            action = BuyRevenueShare(who, number=a % 4 if kind == 2 else a, amount=b)
        (status, _), = house.act(action)  # fmt: skip
        assert Status(status) != Status.PENDING
        if kind == 3:
            before, paid = house.ledger.balance(USD_ASSET, shares.pot), shares.paid
            house.step()
            assert paid >= 0 and abs(house.ledger.balance(USD_ASSET, shares.pot) - before) <= 10  # only dust stays
    house.step(25)  # offers lapse, terms end
    assert house.ledger.balance(USD_ASSET, shares.escrow) == 0


def coins_of_members(shocks: list[dict[str, Any]], paid_back: float, ticks: int = 12) -> tuple[int, Any]:
    """Satoshi of the first person after so many days of mining, and the market."""
    tables = {"freeze": {"pools": ["one"], "paid_back": paid_back}, "shocks": shocks}
    house = RentalHouse(**tables)
    house.step(ticks - 1)
    return house.coins(0), house


FROZEN = {"channel": "withdrawals", "size": -1.0, "day": 3, "days": 4, "shape": "pulse", "source": "test"}


def test_frozen_pay_comes_back_to_the_last_satoshi():
    calm, _ = coins_of_members([], 1.0)
    after, house = coins_of_members([FROZEN], 1.0)
    assert after == calm
    assert house.market.mechanisms["freeze"].lost == 0 < house.market.mechanisms["freeze"].returned


def test_while_frozen_members_get_promises_one_for_one():
    calm, _ = coins_of_members([], 1.0, ticks=6)
    frozen, house = coins_of_members([FROZEN], 1.0, ticks=6)
    freeze = house.market.mechanisms["freeze"]
    assert calm - frozen == house.ledger.balance(freeze.promise, house.people[0]) > 0


@settings(max_examples=8, deadline=None)
@given(size=st.floats(0.01, 1.0), back=st.floats(0.0, 1.0))
def test_what_is_not_paid_back_is_the_operators(size, back):
    calm, _ = coins_of_members([], 1.0)
    after, house = coins_of_members([{**FROZEN, "size": -size}], back)
    freeze = house.market.mechanisms["freeze"]
    assert 0 <= calm - after <= freeze.lost
    assert freeze.owed == 0 and house.ledger.balance(BTC_ASSET, freeze.custody) == 0
    flows = [r for rows in house.market.journal.flows for r in rows.tolist() if r[0] == Flow.DEFAULT]
    assert bool(flows) == (freeze.lost > 0)


def test_each_operator_keeps_what_he_froze_of_his_own_members():
    """Two pools freeze, and neither gets what the other's members lose."""
    pools = [{"name": n, "scheme": "fpps", "fee": 0.02, "network_share": 0.1} for n in ("one", "two")]
    held = {}
    for back in (1.0, 0.25):
        house = RentalHouse(
            ph=(100, 30), payout={"luck": "expected", "pools": pools}, freeze={"paid_back": back}, shocks=[FROZEN]
        )
        for pool, who in enumerate(house.people[:2]):
            house.market.mechanisms["payout"].join(np.array([who]), pool)
        house.step(6)
        owed = house.market.mechanisms["freeze"].kept_by.copy()
        house.step()
        held[back] = house.market.mechanisms["payout"].reserve.copy()
    assert owed.min() > 0 and house.market.mechanisms["freeze"].owed == 0
    assert np.abs(held[0.25] - held[1.0] - 0.75 * owed).max() <= len(house.people)  # a satoshi of rounding each
