"""Credit where fractions trade in batches alone: no more is lent than what the batches bear."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import BUY, SELL, Status
from model.ledger import USD_ASSET
from model.mechanisms.auction import BatchOrder
from model.mechanisms.lending import Borrow, Pledge, Supply
from model.mechanisms.lending.formulas import feigned_cap
from model.units import BPS, TOKEN, USD

KEYS = ("bitcoin", "power", "rigs", "network", "payout", "vaults", "social", "auction", "oracle", "lending")


def world(**tables: Any) -> Marketplace:
    """A vault whose fractions trade in batches, three days in, and nobody who acts on his own."""
    found: dict[str, Any] = {key: {} for key in KEYS} | {"clock": {"ticks": 60}, "bitcoin": {"process": "constant"}}
    found["offerings"] = {"initial": 2, "th": 5000.0, "issue_multiple": 0.5, "initial_buyers": ["retail_investor"]}
    found["agents"] = {
        "retail_investor": {"count": 30, "attention": 0.0, "startle": 100.0, "cash": 20_000.0},
        "lender": {"count": 2, "cash": 100_000.0, "attention": 0.0},
    }
    market = Marketplace(Scenario.from_tables(found | tables, "batches alone"), rng=1)
    for _ in range(3):
        market.step()
    return market


def do(market: Marketplace, *actions: Any) -> list[Status]:
    for action in actions:
        market.submit(action)
    market.step()
    return [Status(int(a.rows["status"][0])) for a in actions]


def holders(market: Marketplace) -> tuple[int, int, int]:
    """The two accounts with most fractions of the first vault, and what the first has of it [base units]."""
    people, f = market.populations["retail_investor"].account[:30], int(market.mechanisms["vaults"].fraction[0])
    held = market.ledger.books.balances[f, people]
    first, second = people[np.argsort(-held)[:2]].tolist()
    return first, second, int(held.max())


def both(who: int, other: int, amount: int, price: int) -> tuple[BatchOrder, BatchOrder]:
    """What one offers and the other bids for, at a price [base units]."""
    return (
        BatchOrder(who, vault=0, side=SELL, quantity=amount, price=price * 98 // 100),
        BatchOrder(other, vault=0, side=BUY, quantity=amount, price=price),
    )


def test_a_trade_with_oneself_opens_no_credit() -> None:
    with world() as market:
        who, _, held = holders(market)
        lender = int(market.populations["lender"].account[0])
        assert do(market, Supply(lender, amount=90_000 * USD)) == [Status.DONE]
        for _ in range(4):
            assert do(market, *both(who, who, 1_000, 400 * USD)) == [Status.DONE] * 2
        assert np.isnan(market.view.auction.price[0]) and market.mechanisms["lending"].desk.cap[0] == 0
        assert Status.DONE not in do(market, Pledge(who, vault=0, amount=held // 2), Borrow(who, amount=USD))


def test_what_batches_bear_is_a_part_of_the_least_that_was_traded_in_the_oracles_window() -> None:
    with world() as market:
        seller, buyer, _ = holders(market)
        lending, auction, traded = market.mechanisms["lending"], market.mechanisms["auction"], (10, 8, 12, 9)
        for amount in traded:
            do(market, *both(seller, buyer, amount * TOKEN, USD))
            assert auction.outcomes.traded[0] == amount * TOKEN
        market.step()
        share = feigned_cap(auction.params.fee_bps / BPS, 3, lending.params.loan_to_value)
        assert lending.desk.cap[0] == pytest.approx(share * min(traded[-3:]) * TOKEN, abs=1)
        market.step()
        assert lending.desk.cap[0] == 0  # a batch without a trade bears nothing


def test_trade_with_a_second_account_costs_as_much_as_it_lets_borrow() -> None:
    """At 100 times the worth, before any price was reported: what is lent is worth the fees, and the pledges are lost."""
    with world() as market:
        one, other, _ = holders(market)
        ledger, lending, oracle = (market.ledger, market.mechanisms["lending"], market.mechanisms["oracle"])
        do(market, Supply(int(market.populations["lender"].account[0]), amount=90_000 * USD))
        before = ledger.balance(USD_ASSET, one) + ledger.balance(USD_ASSET, other)
        for day in range(5):
            pledge = Pledge(one, vault=0, amount=int(lending.desk.cap[0]))
            seller, buyer = (one, other) if day % 2 == 0 else (other, one)
            done = do(market, *both(seller, buyer, 20 * TOKEN, 400 * USD), *([pledge] if day == 4 else []))
        assert done == [Status.DONE] * 3
        lent = int(lending.params.loan_to_value * int(pledge.rows["amount"][0]) * oracle.price[0]) - USD
        assert lent > 100 * USD and do(market, Borrow(one, amount=lent)) == [Status.DONE]
        assert ledger.balance(USD_ASSET, one) + ledger.balance(USD_ASSET, other) < before


@pytest.mark.parametrize(("source", "bound"), [("nav", False), ("twap", True)])
def test_an_appraisal_alone_needs_no_market(source: str, bound: bool) -> None:
    with world(auction={"enabled": False}, oracle={"source": source}) as market:
        assert bool(market.mechanisms["lending"].desk.cap[0] == 0) is bound


def test_batches_that_are_rarer_than_ticks_count_those_that_the_window_touches() -> None:
    """Of batches every two days a window of three days holds two at most, so that feigning costs two fees."""
    with world(auction={"every_hours": 48.0}) as market:
        lending, fee = market.mechanisms["lending"], market.mechanisms["auction"].params.fee_bps / BPS
        (_, share), *others = lending._depths(3)
        assert not others and share == pytest.approx(feigned_cap(fee, 2, lending.params.loan_to_value))
