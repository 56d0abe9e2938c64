"""NIFTEX curves at work: who is paid, who owns what, how they run dry."""

import numpy as np
import pytest

from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms import curve
from model.mechanisms.curve import AddCurve, Curve, CurveSwap, RemoveCurve
from tests.venue_house import WHOLE, VenueMarket


def constant(market: VenueMarket) -> int:
    pools = market.venue.pools
    return int(pools.k_high[0]) << 64 | int(pools.k_low[0])


def test_creator_and_platform_are_paid_in_what_leaves() -> None:
    market = VenueMarket(Curve, platform_bps=20, supply=21_000 * WHOLE)
    creator, buyer, fraction = market.agents[0], market.agents[2], int(market.vaults.fraction[0])
    before = market.total(creator)
    bought = int(market.settle(CurveSwap(buyer, vault=0, side=0, amount=1_000 * WHOLE, limit=0)).rows["filled"][0])
    assert market.held(fraction, creator) - before[1] == bought * 10 // 10_000
    assert market.held(fraction, market.platform) == bought * 20 // 10_000
    x, k = int(market.venue.pools.x[0]), constant(market)
    market.settle(CurveSwap(buyer, vault=0, side=1, amount=bought, limit=0))
    gross = curve.curve_gross(bought, x, k)
    assert market.held(USD_ASSET, creator) - before[0] == gross * 10 // 10_000
    assert market.held(USD_ASSET, market.platform) == gross * 20 // 10_000
    assert market.ledger.books.flows[Flow.ROYALTY].sum() == bought * 10 // 10_000 + gross * 10 // 10_000
    assert list(market.venue.pools.nominal[:, 0]) == [
        50_000 * WHOLE + gross * 30 // 10_000,
        1_000 * WHOLE + bought * 30 // 10_000,
    ]
    market.evening()


def test_a_curve_runs_dry_on_either_side_and_says_so_once() -> None:
    market = VenueMarket(Curve, cash=10**6 * WHOLE)
    who = market.agents[2]
    market.morning()
    all_of_it = CurveSwap(who, vault=0, side=0, amount=60_000 * WHOLE, limit=0)
    for _ in range(2):
        market.settle(all_of_it)
        assert Status(int(all_of_it.rows["status"][0])) is Status.DEPTH
        all_of_it.rows["status"] = 0
        market.evening()
        market.morning()
    assert [e[1] for e in market.journal.events] == ["pool", "dry"]
    assert "fractions left" in market.journal.events[1][-1]
    x, k = int(market.venue.pools.x[0]), constant(market)
    most = int(market.venue.view().can_buy[0])
    cost = curve.curve_cost(most, x, k)[0]
    swap = market.settle(CurveSwap(who, vault=0, side=0, amount=cost, limit=most))
    assert swap.done[0]
    assert market.total(int(market.venue.pool[0]))[1] <= 1
    for account in market.agents[3:]:
        market.settle(RemoveCurve(account, vault=0, side=1, shares=1, limit=0))
    market.settle(RemoveCurve(market.agents[0], vault=0, side=0, shares=50_000 * WHOLE, limit=0))
    assert market.total(int(market.venue.pool[0]))[0] == pytest.approx(cost, rel=1e-6), (
        "the fractions' providers' coins"
    )
    market.evening()
    market.morning()
    most = int(market.venue.view().can_sell[0])
    assert market.settle(CurveSwap(who, vault=0, side=1, amount=most + 1, limit=0)).rows["status"][0] in (
        Status.DEPTH,
        Status.FUNDS,
    )
    market.evening()


@pytest.mark.parametrize(("side", "amount", "asset"), [(0, 60_000, "fractions"), (1, 14_000, "dollars")])
def test_a_curve_says_what_it_lacks(side: int, amount: int, asset: str) -> None:
    market = VenueMarket(Curve)
    market.settle(CurveSwap(market.agents[0], vault=0, side=side, amount=amount * WHOLE, limit=0))
    market.evening()
    left = market.total(int(market.venue.pool[0]))[1 - side] / WHOLE
    assert market.journal.events[-1][-1] == f"curve runs dry: 1 swaps refused, {left:,.2f} {asset} left"


