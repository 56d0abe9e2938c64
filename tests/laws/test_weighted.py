"""Laws of weighted pools under random play: the value function in exact arithmetic, shares, income, reasons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Bundle, Status
from model.errors import InvariantViolated, ScenarioError
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms import weighted
from model.mechanisms.curve import Curve, CurveSwap
from model.mechanisms.weighted import AddWeighted, RemoveWeighted, Weighted, WeightedSwap, kernels
from tests.venue_house import WHOLE, VenueMarket

BALANCES = st.integers(10, 4 * 10**14)
FEES = st.integers(0, 1000)


def floor_of_the_rule(net: int, balance_in: int, balance_out: int, power_in: int, power_out: int) -> int:
    """Largest out with (B_i + net)^a (B_o - out)^b >= B_i^a B_o^b, by bisection on integers."""
    low, high = 0, balance_out
    least = balance_in**power_in * balance_out**power_out
    while high - low > 1:
        middle = (low + high) // 2
        enough = (balance_in + net) ** power_in * (balance_out - middle) ** power_out >= least
        low, high = (middle, high) if enough else (low, middle)
    return low


@settings(max_examples=300, deadline=None)
@given(
    share=st.floats(1e-12, 0.5),
    x=BALANCES,
    y=BALANCES,
    fee=FEES,
    powers=st.sampled_from([(1, 4), (4, 1), (1, 1), (3, 2)]),
)
def test_whole_out_is_the_exact_rule_less_a_unit_at_most(
    share: float, x: int, y: int, fee: int, powers: tuple[int, int]
) -> None:
    paid = max(1, int(share * x))
    weight_in, weight_out = (p / sum(powers) for p in powers)
    out = weighted.whole_out(paid, x, y, weight_in, weight_out, fee)
    assert kernels.quote(paid, x, y, weight_in, weight_out, fee) == out
    exact = floor_of_the_rule(paid * (10_000 - fee) // 10_000, x, y, *powers)
    assert 0 <= exact - out <= 2


@settings(max_examples=300, deadline=None)
@given(share=st.floats(1e-9, 0.4), x=BALANCES, y=BALANCES, weight=st.floats(0.02, 0.98), fee=FEES)
def test_there_and_back_never_gains(share: float, x: int, y: int, weight: float, fee: int) -> None:
    paid = max(1, int(share * x))
    bought = weighted.whole_out(paid, x, y, 1.0 - weight, weight, fee)
    if bought < y:
        assert weighted.whole_out(bought, y - bought, x + paid, weight, 1.0 - weight, fee) <= paid


ACTS = st.tuples(
    st.sampled_from(["buy", "sell", "add", "remove", "earn", "day"]),
    st.integers(0, 5),
    st.integers(0, 1),
    st.integers(1, 10**11),
)


@settings(max_examples=50, deadline=None)
@given(acts=st.lists(ACTS, max_size=25), fee=FEES, weight=st.sampled_from([0.8, 0.5, 0.2]))
def test_laws_under_random_play(acts: list[tuple[str, int, int, int]], fee: int, weight: float) -> None:
    market = VenueMarket(Weighted, vaults=2, fee_bps=fee, weight=weight)
    pools, ledger = market.venue.pools, market.ledger
    market.morning()
    earned = 0
    for what, i, v, amount in acts:
        who, share = market.agents[i], int(pools.share[0, v])
        usd, fractions = market.total(int(pools.account[v]), v)
        shares = ledger.outstanding(share)
        if what in ("buy", "sell"):
            side = int(what == "sell")
            swap = market.settle(WeightedSwap(who, vault=v, side=side, amount=amount, limit=0))
            x, y, w = (fractions, usd, weight) if side else (usd, fractions, 1.0 - weight)
            if swap.done[0]:
                assert swap.rows["filled"][0] == weighted.whole_out(amount, x, y, w, 1.0 - w, fee)
            assert (swap.rows["status"][0] == Status.DEPTH) <= (amount > 0.3 * x)
        elif what == "add":
            add = market.settle(AddWeighted(who, vault=v, usd=amount, fractions=amount // 40 + 1, limit=0))
            assert not add.done[0] or add.rows["filled"][0] > 0
        elif what == "remove":
            held = market.held(share, who)
            remove = market.settle(RemoveWeighted(who, vault=v, shares=min(amount, held), limit=0))
            assert bool(remove.done[0]) == (held > 0)
            if held:
                assert remove.rows["filled"][0] == weighted.burn_amounts(min(amount, held), shares, usd, fractions)[0]
        elif what == "earn":
            market.earn(v, amount % 10**6 + 1, amount % 10**5)
            market.morning()
            earned += amount % 10**6 + 1
        else:
            market.evening()
            market.morning()
    market.evening()
    outside = (ledger.world, ledger.protocol)
    assert sum(market.held(BTC_ASSET, a) for a in range(ledger.accounts) if a not in outside) == earned


def test_a_seed_opens_the_pool_at_its_own_price() -> None:
    market = VenueMarket(Weighted)
    market.morning()
    view, pool = market.venue.view(), int(market.venue.pool[0])
    assert market.total(pool) == (12_500 * WHOLE, 1_000 * WHOLE)
    assert view.price[0] == pytest.approx(50.0)
    assert view.reserve_usd[0] / view.reserve_fraction[0] == pytest.approx(50.0)
    assert view.fee == 0.003
    assert market.venue.seed(0, market.agents[1], 10**9, 10**9) > 0
    assert VenueMarket(Weighted, usd=1, fractions=1).made == [0]


def test_income_and_returns_of_providers() -> None:
    """One day: fees less the loss against holding, plus income in coins and dollars, over the worth of what was held."""
    market = VenueMarket(Weighted, return_half_life=1.0)
    market.ledger.value[BTC_ASSET] = 2e-4
    market.morning()
    market.evening()
    pools, pool, seeder = market.venue.pools, int(market.venue.pool[0]), market.agents[0]
    usd, fractions = market.total(pool)
    market.earn(0, 10**6, 300_000)
    market.morning()
    assert market.total(pool) == (usd, fractions), "no income in the balances"
    coins, dollars = int(pools.income_btc[0]), int(pools.income_usd[0])
    assert (coins, dollars) == (50_000, 15_000)
    market.settle(WeightedSwap(market.agents[1], vault=0, side=0, amount=2_000 * WHOLE, limit=0))
    market.evening()
    usd1, fractions1 = market.total(pool)
    price = weighted.spot_price(usd1, fractions1)
    held, now = usd + fractions * price, usd1 + fractions1 * price
    income = coins * 2e-4 + dollars / WHOLE
    expected = 0.5 * ((now - held) / WHOLE + income) / (held / WHOLE)
    assert pools.lp_return[0] == pytest.approx(expected, rel=1e-6)
    assert market.ledger.value[market.vaults.fraction[0]] == pytest.approx(price / WHOLE)
    before = market.held(BTC_ASSET, seeder)
    market.ledger.collect(int(pools.share[0, 0]), np.array([seeder, market.venue.nobody]))
    assert market.held(BTC_ASSET, seeder) - before == pytest.approx(coins, abs=1)
    assert market.held(BTC_ASSET, market.venue.nobody) == 0


def test_reasons_and_locks() -> None:
    market = VenueMarket(Weighted, vaults=2, lock_days=30)
    seeder, other = market.agents[0], market.agents[3]
    market.vaults.status[1] = 3
    buy = {"vault": 0, "side": 0, "amount": 10 * WHOLE, "limit": 0}
    for change, status in (
        ({}, Status.DONE),
        ({"vault": -1}, Status.UNKNOWN),
        ({"vault": 1}, Status.CLOSED),
        ({"amount": 0}, Status.AMOUNT),
        ({"amount": 10**15}, Status.AMOUNT),
        ({"amount": 10**13}, Status.FUNDS),
        ({"amount": 5_000 * WHOLE}, Status.DEPTH),
        ({"limit": WHOLE}, Status.LIMIT),
    ):
        assert market.settle(WeightedSwap(other, **{**buy, **change})).rows["status"][0] == status
    out = {"vault": 0, "shares": 1, "limit": 0}
    assert market.settle(RemoveWeighted(seeder, **out)).rows["status"][0] == Status.LOCKED
    with pytest.raises(InvariantViolated, match="locked by account"):
        market.venue.seed(0, other, 10**9, 10**9, 30)
    market.clock.tick = 30
    assert market.settle(RemoveWeighted(seeder, **out)).done[0]
    market.settle(AddWeighted(other, vault=0, usd=10**9, fractions=10**9, limit=0))
    shares = [market.held(market.venue.share[0], a) for a in (seeder, other)]
    market.shocks["liquidity"] = 0.5
    market.morning()
    for account, held in zip((seeder, other), shares, strict=True):
        assert market.held(market.venue.share[0], account) == pytest.approx(held / 2, abs=1)
    market.evening()
    market.mechanisms["vaults"] = market.vaults
    with pytest.raises(ScenarioError, match="capacity"):
        Weighted(market, weighted.WeightedParams(capacity=1))


def test_largest_swaps_that_the_view_shows_are_carried_out() -> None:
    for side in (0, 1):
        market = VenueMarket(Weighted)
        market.morning()
        usd, fractions = market.total(int(market.venue.pool[0]))
        amount = int(0.3 * usd) if side == 0 else int(market.venue.view().can_sell[0])
        swap = market.settle(WeightedSwap(market.agents[2], vault=0, side=side, amount=amount, limit=0))
        assert swap.done[0]
        assert side == 1 or swap.rows["filled"][0] == market.venue.view().can_buy[0]
        assert amount == int(0.3 * (usd, fractions)[side])
        more = market.settle(WeightedSwap(market.agents[3], vault=0, side=side, amount=2 * amount, limit=0))
        assert more.rows["status"][0] == Status.DEPTH
        market.evening()
        assert market.venue.figures[3] == 1.0


STEP = st.tuples(st.sampled_from(["swap", "add", "remove"]), st.integers(0, 1), st.integers(1, 10**9))


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEP, min_size=1, max_size=4))
def test_a_bundle_that_fails_at_its_end_leaves_no_trace(steps: list[tuple[str, int, int]]) -> None:
    market = VenueMarket(Weighted)
    who = market.agents[3]
    market.settle(AddWeighted(who, vault=0, usd=10**9, fractions=10**9, limit=0))
    market.earn(0, 123_457, 999)
    market.morning()
    market.earn(0, 76_543)
    before = market.dump()
    actions = [
        WeightedSwap(who, vault=0, side=side, amount=amount, limit=0)
        if what == "swap"
        else AddWeighted(who, vault=0, usd=amount, fractions=amount, limit=0)
        if what == "add"
        else RemoveWeighted(who, vault=0, shares=amount // 10 + 1, limit=0)
        for what, side, amount in steps
    ]
    market.settle(Bundle([*actions, WeightedSwap(who, vault=0, side=0, amount=WHOLE, limit=10**12)]))
    assert market.dump() == before
    market.evening()


def test_the_first_venue_that_serves_a_vault_marks_its_fractions() -> None:
    market = VenueMarket(Weighted, Curve, supply=40_000 * WHOLE)
    market.settle(CurveSwap(market.agents[1], vault=0, side=0, amount=9_000 * WHOLE, limit=0))
    market.morning()
    market.evening()
    prices = [venue.price[0] for venue in market.venues]
    assert prices[1] > 1.02 * prices[0]
    assert market.ledger.value[market.vaults.fraction[0]] == pytest.approx(prices[0] / WHOLE)
    assert market.held(USD_ASSET, market.venues[1].pool[0]) > 50_000 * WHOLE
