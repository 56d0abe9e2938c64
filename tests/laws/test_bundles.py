"""Bundles on real pools: all actions or none, to the last bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.actions import Action, Bundle, Status
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from tests.pools import WHOLE, PoolMarket

STEP = st.tuples(st.sampled_from(["buy", "sell", "add", "remove"]), st.integers(0, 1), st.integers(1, 10**9))
WORDS = st.lists(STEP, min_size=1, max_size=5)


def action_of(account: int, step: tuple[str, int, int]) -> Action:
    what, v, amount = step
    if what in ("buy", "sell"):
        return Swap(account, vault=v, side=int(what == "sell"), amount=amount, limit=0)
    if what == "add":
        return AddLiquidity(account, vault=v, usd=amount, fractions=amount, limit=0)
    return RemoveLiquidity(account, vault=v, shares=amount // 100 + 1, limit=0)


def market_at_noon(protocol_fee: bool) -> PoolMarket:
    """Two pools, income due on fractions and shares, flows already booked today."""
    market = PoolMarket(vaults=2, protocol_fee=protocol_fee)
    market.settle(AddLiquidity(market.agents[3], vault=0, usd=10**10, fractions=10**9, limit=0))
    market.earn(0, 123_457)
    market.morning()
    market.earn(1, 76_543)
    market.settle(Swap(market.agents[4], vault=0, side=0, amount=777 * WHOLE, limit=0))
    return market


@settings(max_examples=60, deadline=None)
@given(steps=WORDS, protocol_fee=st.booleans())
def test_a_bundle_that_fails_at_its_end_leaves_no_trace(steps: list[tuple[str, int, int]], protocol_fee: bool) -> None:
    market = market_at_noon(protocol_fee)
    who, before = int(market.agents[3]), market.dump()
    bundle = Bundle([*(action_of(who, s) for s in steps), Swap(who, vault=0, side=0, amount=WHOLE, limit=10**12)])
    market.settle(bundle)
    assert market.dump() == before
    assert bundle.status is not Status.DONE
    assert all(a.rows["status"][0] != Status.DONE and a.rows["filled"][0] == 0 for a in bundle.actions)
    market.evening()


@settings(max_examples=60, deadline=None)
@given(steps=WORDS, protocol_fee=st.booleans())
def test_a_bundle_that_succeeds_is_its_actions_one_by_one(
    steps: list[tuple[str, int, int]], protocol_fee: bool
) -> None:
    bundled, plain = market_at_noon(protocol_fee), market_at_noon(protocol_fee)
    who, before = int(bundled.agents[3]), bundled.dump()
    bundle, single = Bundle([action_of(who, s) for s in steps]), [action_of(who, s) for s in steps]
    bundled.settle(bundle)
    for action in single:
        plain.settle(action)
    if bundle.status is Status.DONE:
        assert bundled.dump() == plain.dump()
        assert [a.rows.tolist() for a in bundle.actions] == [a.rows.tolist() for a in single]
    else:
        assert not all(a.done[0] for a in single)
        assert bundled.dump() == before
    bundled.evening()


def test_rows_around_a_bundle_keep_their_places() -> None:
    """A bundle stands where a row of its account would: the same numbers as without bundles."""
    results = []
    for bundled in (False, True):
        market = market_at_noon(False)
        others = [int(a) for a in market.agents if a != market.agents[3]]
        market.settlement.submit(Swap(np.array(others), vault=0, side=0, amount=100 * WHOLE, limit=0))
        own = Swap(market.agents[3], vault=0, side=0, amount=5_000 * WHOLE, limit=0)
        market.settle(Bundle([own]) if bundled else own)
        results.append(market.dump())
    assert results[0] == results[1]
