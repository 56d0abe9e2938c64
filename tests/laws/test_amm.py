"""Laws of constant-product pools under random play, and kernels against the exact formulas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms import amm
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap, kernels
from model.units import LARGEST_RESERVE
from tests.pools import WHOLE, PoolMarket

RESERVES = st.integers(1, LARGEST_RESERVE // 2)
FEES = st.integers(0, 1000)


@settings(max_examples=300, deadline=None)
@given(paid=RESERVES, x=RESERVES, y=RESERVES, fee=FEES)
def test_compiled_quote_is_the_formula(paid: int, x: int, y: int, fee: int) -> None:
    bought = kernels.quote(paid, x, y, fee)
    assert bought == amm.amount_out(paid, x, y, fee)
    assert (x + paid) * (y - bought) >= x * y
    if bought > 0:
        assert amm.amount_in(bought, x, y, fee) <= paid + 1
        assert amm.amount_out(amm.amount_in(bought, x, y, fee), x, y, fee) >= bought


@settings(max_examples=300, deadline=None)
@given(paid=RESERVES, x=RESERVES, y=RESERVES, fee=FEES)
def test_there_and_back_never_gains(paid: int, x: int, y: int, fee: int) -> None:
    bought = amm.amount_out(paid, x, y, fee)
    assert amm.amount_out(bought, y - bought, x + paid, fee) <= paid


@settings(max_examples=200, deadline=None)
@given(shares=RESERVES, x=RESERVES, y=RESERVES, growth=st.integers(0, 10**12))
def test_compiled_protocol_shares_are_the_formula(shares: int, x: int, y: int, growth: int) -> None:
    root, root_last = math.isqrt((x + growth) * y), math.isqrt(x * y)
    made = kernels.protocol_shares(shares, root, root_last)
    assert made == amm.protocol_fee_shares(shares, (x + growth) * y, x * y)
    assert 6 * made * root <= (shares + made) * (root - root_last) + 6 * root, "at most one sixth of the growth"


ACTS = st.tuples(
    st.sampled_from(["buy", "sell", "add", "remove", "earn", "day"]),
    st.integers(0, 5),
    st.integers(0, 1),
    st.integers(1, 10**11),
)


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(ACTS, max_size=25), protocol_fee=st.booleans(), fee=FEES)
def test_laws_under_random_play(acts: list[tuple[str, int, int, int]], protocol_fee: bool, fee: int) -> None:
    market = PoolMarket(vaults=2, protocol_fee=protocol_fee, fee_bps=fee)
    pools, ledger = market.amm.pools, market.ledger
    market.morning()
    earned = 0
    for what, i, v, amount in acts:
        who = int(market.agents[i])
        usd, fraction = (ledger.balance(a, int(pools.account[v])) for a in (USD_ASSET, int(market.vaults.fraction[v])))
        shares = ledger.outstanding(int(market.amm.share[v]))
        if what in ("buy", "sell"):
            side = int(what == "sell")
            swap = Swap(who, vault=v, side=side, amount=amount, limit=0)
            market.settle(swap)
            if swap.done[0]:
                x, y = (fraction, usd) if side else (usd, fraction)
                assert swap.rows["filled"][0] == amm.amount_out(amount, x, y, fee)
        elif what == "add":
            add = AddLiquidity(who, vault=v, usd=amount, fractions=amount // 40 + 1, limit=0)
            market.settle(add)
            assert not add.done[0] or add.rows["filled"][0] > 0
        elif what == "remove":
            held = market.held(market.amm.share[v], who)
            remove = RemoveLiquidity(who, vault=v, shares=min(amount, held), limit=0)
            market.settle(remove)
            assert bool(remove.done[0]) == (held > 0)
            if remove.done[0] and not protocol_fee:
                assert remove.rows["filled"][0] == min(amount, held) * usd // shares
        elif what == "earn":
            market.earn(v, amount % 10**6 + 1)
            earned += amount % 10**6 + 1
        else:
            market.evening()
            market.morning()
    market.evening()
    paid = sum(market.held(BTC_ASSET, a) for a in range(ledger.accounts) if a not in (ledger.world, ledger.protocol))
    assert paid == earned


@settings(max_examples=25, deadline=None)
@given(sats=st.lists(st.integers(1, 10**6), min_size=1, max_size=10), added=st.integers(10**6, 10**10))
def test_every_unit_of_income_has_one_owner(sats: list[int], added: int) -> None:
    market = PoolMarket()
    pools, ledger = market.amm.pools, market.ledger
    seeder, other = int(market.agents[0]), int(market.agents[1])
    fraction, share, pot = (int(x) for x in (market.vaults.fraction[0], market.amm.share[0], pools.pot[0]))
    pool, before = int(pools.account[0]), ledger.balance(fraction, int(pools.account[0]))
    market.settle(AddLiquidity(other, vault=0, usd=added, fractions=added, limit=0))
    passed = 0
    for sat in sats:
        market.earn(0, sat)
        market.morning()
        passed += int(pools.income_btc[0])
        assert ledger.balance(BTC_ASSET, pool) == 0
        market.evening()
    holding = ledger.balance(fraction, pool)
    assert holding >= before
    outstanding = ledger.outstanding(fraction)
    assert abs(passed - sum(sats) * holding / outstanding) <= 1 + len(sats)
    held = np.array([market.held(share, seeder), market.held(share, other)])
    claims = held / held.sum() * passed
    for account in (seeder, other):
        ledger.collect(share, np.array([account]))
        ledger.collect(fraction, np.array([account]))
    assert ledger.balance(BTC_ASSET, pot) <= 2 + len(sats), "only fractions of a unit stay in the pot"
    own = [sum(sats) * market.held(fraction, a) / outstanding for a in (seeder, other)]
    got = [market.held(BTC_ASSET, a) - o for a, o in zip((seeder, other), own, strict=True)]
    np.testing.assert_allclose(got, claims, atol=3 + len(sats))
    ledger.collect(share, np.array([market.amm.nobody]))
    assert market.held(BTC_ASSET, market.amm.nobody) == 0


@settings(max_examples=25, deadline=None)
@given(incomes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**10)), min_size=1, max_size=8))
def test_dollars_of_income_never_become_reserves(incomes: list[tuple[int, int]]) -> None:
    market = PoolMarket()
    pools, ledger, seeder = market.amm.pools, market.ledger, int(market.agents[0])
    pool, before, passed = int(pools.account[0]), ledger.balance(USD_ASSET, int(pools.account[0])), 0
    outstanding = ledger.outstanding(int(market.vaults.fraction[0]))
    held = ledger.balance(int(market.vaults.fraction[0]), pool)
    for sat, usd in incomes:
        if sat:
            market.earn(0, sat)
        market.earn_dollars(0, usd)
        market.morning()
        passed += int(pools.income_usd[0])
        assert ledger.balance(USD_ASSET, pool) == before
        market.evening()
    total = sum(usd for _, usd in incomes)
    assert abs(passed - total * held / outstanding) <= 1 + len(incomes)
    cash = ledger.balance(USD_ASSET, seeder)
    ledger.collect(int(market.amm.share[0]), np.array([seeder]))
    assert 0 <= passed - (ledger.balance(USD_ASSET, seeder) - cash) <= 2 + len(incomes)


def test_dollars_that_wait_beside_a_reserve_break_a_law() -> None:
    market = PoolMarket()
    market.morning()
    market.earn_dollars(0, 10**6)
    with pytest.raises(InvariantViolated, match="waits beside its balance"):
        market.evening()


def test_reasons() -> None:
    market = PoolMarket(vaults=2)
    a, b = int(market.agents[2]), int(market.agents[3])
    market.vaults.status[1] = 3

    def why(action: Swap | AddLiquidity | RemoveLiquidity) -> Status:
        market.settle(action)
        return Status(int(action.rows["status"][0]))

    buy = {"vault": 0, "side": 0, "amount": 10 * WHOLE, "limit": 0}
    assert why(Swap(a, **buy)) is Status.DONE
    assert why(Swap(a, **{**buy, "vault": 2})) is Status.UNKNOWN
    assert why(Swap(a, **{**buy, "vault": -1})) is Status.UNKNOWN
    assert why(Swap(a, **{**buy, "vault": 1})) is Status.CLOSED
    assert why(Swap(a, **{**buy, "amount": 0})) is Status.AMOUNT
    assert why(Swap(a, **{**buy, "amount": LARGEST_RESERVE})) is Status.AMOUNT
    assert why(Swap(a, **{**buy, "amount": 10**12})) is Status.FUNDS
    assert why(Swap(a, **{**buy, "limit": WHOLE})) is Status.LIMIT
    assert why(AddLiquidity(b, vault=0, usd=1, fractions=10**9, limit=0)) is Status.AMOUNT
    assert why(AddLiquidity(b, vault=0, usd=10**9, fractions=10**9, limit=10**12)) is Status.LIMIT
    assert why(RemoveLiquidity(b, vault=0, shares=1, limit=0)) is Status.FUNDS
    assert why(RemoveLiquidity(market.agents[1], vault=1, shares=10**6, limit=0)) is Status.DONE, "ended: still out"


def test_locked_shares_wait() -> None:
    market = PoolMarket(lock_days=30)
    seeder = int(market.agents[0])
    held = market.held(market.amm.share[0], seeder)
    add = AddLiquidity(seeder, vault=0, usd=500 * WHOLE, fractions=10**9, limit=0)
    market.clock.tick = 29
    market.settle(add)
    free = int(add.rows["filled"][0])
    refused, allowed, rest = (RemoveLiquidity(seeder, vault=0, shares=n, limit=0) for n in (free + 1, free, held))
    market.settle(refused)
    market.settle(allowed)
    assert Status(int(refused.rows["status"][0])) is Status.LOCKED
    assert allowed.done[0]
    with pytest.raises(InvariantViolated, match="locked by account"):
        market.amm.seed(0, int(market.agents[1]), 10**9, 10**9, 30)
    market.clock.tick = 30
    market.settle(rest)
    assert rest.done[0]
    assert market.ledger.outstanding(int(market.amm.share[0])) == amm.LOCKED_SHARES
    market.evening()


@pytest.mark.parametrize("hours", [1, 4, 24])
def test_mean_price_is_weighted_by_time(hours: int) -> None:
    market = PoolMarket(hours=hours, twap_hours=24.0)
    window, seen = max(24 // hours, 1), []
    for day in range(2 * window + 3):
        market.morning()
        price, twap = market.amm.price[0], market.amm.twap[0]
        span = seen[-window:]
        assert twap == pytest.approx(np.mean(span) if span else price, rel=1e-12)
        seen.append(price)
        market.settle(Swap(market.agents[1], vault=0, side=day % 2, amount=(day + 1) * WHOLE, limit=0))
        market.evening()


def test_fear_takes_free_liquidity_of_agents_once() -> None:
    market = PoolMarket(lock_days=30, protocol_fee=True)
    seeder, other = int(market.agents[0]), int(market.agents[1])
    market.settle(AddLiquidity(other, vault=0, usd=10**10, fractions=10**9, limit=0))
    before, locked = market.held(market.amm.share[0], other), market.held(market.amm.share[0], seeder)
    for factor, kept in ((1.0, 1.0), (0.5, 0.5), (0.5, 0.5), (0.25, 0.25), (1.0, 0.25), (0.5, 0.125)):
        market.shocks["liquidity"] = factor
        market.morning()
        assert market.held(market.amm.share[0], other) == pytest.approx(before * kept, abs=2)
        market.evening()
    assert market.held(market.amm.share[0], seeder) == locked
    assert [e[1] for e in market.journal.events].count("liquidity") == 3


def test_return_of_providers() -> None:
    """One day: fees less the loss against holding, plus income handed on, over the worth of the balances held."""
    market = PoolMarket(return_half_life=1.0)
    market.ledger.value[BTC_ASSET] = 2e-4
    market.morning()
    market.evening()
    market.earn(0, 10**6)
    market.morning()
    income = int(market.amm.pools.income_btc[0]) * 2e-4
    x, y = (int(market.amm.pools.reserve_usd[0]), int(market.amm.pools.reserve_fraction[0]))
    market.settle(Swap(market.agents[1], vault=0, side=0, amount=20_000 * WHOLE, limit=0))
    market.evening()
    x1, y1 = x + 20_000 * WHOLE, y - amm.amount_out(20_000 * WHOLE, x, y, 100)
    price = x1 / y1
    held = (x + y * price) / WHOLE
    assert market.amm.pools.lp_return[0] == pytest.approx(0.5 * (2 * x1 / WHOLE - held + income) / held, rel=1e-6)
    assert market.amm.pools.volume_usd[0] == 20_000.0
    assert market.ledger.value[market.vaults.fraction[0]] == pytest.approx(price / WHOLE)


def test_return_of_providers_counts_dollars_of_income() -> None:
    market = PoolMarket(return_half_life=1.0)
    market.morning()
    market.evening()
    market.earn_dollars(0, 10**9)
    market.morning()
    market.evening()
    x, earned = int(market.amm.pools.reserve_usd[0]), int(market.amm.pools.income_usd[0])
    assert market.amm.pools.lp_return[0] == pytest.approx(0.5 * earned / (2 * x), rel=1e-6)


def test_too_small_a_seed_opens_nothing_and_capacity_is_checked() -> None:
    market = PoolMarket(usd=1, fractions=WHOLE)
    assert market.amm.pool[0] == -1
    assert np.isnan(market.amm.price[0])
    market.morning()
    market.evening()
    market.mechanisms["vaults"] = market.vaults
    market.vaults.status = np.zeros(9, np.int64)
    with pytest.raises(ScenarioError, match="capacity"):
        amm.Amm(market, amm.AmmParams(capacity=8))  # type: ignore[arg-type]
