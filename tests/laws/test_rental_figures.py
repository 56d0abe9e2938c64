"""What the hashpower market says and charges, in closed form, at ticks of a day and of six hours."""

import numpy as np
import pytest

from model.actions import Status
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import OrderForward, PostMargin
from model.mechanisms.rental import (
    BidHashpower,
    BuyTokens,
    CancelBid,
    IssueTokens,
    OfferHashpower,
    RedeemTokens,
    RepriceBid,
    clearing,
)
from model.mechanisms.rental.table import ENDS, PRICE, TERM
from model.units import BTC, GHS_PER_TH, TOKEN, USD
from tests.rental_house import PH, RentalHouse

DAYS = pytest.mark.parametrize("hours", [24, 6])


def bid(house: RentalHouse, who: int, ghs: int, price: int, hours: int = 0, currency: int = 1) -> int:
    """An order of a person, by number, with a budget for many days; its number."""
    budget = 90 * BTC if currency else 500_000 * USD
    row = BidHashpower(
        house.people[who], ghs=ghs, price=price, budget=budget, currency=currency, hours=hours, use=0
    )  # fmt: skip
    ((status, number),) = house.act(row)
    assert status == Status.DONE
    return number


def offer(house: RentalHouse, ghs: int, floor: int, hours: int = 0) -> None:
    house.act(OfferHashpower(house.people[0], ghs=ghs, floor=floor, currency=1, hours=hours))


@DAYS
def test_mining_pays_hashprice_less_the_fee_that_miners_expect_of_pools(hours: int) -> None:
    house = RentalHouse(hours=hours)
    coin = float(house.market.mechanisms["bitcoin"].price)
    assert house.rental.fair == int(house.rigs.hashprice * (1 - house.rigs.rules.pool_fee) / coin * BTC)
    assert house.rental.th_price == pytest.approx(house.rigs.hashprice * 0.98 / 1_000, rel=1e-5)


