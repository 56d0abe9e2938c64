"""What is said of revenue shares and frozen pay, and what the law reckons, at ticks of a day and of six hours."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model import Marketplace
from model.actions import Status
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.regulation import still_share
from model.mechanisms.revenue_shares import BuyRevenueShare, OfferRevenueShare, present_value
from model.mechanisms.revenue_shares.table import PHASE, RUNNING, UNTIL
from model.units import USD
from tests.rental_house import RentalHouse

HOURS = pytest.mark.parametrize("hours", [24, 6])
ASK: dict[str, int] = {"share_ppm": 100_000, "amount": 1_000 * USD, "cap_bps": 15_000, "days": 365}


def company(hours: int = 24, **terms: Any) -> tuple[RentalHouse, Any, int]:
    house = RentalHouse(hours=hours, revenue_shares={"capacity": 2, **terms})
    house.step(2)
    return house, house.market.mechanisms["revenue_shares"], house.people[0]


@HOURS
def test_mean_revenue_is_what_the_own_rigs_mine_in_a_day(hours: int) -> None:
    house, shares, who = company(hours, memory_days=5.0)
    first = int(shares.revenue[who]) / USD * 24 / hours
    assert first == pytest.approx(int(house.rigs.delivered[who]) / 1e6 * house.rigs.hashprice * 0.98, rel=0.01)
    assert shares.mean[who] == pytest.approx(first, rel=0.05)
    house.rigs.transfer(who, house.people[1], house.rigs.held(who))
    house.step(5 * 24 // hours)
    assert shares.mean[who] == pytest.approx(first * np.exp(-1.0), rel=0.05)


@HOURS
def test_a_share_is_worth_the_annuity_of_the_days_that_are_left(hours: int) -> None:
    house, shares, who = company(hours, mark_rate=0.3)
    house.act(OfferRevenueShare(who, **{**ASK, "amount": 20_000 * USD, "days": 20}))
    house.act(BuyRevenueShare(house.people[2], number=0, amount=20_000 * USD))
    house.step(8 * 24 // hours)
    row, days = shares.rows[0], 20 - (8 * 24 // hours - 1) * hours / 24
    assert row[PHASE] == RUNNING and (row[UNTIL] - house.market.clock.tick) * hours / 24 == days
    worth = present_value(0.1 * float(shares.mean[who]), shares.left(0) / USD, days, 0.3)
    assert house.ledger.value[shares.assets[0]] * 20_000 * USD == pytest.approx(worth)


def test_who_owes_power_for_more_than_he_earns_and_who_sold_his_share_already_cannot_offer() -> None:
    house, shares, who = company(most_share=0.15)
    owes = int(shares.revenue[who])
    house.ledger.pay(PAYABLE_ASSET, house.ledger.utilities, who, owes + 1, Flow.POWER)
    assert house.act(OfferRevenueShare(who, **ASK))[0][0] == Status.CLOSED
    house.ledger.pay(PAYABLE_ASSET, who, house.ledger.utilities, 1, Flow.POWER)
    assert house.act(OfferRevenueShare(who, **ASK))[0][0] == Status.DONE
    assert house.act(OfferRevenueShare(who, **{**ASK, "share_ppm": 50_001}))[0][0] == Status.NOT_ALLOWED
    assert house.act(OfferRevenueShare(who, **{**ASK, "share_ppm": 50_000}))[0][0] == Status.DONE


@HOURS
def test_who_stays_behind_has_his_days_of_grace(hours: int) -> None:
    house, shares, who = company(hours, grace_days=3.0)
    house.act(OfferRevenueShare(who, **{**ASK, "amount": 20_000 * USD}))
    house.act(BuyRevenueShare(house.people[2], number=0, amount=20_000 * USD))
    house.step(2)
    house.ledger.pay(PAYABLE_ASSET, house.ledger.utilities, who, 10**9 * USD, Flow.POWER)
    ticks = 0
    while shares.rows[0][PHASE] == RUNNING:
        house.step()
        ticks += 1
    assert ticks == 3 * 24 // hours + 1


def test_a_promise_is_worth_the_part_of_a_coin_that_comes_back() -> None:
    frozen = {"channel": "withdrawals", "size": -0.4, "day": 1, "source": "a test"}
    house = RentalHouse(freeze={"paid_back": 0.25}, shocks=[frozen])
    house.step(3)
    freeze, payout, who = house.market.mechanisms["freeze"], house.market.mechanisms["payout"], house.people[0]
    assert house.ledger.value[freeze.promise] == 0.25 * house.ledger.value[1]
    kept = house.ledger.balance(freeze.promise, who)
    house.step()
    now = house.ledger.balance(freeze.promise, who) - kept
    assert now / (now + int(payout.gross[who])) == pytest.approx(0.4, abs=1e-6)


# -- the law


def screened(market: Marketplace, who: int, usd: int) -> int:
    batch = Swap(who, vault=0, side=0, amount=usd * USD, limit=0)
    market.mechanisms["regulation"].screen(Swap, batch.rows, np.arange(1))
    return int(batch.rows["status"][0])


def test_the_lower_of_both_caps_binds_and_wealth_from_a_million_on_is_free() -> None:
    law = {"regulation__retail_cap": 2_500.0, "regulation__retail_cap_share": 0.05}
    with Marketplace("smoke", rng=1, clock__ticks=5, **law) as market:
        market.step()
        market.ledger.value[:] = 0.0
        for k, (wealth, most) in enumerate(((20_000.0, 1_000), (100_000.0, 2_500), (999_999.0, 2_500))):
            who = int(market.populations["retail_investor"].account[k])
            market.wealth[who] = wealth
            assert screened(market, who, most + 1) == Status.NOT_ALLOWED
            assert screened(market, who, most) == Status.PENDING
        market.wealth[who] = 1_000_000.0
        assert screened(market, who, 10**6) == Status.PENDING


def test_what_was_pledged_for_a_loan_is_still_held(monkeypatch: pytest.MonkeyPatch) -> None:
    with Marketplace("smoke", rng=1, clock__ticks=5, regulation__retail_cap=2_500.0) as market:
        market.step()
        who, asset = int(market.populations["retail_investor"].account[0]), USD_ASSET
        monkeypatch.setitem(market.mechanisms, "lending", SimpleNamespace(pledge=np.array([-1, asset])))
        market.ledger.value[:] = 0.0
        market.ledger.value[asset] = 2_000 / market.ledger.balance(asset, who)
        assert screened(market, who, 501) == Status.NOT_ALLOWED
        assert screened(market, who, 499) == Status.PENDING


@HOURS
def test_a_ban_of_a_share_stops_it_of_the_given_rest_too_and_brings_it_back_in_days(hours: int) -> None:
    ban = {"regulation__ban_date": "2023-01-03", "regulation__ban_days": 4.0, "regulation__ban_share": 0.5,
           "regulation__relocation_delay": 3.0, "regulation__relocation_days": 5.0}  # fmt: skip
    with Marketplace(
        "smoke", rng=1, clock__ticks=80, clock__hours_per_tick=hours, network__rest="fixed", **ban
    ) as market:
        network, law = market.mechanisms["network"], market.mechanisms["regulation"]
        whole = network.start_hashrate * (1.0 - network.params.simulated_share)
        for day in range(12):
            for _ in range(24 // hours if day else 1):
                market.step()
            assert law.still == pytest.approx(still_share(day - 2.0, 4.0, 3.0, 5.0) if day >= 2 else 0.0)
            assert network.rest_hashrate == pytest.approx(whole * (1.0 - 0.5 * law.still))


def test_a_ban_of_a_region_stops_its_part_of_a_rest_that_is_everywhere() -> None:
    ban = {"regulation__ban_date": "2023-01-02", "regulation__ban_region": "China", "regulation__ban_days": 0}
    with Marketplace("smoke", rng=1, clock__ticks=4, power__region_map="2022-01", **ban) as market:
        market.run()
        rigs, power = market.mechanisms["rigs"], market.mechanisms["power"]
        (share,) = (r.share for r in power.places.regions if r.name == "China")
        rest = rigs.fleet.sites_of(rigs.rest)
        assert rigs.fleet.sites.banned[rest] == pytest.approx(share * market.mechanisms["regulation"].still)
        assert 0.0 < share < 1.0