def test_providers_own_what_they_lent_and_what_their_asset_became() -> None:
    """Providers of fractions sell them as the price rises, those of dollars keep theirs; all is given back."""
    market = VenueMarket(Curve, lp_bps=30, artist_bps=0)
    usd, fractions = 50_000 * WHOLE, 1_000 * WHOLE
    seeder, other, buyer = market.agents[0], market.agents[1], market.agents[2]
    add = market.settle(AddCurve(other, vault=0, side=1, amount=500 * WHOLE, limit=0))
    assert add.rows["filled"][0] == 500 * WHOLE
    swap = market.settle(CurveSwap(buyer, vault=0, side=0, amount=10_000 * WHOLE, limit=0))
    bought, before = int(swap.rows["filled"][0]), market.total(other)
    coins = market.total(int(market.venue.pool[0]))[0] - usd
    market.settle(RemoveCurve(other, vault=0, side=1, shares=500 * WHOLE, limit=0))
    after = market.total(other)
    assert after[0] - before[0] == coins // 3
    assert after[1] - before[1] == (fractions + 500 * WHOLE - bought) // 3
    start = market.total(seeder)[0]
    out = market.settle(RemoveCurve(seeder, vault=0, side=0, shares=usd, limit=usd))
    assert out.done[0] and market.total(seeder)[0] - start == usd
    market.settle(RemoveCurve(seeder, vault=0, side=1, shares=fractions, limit=0))
    assert max(market.total(int(market.venue.pool[0]))) <= 1
    market.evening()


def test_whoever_comes_after_a_side_has_left_takes_nothing_of_the_other() -> None:
    market = VenueMarket(Curve)
    seeder, late, buyer = market.agents[0], market.agents[1], market.agents[2]
    market.settle(CurveSwap(market.agents[3], vault=0, side=1, amount=400 * WHOLE, limit=0))
    market.settle(RemoveCurve(seeder, vault=0, side=1, shares=1_000 * WHOLE, limit=0))
    market.settle(CurveSwap(buyer, vault=0, side=0, amount=5_000 * WHOLE, limit=0))
    market.settle(AddCurve(late, vault=0, side=1, amount=1, limit=0))
    before = market.total(late)
    market.settle(RemoveCurve(late, vault=0, side=1, shares=1, limit=0))
    assert market.total(late)[0] - before[0] == 0
    market.evening()


def test_what_trades_bring_while_a_side_is_empty_is_the_other_sides() -> None:
    """Fractions that sellers left are bought at a fee before the first new lender of fractions comes."""
    market = VenueMarket(Curve, lp_bps=1_000)
    seeder, late, buyer, pools = market.agents[0], market.agents[1], market.agents[2], market.venue.pools
    market.settle(CurveSwap(market.agents[3], vault=0, side=1, amount=400 * WHOLE, limit=0))
    market.settle(RemoveCurve(seeder, vault=0, side=1, shares=1_000 * WHOLE, limit=0))
    market.venue.quote()
    most, lent = int(market.venue.view().can_buy[0]), int(pools.nominal[0, 0])
    cost = curve.curve_cost(most, int(pools.x[0]), constant(market), 1_000)[0]
    assert market.settle(CurveSwap(buyer, vault=0, side=0, amount=cost, limit=0)).done[0]
    coins = market.total(int(market.venue.pool[0]))[0]
    assert coins > lent
    before = market.total(late)
    market.settle(AddCurve(late, vault=0, side=1, amount=WHOLE, limit=0))
    market.settle(RemoveCurve(late, vault=0, side=1, shares=WHOLE, limit=0))
    assert market.total(late) == before
    market.settle(RemoveCurve(seeder, vault=0, side=0, shares=50_000 * WHOLE, limit=coins))
    assert market.total(int(market.venue.pool[0]))[0] == 0
    market.evening()


def test_income_goes_to_providers_of_fractions() -> None:
    market = VenueMarket(Curve)
    pools, ledger = market.venue.pools, market.ledger
    coins = market.agents[1]
    market.settle(AddCurve(coins, vault=0, side=0, amount=1_000 * WHOLE, limit=0))
    market.earn(0, 2_000_000, 400_000)
    usd = market.total(int(pools.account[0]))[0]
    market.morning()
    assert market.total(int(pools.account[0]))[0] == usd, "no income in the reserve"
    assert (pools.income_btc[0], pools.income_usd[0]) == (100_000, 20_000)
    before = market.held(BTC_ASSET, market.agents[0])
    ledger.collect(int(pools.share[1, 0]), np.array([market.agents[0]]))
    ledger.collect(int(pools.share[0, 0]), np.array([coins]))
    assert market.held(BTC_ASSET, market.agents[0]) - before == pytest.approx(100_000, abs=1)
    market.evening()