@DAYS
def test_a_fixed_order_costs_the_last_days_price_with_its_premium_or_that_of_mining(hours: int) -> None:
    house = RentalHouse(hours=hours, rental={"premium": 0.1})
    fair = house.rental.fair
    offer(house, 10 * PH, 1)
    number = bid(house, 2, 10 * PH, 3 * fair)
    house.step()
    traded = house.rental.price
    assert traded != fair and clearing.quote(house.rental) == int(traded * 1.1)
    house.market.step()
    house.act(CancelBid(house.people[2], number=number))
    house.step(2 * 24 // hours)
    assert clearing.quote(house.rental) == int(house.rental.fair * 1.1)


def test_where_everybody_pays_his_bid_the_price_is_their_mean() -> None:
    house = RentalHouse(rental={"clearing": "pay_as_bid"})
    offer(house, 30 * PH, 1)
    for who, ghs, price in ((2, 10 * PH, 400_000), (3, 20 * PH, 340_000)):
        bid(house, who, ghs, price)
    house.step()
    assert (house.rental.volume, house.rental.price) == (30 * PH, 360_000)


def test_a_term_is_rounded_up_to_ticks_and_an_order_lapses_after_its_days() -> None:
    house = RentalHouse(hours=6, rental={"order_days": 2.0})
    bid(house, 2, PH, 1, hours=8)
    assert house.rental.orders[0, TERM] == 2
    house.step(7)
    assert house.rental.orders.shape[0] == 1
    house.step()
    assert house.rental.orders.shape[0] == 0 and house.coins(2) == 100 * BTC


def test_a_price_falls_by_its_cut_for_each_hour_since_it_was_cut_last() -> None:
    house = RentalHouse(hours=6, rental={"cut": 0.01})
    number, p = bid(house, 2, PH, 100_000), 100_000
    for ticks in (1, 2, 0):
        house.step(ticks)
        p = -int(-p * 0.99 ** (6 * ticks) // 1)
        assert house.act(RepriceBid(house.people[2], number=number, price=1)) == [(Status.DONE, p)]
    assert house.rental.orders[0, PRICE] == p


@DAYS
def test_what_renters_paid_is_counted_in_dollars_and_what_letting_brought_beside_what_mining_would(hours: int) -> None:
    house = RentalHouse(hours=hours)
    fair, seller, coin = house.rental.fair, house.people[0], 20_000
    offer(house, 10 * PH, 2 * fair)
    bid(house, 2, 10 * PH, 2 * fair)
    house.step(2)
    days = hours / 24
    spent = int(house.rental.cost[1, house.people[2]])
    assert int(house.rental.spent[house.people[2]]) == pytest.approx(spent * coin * USD / BTC, abs=1)
    assert house.rental.let[seller] == pytest.approx(2 * fair * 10 * days * coin * USD / BTC, rel=1e-6)
    assert house.rental.forgone[seller] == pytest.approx(house.rental.fair * 10 * days * coin * USD / BTC, rel=1e-3)
    assert house.rental.own_part[seller] == 1.0
    assert house.rental.own_part[house.people[2]] == 0.0


def test_the_market_sells_the_coins_of_its_fees_every_day() -> None:
    house = RentalHouse()
    offer(house, 10 * PH, 1)
    bid(house, 2, 10 * PH, 2 * house.rental.fair)
    house.step(3)
    platform = house.market.platform
    assert house.rental.fees[1] > 0
    assert house.ledger.balance(BTC_ASSET, platform) == 0 < house.ledger.balance(USD_ASSET, platform)


def vault(house: RentalHouse, ph: int) -> int:
    """A vault's account with rigs of its own."""
    account = int(house.ledger.open_account("vaults", "vault"))
    house.rigs.add_fleet(account, ph * PH, 30.0, 0.03)
    house.step()
    return account


def test_a_vaults_operator_asks_for_his_part_of_its_rigs_at_his_floor_over_mining() -> None:
    house = RentalHouse(rental={"vault_share": 0.5, "vault_floor": 1.2})
    account = vault(house, 40)
    ((who, ghs, least, term),) = clearing.asks(house.rental).T.tolist()
    assert (who, least, term) == (account, int(house.rental.fair * 1.2), 0)
    assert ghs == int(house.rigs.delivered[account]) // 2


def test_a_vaults_dollars_become_coins_at_what_the_world_asks() -> None:
    house = RentalHouse(rental={"vault_share": 1.0}, bitcoin={"process": "constant", "price": 20_000, "spread": 0.01})
    account = vault(house, 10)
    bid(house, 2, 10 * PH, 100 * USD, currency=0)
    house.step(2)
    usd = int(house.rental.received[0, account])
    assert usd > 0
    assert int(house.rental.changed_for[account]) == usd * BTC // (20_200 * USD)
    assert house.rental.let[account] == pytest.approx(usd / 1.01, rel=1e-6)


@DAYS
def test_who_fails_may_not_offer_for_his_days(hours: int) -> None:
    house = RentalHouse(hours=hours, rental={"default_hours": 24.0, "ban_days": 3.0})
    seller = house.people[0]
    offer(house, 10 * PH, 1, hours=240)
    bid(house, 2, 10 * PH, 2 * house.rental.fair, hours=240)
    house.step()
    house.rigs.transfer(seller, house.people[1], house.rigs.held(seller))
    ticks = 0
    while not house.rental.defaults:
        house.step()
        ticks += 1
    assert ticks == 24 // hours
    for _ in range(3 * 24 // hours):
        assert house.act(OfferHashpower(seller, ghs=1, floor=1, currency=1, hours=0))[0][0] == Status.LOCKED
        house.step()
    assert house.act(OfferHashpower(seller, ghs=1, floor=1, currency=1, hours=0))[0][0] == Status.LOCKED
    house.step()
    assert house.act(OfferHashpower(seller, ghs=1, floor=1, currency=1, hours=0))[0][0] == Status.DONE


@pytest.mark.parametrize(("reach", "late"), [(-0.4, False), (-0.6, True)])
def test_more_than_half_of_what_is_due_is_no_failure(reach: float, late: bool) -> None:
    shock = {"channel": "rental_delivery", "size": reach, "day": 2, "source": "a test"}
    house = RentalHouse(rental={"default_hours": 24.0}, shocks=[shock])
    offer(house, 10 * PH, 1, hours=240)
    bid(house, 2, 10 * PH, 2 * house.rental.fair, hours=240)
    house.step(4)
    assert ("rental default" in set(house.market.events()["kind"])) == late


@DAYS
def test_a_bond_is_a_part_of_what_the_term_mines_and_pays_what_was_not_delivered(hours: int) -> None:
    house = RentalHouse(hours=hours, rental={"token_series": 1, "token_bond": 0.5})
    issuer, holder = house.people[0], house.people[2]
    before, price = house.cash(0), house.rental.th_price
    house.act(IssueTokens(issuer, ghs=10 * PH, hours=240, price=USD // 100))
    assert before - house.cash(0) == pytest.approx(10_000 * price * 10 * 0.5 * USD, rel=1e-9)
    assert house.rental.series[0, ENDS] == house.market.clock.tick + 10 * 24 // hours
    house.act(BuyTokens(holder, series=0, amount=10_000 * TOKEN, limit=USD))
    house.act(RedeemTokens(holder, series=0, amount=10_000 * TOKEN))
    house.rigs.transfer(issuer, house.people[1], house.rigs.held(issuer) - 4 * PH)
    cash = house.cash(2)
    house.step()
    missing = (10 * PH - house.running(0)) / GHS_PER_TH
    assert missing > 0
    assert house.rental.refunded == house.cash(2) - cash
    assert house.rental.refunded == pytest.approx(missing * house.rental.th_price * hours / 24 * USD, rel=0.02)


@DAYS
def test_a_token_is_worth_its_last_price_until_what_is_left_of_it_mines_less(hours: int) -> None:
    house = RentalHouse(hours=hours, rental={"token_series": 1})
    issuer, holder = house.people[0], house.people[2]
    house.act(IssueTokens(issuer, ghs=10 * PH, hours=96, price=USD // 10))
    house.act(BuyTokens(holder, series=0, amount=1_000 * TOKEN, limit=USD))
    asset, r = int(house.rental.tokens[0]), house.rental
    for _ in range(4 * 24 // hours - 1):
        house.step()
        days = (r.series[0, ENDS] - house.market.clock.tick) * hours / 24
        assert house.ledger.value[asset] * TOKEN == pytest.approx(min(0.1, r.th_price * days), rel=0.01)
    house.step()
    assert r.living == 0


# -- forwards


@DAYS
def test_the_index_is_the_mean_hashprice_of_a_day(hours: int) -> None:
    house = RentalHouse(hours=hours)
    seen = [60.0 + k for k in range(8)]
    for house.rigs.hashprice in seen:
        house.forwards.look()
    mean = float(np.mean(seen[-24 // hours :]))
    coin = float(house.market.mechanisms["bitcoin"].price)
    assert house.forwards.index.tolist() == pytest.approx([mean * USD, mean / coin * BTC], abs=1)


@pytest.mark.parametrize("currency", [0, 1])
def test_both_sides_pay_the_fee_on_the_whole_notional_and_the_last_strike_is_told(currency: int) -> None:
    house = RentalHouse(forwards={"fee": 0.002, "tenors": [30.0]})
    f, platform = house.forwards, house.market.platform
    strike = int(f.index[currency])
    for side, who in ((0, 2), (1, 3)):
        house.act(OrderForward(house.people[who], side=side, ghs=10 * PH, limit=strike, tenor=0, currency=currency))
    before = house.ledger.balance(currency, platform)
    f._meet()
    fees = house.ledger.balance(currency, platform) - before
    assert fees == pytest.approx(2 * 0.002 * 10 * 30 * strike, abs=2)
    assert f.last[currency, 0] == pytest.approx(strike / (BTC if currency else USD))
    assert np.isnan(f.last[1 - currency, 0])


def test_what_is_won_and_lost_is_told_in_its_currency() -> None:
    """Long coins at twice the index without margin: nothing is paid; with margin, all of it, in dollars at the day's price."""
    house = RentalHouse(forwards={"tenors": [30.0]})
    f, (a, b), tick = house.forwards, house.people[2:4], house.market.clock.tick
    strike = 2 * int(f.index[1])
    row = [a, b, 10 * PH, strike, 1, tick + 30, 30]
    f.contracts = np.array([row], np.int64)
    house.step()
    owed = 10 * (strike - int(f.index[1]))
    assert f.lost.tolist() == [0, owed] and f.paid == 0.0
    house.act(PostMargin(a, amount=BTC, currency=1))
    house.step()
    owed = 10 * (strike - int(f.index[1]))
    assert f.lost.tolist() == [0, 0]
    assert f.paid == pytest.approx(owed / BTC * 20_000)


def test_an_order_for_a_forward_waits_for_its_days() -> None:
    house = RentalHouse(hours=6, forwards={"order_days": 1.0})
    house.act(OrderForward(house.people[2], side=0, ghs=PH, limit=1, tenor=0, currency=0))
    house.step(4)
    assert house.forwards.orders.shape[0] == 1
    house.step()
    assert house.forwards.orders.shape[0] == 0 and house.cash(2) == 10**6 * USD
