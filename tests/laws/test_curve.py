"""Laws of NIFTEX curves under random play, and kernels against the exact formulas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Bundle, Status
from model.ledger import BTC_ASSET
from model.mechanisms import curve
from model.mechanisms.curve import AddCurve, Curve, CurveSwap, RemoveCurve
from tests.venue_house import WHOLE, VenueMarket

AMOUNTS, FEES = st.integers(1, 10**12), st.integers(0, 1000)
CURVES = st.tuples(st.integers(10, 10**13), st.integers(10**4, 10**10), st.integers(1, 10))


def constant(market: VenueMarket, v: int = 0) -> int:
    pools = market.venue.pools
    return int(pools.k_high[v]) << 64 | int(pools.k_low[v])


@settings(max_examples=300, deadline=None)
@given(opening=CURVES, coins=AMOUNTS, lp=FEES, artist=FEES, platform=FEES)
def test_purchase_is_the_exact_inverse_of_cost(
    opening: tuple[int, int, int], coins: int, lp: int, artist: int, platform: int
) -> None:
    x, k = curve.curve_start(*opening)
    if x == 0 or k == 0:
        return
    fees = (lp, artist, platform)
    bought = curve.curve_purchase(coins, x, k, *fees)
    assert curve.curve_cost(bought, x, k, *fees)[0] <= coins
    try:
        assert curve.curve_cost(bought + 1, x, k, *fees)[0] > coins
    except ValueError:
        assert (bought + 1) * (10_000 + sum(fees)) // 10_000 >= x


@settings(max_examples=200, deadline=None)
@given(opening=CURVES, trades=st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=12), lp=FEES, artist=FEES)
def test_no_series_of_trades_that_ends_where_it_began_gains(
    opening: tuple[int, int, int], trades: list[tuple[bool, int]], lp: int, artist: int
) -> None:
    x, k = curve.curve_start(*opening)
    if x == 0 or k == 0:
        return
    coins = fractions = 0
    for buys, amount in trades:
        if buys:
            bought = curve.curve_purchase(amount, x, k, lp, artist)
            cost, x = curve.curve_cost(bought, x, k, lp, artist)
            coins, fractions = coins - cost, fractions + bought
        else:
            paid, x = curve.curve_proceeds(amount, x, k, lp, artist)
            coins, fractions = coins + paid, fractions - amount
    if fractions >= 0:
        coins += curve.curve_proceeds(fractions, x, k, lp, artist)[0]
    else:
        try:
            coins -= curve.curve_cost(-fractions, x, k, lp, artist)[0]
        except ValueError:
            return
    assert coins <= 0


ACTS = st.tuples(
    st.sampled_from(["buy", "sell", "add", "remove", "earn", "day"]),
    st.integers(0, 5),
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(1, 10**11),
)


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(ACTS, max_size=30), lp=FEES, artist=FEES, platform=FEES)
def test_laws_under_random_play(
    acts: list[tuple[str, int, int, int, int]], lp: int, artist: int, platform: int
) -> None:
    fees = (lp, artist, platform)
    market = VenueMarket(Curve, vaults=2, lp_bps=lp, artist_bps=artist, platform_bps=platform, fractions=900 * WHOLE)
    pools, ledger = market.venue.pools, market.ledger
    market.morning()
    earned = [0, 0]
    for what, i, v, side, amount in acts:
        who, x, k = market.agents[i], int(pools.x[v]), constant(market, v)
        pool = int(pools.account[v])
        real = market.total(pool, v)
        if what == "buy":
            swap = market.settle(CurveSwap(who, vault=v, side=0, amount=amount, limit=0))
            bought = curve.curve_purchase(amount, x, k, *fees)
            if swap.done[0]:
                cost, after = curve.curve_cost(bought, x, k, *fees)
                assert swap.rows["filled"][0] == bought and pools.x[v] == after
                assert market.total(pool, v)[0] == real[0] + cost
            elif swap.rows["status"][0] == Status.DEPTH:
                assert bought > curve.most_bought(real[1], x, *fees)
        elif what == "sell":
            swap = market.settle(CurveSwap(who, vault=v, side=1, amount=amount, limit=0))
            if swap.done[0]:
                paid, after = curve.curve_proceeds(amount, x, k, *fees)
                assert swap.rows["filled"][0] == paid and pools.x[v] == after
            elif swap.rows["status"][0] == Status.DEPTH:
                assert amount > curve.most_sold(real[0], x, k, 9 * 10**14)
        elif what == "add":
            add = market.settle(AddCurve(who, vault=v, side=side, amount=amount, limit=0))
            assert not add.done[0] or add.rows["filled"][0] > 0
        elif what == "remove":
            held = market.held(pools.share[side, v], who)
            remove = market.settle(RemoveCurve(who, vault=v, side=side, shares=min(amount, held), limit=0))
            assert bool(remove.done[0]) == (held > 0)
        elif what == "earn":
            sat, usd = amount % 10**6 + 1, amount % 10**5 + 1
            market.earn(v, sat, usd)
            earned = [earned[0] + sat, earned[1] + usd]
            market.morning()
        else:
            market.evening()
            market.morning()
    market.evening()
    outside = (ledger.world, ledger.protocol)
    assert sum(market.held(BTC_ASSET, a) for a in range(ledger.accounts) if a not in outside) == earned[0]


@settings(max_examples=25, deadline=None)
@given(first=st.integers(1, 10**10), second=st.integers(1, 10**9), rounds=st.integers(1, 3))
def test_buying_and_selling_at_once_never_gains(first: int, second: int, rounds: int) -> None:
    market = VenueMarket(Curve)
    who = market.agents[2]
    market.settle(CurveSwap(market.agents[3], vault=0, side=0, amount=first, limit=0))
    before = market.total(who)
    for _ in range(rounds):
        bought = market.settle(CurveSwap(who, vault=0, side=0, amount=second, limit=0)).rows["filled"][0]
        if bought:
            market.settle(CurveSwap(who, vault=0, side=1, amount=bought, limit=0))
    after = market.total(who)
    assert after[0] <= before[0]
    assert after[1] == before[1]
    market.evening()


def test_who_lends_buys_withdraws_and_sells_back_drains_the_curve() -> None:
    """A hole of the contract's rule of shares; worth is at the price before, 50 USD."""
    market = VenueMarket(Curve, agents=3, usd=50_000 * WHOLE, fractions=1_000 * WHOLE, cash=1_000_000 * WHOLE)
    who, x = market.agents[2], int(market.venue.pools.x[0])
    before = market.total(who)
    made = market.settle(AddCurve(who, vault=0, side=1, amount=1_000 * WHOLE, limit=0)).rows["filled"][0]
    market.settle(CurveSwap(who, vault=0, side=0, amount=90_000 * WHOLE, limit=0))
    market.settle(RemoveCurve(who, vault=0, side=1, shares=made, limit=0))
    market.settle(CurveSwap(who, vault=0, side=1, amount=x - int(market.venue.pools.x[0]), limit=0))
    market.evening()
    usd, fractions = (now - then for now, then in zip(market.total(who), before, strict=True))
    assert int(market.venue.pools.x[0]) == x
    assert (usd + 50 * fractions) / WHOLE == pytest.approx(7_614.0, abs=1.0)