def test_locks_fear_and_reasons() -> None:
    market = VenueMarket(Curve, vaults=2, lock_days=30)
    seeder, other, pools = market.agents[0], market.agents[3], market.venue.pools
    market.clock.tick = 29
    locked = {"vault": 0, "side": 1, "shares": 1, "limit": 0}
    assert market.settle(RemoveCurve(seeder, **locked)).rows["status"][0] == Status.LOCKED
    with pytest.raises(InvariantViolated, match="locked by account"):
        market.venue.seed(0, other, WHOLE, WHOLE, 30)
    assert market.venue.seed(0, other, WHOLE, 2 * WHOLE) == WHOLE
    before, kept = market.held(pools.share[1, 0], other), market.held(pools.share[1, 0], seeder)
    market.shocks["liquidity"] = 0.25
    market.clock.tick = 20
    market.morning()
    assert market.held(pools.share[1, 0], other) == before // 4
    assert market.held(pools.share[1, 0], seeder) == kept
    market.evening()
    market.clock.tick = 40
    assert market.settle(RemoveCurve(seeder, **locked)).done[0]
    market.vaults.status[1] = 3
    buy = {"vault": 0, "side": 0, "amount": 10 * WHOLE, "limit": 0}
    for change, status in (
        ({"vault": 2}, Status.UNKNOWN),
        ({"vault": 1}, Status.CLOSED),
        ({"amount": 0}, Status.AMOUNT),
        ({"amount": 10**15}, Status.AMOUNT),
        ({"amount": 10**13}, Status.FUNDS),
        ({"limit": WHOLE}, Status.LIMIT),
    ):
        assert market.settle(CurveSwap(other, **{**buy, **change})).rows["status"][0] == status
    assert market.settle(RemoveCurve(other, vault=0, side=0, shares=10**9, limit=0)).rows["status"][0] == Status.FUNDS
    market.mechanisms["vaults"] = market.vaults
    with pytest.raises(ScenarioError, match="capacity"):
        Curve(market, curve.CurveParams(capacity=1))


def test_fees_may_change_while_the_market_runs() -> None:
    market = VenueMarket(Curve)
    venue, who = market.venue, market.agents[2]
    market.morning()
    assert venue.view().fee == 0.004
    venue.params = venue.params.model_copy(update={"lp_bps": 200})
    market.morning()
    assert venue.view().fee == pytest.approx(0.021)
    x, k = int(venue.pools.x[0]), constant(market)
    swap = market.settle(CurveSwap(who, vault=0, side=0, amount=1_000 * WHOLE, limit=0))
    assert swap.rows["filled"][0] == curve.curve_purchase(1_000 * WHOLE, x, k, 200, 10, 0)
    market.evening()


def test_return_of_providers_and_marks_of_their_shares() -> None:
    """One day: what trades added at the price now plus income, over the rest; late loans are no one's return."""
    market = VenueMarket(Curve, return_half_life=1.0)
    pools, ledger = market.venue.pools, market.ledger
    ledger.value[BTC_ASSET] = 2e-4
    market.morning()
    market.evening()
    usd, fractions = market.total(int(pools.account[0]))
    market.earn(0, 10**6, 300_000)
    market.morning()
    income = int(pools.income_btc[0]) * 2e-4 + int(pools.income_usd[0]) / WHOLE
    market.settle(CurveSwap(market.agents[1], vault=0, side=1, amount=300 * WHOLE, limit=0))
    now_usd, now_fractions = market.total(int(pools.account[0]))
    market.settle(AddCurve(market.agents[2], vault=0, side=0, amount=50_000 * WHOLE, limit=0))
    market.evening()
    price = constant(market) / int(pools.x[0]) ** 2
    earned = (now_usd - usd + (now_fractions - fractions) * price) / WHOLE
    held = (usd + 50_000 * WHOLE + fractions * price) / WHOLE
    assert earned < 0.0, "the price has fallen"
    assert pools.lp_return[0] == pytest.approx(0.5 * (earned + income) / held, rel=1e-6)
    worth = sum(ledger.value[s] * ledger.outstanding(int(s)) for s in pools.share[:, 0])
    both = market.total(int(pools.account[0]))
    assert worth == pytest.approx((both[0] + both[1] * price) / WHOLE)
