"""The first deposit for a vault without a pool opens one: by whom, at which price, within which limit."""

from typing import Any

import numpy as np
import pytest

from model.actions import Bundle, Status
from model.flows import Flow
from model.mechanisms import amm, weighted
from model.mechanisms.amm import AddLiquidity, Amm, Swap
from model.mechanisms.weighted import AddWeighted, Weighted
from model.units import LARGEST_RESERVE
from tests.venue_house import LIVE, WHOLE, VenueMarket

VENUES = pytest.mark.parametrize(("kind", "add"), [(Amm, AddLiquidity), (Weighted, AddWeighted)])
OFFER = {"vault": 0, "usd": 4_000 * WHOLE, "fractions": 100 * WHOLE}


def without_pool(kind: Any, **setting: Any) -> VenueMarket:
    """Two vaults whose seeds were too small to open a pool."""
    market = VenueMarket(kind, vaults=2, usd=1, fractions=1, **setting)
    creator, others = market.agents[0], market.agents[2:]
    for account in others:
        market.ledger.pay(int(market.vaults.fraction[0]), creator, account, 1_000 * WHOLE, Flow.TRANSFER)
    assert list(market.venue.pool) == [-1, -1]
    market.morning()
    return market


def settle(market: VenueMarket, batch: Any) -> list[str]:
    """Settle rows as they stand; what became of each."""
    market.venue.add(batch.rows, np.arange(len(batch)))
    return [Status(int(s)).name for s in batch.rows["status"]]


@VENUES
def test_the_first_who_can_opens_and_the_next_join_at_his_price(kind: Any, add: Any) -> None:
    market = without_pool(kind)
    poor, greedy, opener, follower = market.agents[1], *market.agents[2:5]
    batch = add(
        [poor, greedy, opener, follower, greedy],
        **{**OFFER, "usd": OFFER["usd"] * np.array([1, 1, 1, 2, 1])},
        limit=[0, 10**15, 0, 0, 0],
    )
    assert settle(market, batch) == ["FUNDS", "LIMIT", "DONE", "DONE", "DONE"]
    venue = market.venue
    made = batch.rows["filled"]
    assert made[2] == venue._first(OFFER["usd"], OFFER["fractions"])[2]
    assert [market.held(venue.share[0], a) for a in (opener, follower, greedy)] == list(made[2:])
    assert made[3] == pytest.approx(made[2], abs=2 * venue.held_for_ever), "no more fractions, so no more shares"
    assert market.held(venue.share[0], venue.nobody) == venue.held_for_ever
    assert venue.price[0] == pytest.approx(40.0)
    assert market.ledger.value[market.vaults.fraction[0]] == pytest.approx(40.0 / WHOLE)
    market.evening()
    market.morning()
    assert venue.view().price[0] == pytest.approx(40.0)
    assert [e[1] for e in market.journal.events].count("pool") == 1


@VENUES
def test_the_limit_is_kept_and_reasons_are_given(kind: Any, add: Any) -> None:
    market = without_pool(kind)
    who, nothing = market.agents[3], market.dump()
    made = market.venue._first(OFFER["usd"], OFFER["fractions"])[2]
    market.vaults.status[1] = LIVE + 1
    for change, status in (
        ({"limit": made + 1}, "LIMIT"),
        ({"usd": 1, "fractions": 1}, "LIMIT"),
        ({"usd": 0}, "AMOUNT"),
        ({"fractions": -1}, "AMOUNT"),
        ({"usd": LARGEST_RESERVE + 1}, "AMOUNT"),
        ({"fractions": 10**12}, "FUNDS"),
        ({"vault": 1}, "UNKNOWN"),
        ({"vault": 2}, "UNKNOWN"),
        ({"vault": -1}, "UNKNOWN"),
    ):
        assert settle(market, add(who, **{**OFFER, "limit": 0, **change})) == [status]
        assert market.dump() == nothing
    before = market.total(who)
    assert settle(market, add(who, **OFFER, limit=made)) == ["DONE"]
    paid = [a - b for a, b in zip(before, market.total(who), strict=True)]
    assert tuple(paid) == market.total(int(market.venue.pool[0]))
    weight = market.venue.params.weight if kind is Weighted else 0.5
    assert paid == [round(OFFER["usd"] * (1 - weight) / weight), OFFER["fractions"]]
    market.evening()


@VENUES
def test_a_bundle_opens_no_pool(kind: Any, add: Any) -> None:
    market = without_pool(kind)
    before = market.dump()
    bundle = Bundle([add(market.agents[3], **OFFER, limit=0)])
    market.settle(bundle)
    assert bundle.status is Status.UNKNOWN
    assert market.dump() == before
    market.evening()


def test_who_opens_a_pool_can_trade_and_leave() -> None:
    market = without_pool(Amm, protocol_fee=True)
    opener, trader = market.agents[2:4]
    market.settle(AddLiquidity(opener, **OFFER, limit=0))
    assert market.settle(Swap(trader, vault=0, side=0, amount=100 * WHOLE, limit=0)).done[0]
    market.evening()
    market.morning()
    shares = market.held(market.venue.share[0], opener)
    assert market.settle(amm.RemoveLiquidity(opener, vault=0, shares=shares, limit=0)).done[0]
    market.evening()


def test_a_pool_that_another_venue_has_keeps_its_mark() -> None:
    market = VenueMarket(Amm, Weighted)
    assert list(market.venues[1].served()) == [True]
    assert market.ledger.value[market.vaults.fraction[0]] == pytest.approx(50.0 / WHOLE)
    assert market.venues[1].price[0] == pytest.approx(weighted.spot_price(12_500 * WHOLE, 1_000 * WHOLE))