def test_compiled_limits_are_the_formulas() -> None:
    market = VenueMarket(Curve)
    pools, params = market.venue.pools, market.venue.params
    fees = (params.lp_bps, params.artist_bps, params.platform_bps)
    market.settle(CurveSwap(market.agents[2], vault=0, side=0, amount=7_777 * WHOLE, limit=0))
    market.morning()
    usd, fractions = market.total(int(pools.account[0]))
    x, k = int(pools.x[0]), constant(market)
    view = market.venue.view()
    assert view.can_buy[0] == curve.most_bought(fractions, x, *fees)
    assert view.can_sell[0] == curve.most_sold(usd, x, k, 9 * 10**14)
    assert (view.reserve_usd[0], view.reserve_fraction[0], view.fee) == (k // x, x, 0.004)
    assert view.price[0] == pytest.approx(k / x**2)


STEP = st.tuples(st.sampled_from(["swap", "add", "remove"]), st.integers(0, 1), st.integers(1, 10**9))


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEP, min_size=1, max_size=4))
def test_a_bundle_that_fails_at_its_end_leaves_no_trace(steps: list[tuple[str, int, int]]) -> None:
    market = VenueMarket(Curve)
    who = market.agents[3]
    market.settle(AddCurve(who, vault=0, side=1, amount=10**8, limit=0))
    market.earn(0, 123_457, 999)
    market.morning()
    market.earn(0, 76_543)
    before = market.dump()
    actions = [
        CurveSwap(who, vault=0, side=side, amount=amount, limit=0)
        if what == "swap"
        else AddCurve(who, vault=0, side=side, amount=amount, limit=0)
        if what == "add"
        else RemoveCurve(who, vault=0, side=side, shares=amount // 10 + 1, limit=0)
        for what, side, amount in steps
    ]
    market.settle(Bundle([*actions, CurveSwap(who, vault=0, side=0, amount=WHOLE, limit=10**12)]))
    assert market.dump() == before
    market.evening()
