"""What is shown and recorded of buy-outs: clocks in days, premiums, what was paid and lost, and income too small to credit."""

import math
from types import SimpleNamespace

import pytest

from model.actions import Status
from model.ledger import BTC_ASSET
from model.mechanisms.buyouts import CounterBuyout, OpenBuyout
from model.mechanisms.vaults import Redeem
from model.metrics import buyouts as metrics
from model.units import USD
from tests.buyout_house import COLLECTIBLE, RIGS, WORTH, BuyoutHouse
from tests.vault_house import WHOLE


@pytest.mark.parametrize("hours", [24, 6])
def test_clocks_are_shown_in_days_and_the_next_decision_is_the_first(hours: int) -> None:
    house = BuyoutHouse("niftex_v2", hours=hours, timed_days=5.0)
    assert math.isnan(metrics.next_decision(house.market))
    for v in (COLLECTIBLE, RIGS):
        house.do(OpenBuyout(house.agents[1], vault=v, fractions=100 * WHOLE, usd=900 * USD))
        house.next_day(24 // hours)
    assert house.buyouts.view().days_left[[COLLECTIBLE, RIGS]].tolist() == [3.0, 4.0]
    assert metrics.next_decision(house.market) == 3.0
    house.next_day(3 * 24 // hours + 1)
    assert not house.buyouts.is_open(COLLECTIBLE)
    assert metrics.next_decision(house.market) == 1.0 - hours / 24


def test_premiums_and_what_holders_lost() -> None:
    """900 of 1,000 fractions at 4.50 USD, where the market pays 3 and the appraisal is 6."""
    house = BuyoutHouse("niftex_v2", timed_days=2.0)
    raider, holder = house.agents[1], house.agents[2]
    house.ledger.value[house.vaults.fraction[COLLECTIBLE]] = 3e-6
    house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=100 * WHOLE, usd=4_050 * USD))
    assert metrics.premium_over_market(house.market) == pytest.approx(0.5)
    assert metrics.premium_over_appraisal(house.market) == pytest.approx(-0.25)
    house.next_day(3)
    assert metrics.paid(house.market) == 4_050.0
    assert metrics.lost_to_raiders(house.market) == pytest.approx(0.9 * WORTH - 4_050.0)
    assert metrics.holders_loss(house.market) == pytest.approx(0.25)
    assert house.buyouts.table.sold[COLLECTIBLE] == 4_500_000
    own = house.held(COLLECTIBLE, holder)
    assert metrics.unclaimed(house.market) == 4_050.0
    house.do(Redeem(holder, vault=COLLECTIBLE, amount=own))
    assert metrics.unclaimed(house.market) == 3_150.0


def test_income_of_too_few_locked_fractions_is_the_openers_when_he_is_blocked() -> None:
    """A hundredth of a fraction of 1,000 earns a part in 1e5, which is credited only from 1e-4 on."""
    house = BuyoutHouse("niftex_v1")
    raider, holder = house.agents[1], house.agents[2]
    house.do(OpenBuyout(raider, vault=RIGS, fractions=WHOLE // 100, usd=900 * USD))
    house.mine(RIGS, 10_000_000)
    house.next_day()
    pot = int(house.buyouts.table.pot[RIGS])
    waits = house.ledger.balance(BTC_ASSET, pot)
    assert waits == pytest.approx(100, abs=1)
    before = house.ledger.balance(BTC_ASSET, raider)
    due = int(house.buyouts.table.due[RIGS])
    assert house.do(CounterBuyout(holder, vault=RIGS, usd=due)) == (Status.DONE, due)
    house.next_day()
    assert not house.buyouts.is_open(RIGS)
    assert house.ledger.balance(BTC_ASSET, pot) == 0
    assert house.ledger.balance(BTC_ASSET, raider) - before == waits


@pytest.mark.parametrize("pauses", ["design", "never"])
def test_orders_in_the_batch_are_taken_back_where_fractions_are_paused(pauses: str) -> None:
    house, cancelled = BuyoutHouse("niftex_v1", pauses=pauses), []
    house.buyouts.auction = SimpleNamespace(cancel_all=cancelled.append)
    house.do(OpenBuyout(house.agents[1], vault=RIGS, fractions=100 * WHOLE, usd=900 * USD))
    assert cancelled == ([RIGS] if pauses == "design" else [])
