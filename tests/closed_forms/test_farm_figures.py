"""What farms emit, burn, share out and show, and what a peg costs, against sums on paper."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.amm import amount_out
from model.mechanisms.farms import Harvest, MintPeg, RedeemPeg, StakeFarm, TradeToken
from model.mechanisms.farms.figures import NOBODY, Some, figures_of
from model.mechanisms.farms.looks import view
from model.mechanisms.farms.params import EmissionParams
from model.mechanisms.farms.schedules import emitted_by
from model.mechanisms.farms.table import BURNED, BURNED_WEEK, EMITTED, PAID_IN
from model.mechanisms.farms.token_pools import TOKEN_POOL
from model.mechanisms.vaults import ends
from model.units import USD
from tests.farm_house import FarmHouse
from tests.vault_house import WHOLE

HOURS = pytest.mark.parametrize("hours", [24, 6])
BURN = {"name": "burn", "design": "burn_and_mint", "stake": "token", "split": [1.0], "split_to": ["stakers"]}


@pytest.mark.parametrize(
    ("given", "day", "tokens"),
    [
        ({"schedule": "constant"}, 30.0, 300.0),
        ({"schedule": "bonus", "bonus": 4.0, "bonus_days": 5.0}, 3.0, 120.0),
        ({"schedule": "bonus", "bonus": 4.0, "bonus_days": 5.0}, 8.0, 230.0),
        ({"schedule": "geometric", "decay": 0.5}, 7.0, 70.0),
        ({"schedule": "geometric", "decay": 0.5}, 17.0, 112.5),  # 70 + 35 + 3 x 2.5
        ({"schedule": "geometric", "decay": 1.0}, 17.0, 170.0),
        ({"schedule": "halving", "halving_days": 4.0}, 10.0, 65.0),  # 40 + 20 + 2 x 2.5
        ({"start_day": 6.0}, 6.0, 0.0),
        ({"start_day": 6.0, "days": 4.0}, 9.0, 30.0),
        ({"start_day": 6.0, "days": 4.0}, 90.0, 40.0),
        ({"cap": 25.0}, 90.0, 25.0),
    ],
)
def test_ten_tokens_a_day_by_every_schedule(given: dict[str, Any], day: float, tokens: float) -> None:
    assert emitted_by(EmissionParams(rate=10.0, **given), day) == pytest.approx(tokens)


def test_an_emission_clocked_by_blocks_follows_the_blocks_found() -> None:
    """72 are expected in half a day."""
    house = FarmHouse(rows=[{"name": "a", "design": "master_chef", "stake": "fraction"}], hours=12)
    chef, farms = EmissionParams(rate=100.0, clocked_by="blocks"), house.farms
    farms.params, farms.network = farms.params.model_copy(update={"chef": chef}), SimpleNamespace(blocks_found=72)
    house.stake(1, "a", WHOLE)
    for blocks, emitted in ((72, 50), (36, 75), (90, 137.5)):
        farms.network.blocks_found = blocks
        house.next_day()
        assert farms.rows[0].state[EMITTED] == emitted * WHOLE


@HOURS
def test_the_operator_burns_his_part_of_a_ticks_service_fees(hours: int) -> None:
    house = FarmHouse(rows=[{**BURN, "burn": 0.25}], hours=hours)
    ledger, farms, row = house.ledger, house.farms, house.farms.rows[0]
    operator, vault = house.vaults.operator, int(house.vaults.account[house.v])
    ledger.pay(USD_ASSET, ledger.world, vault, 400 * USD, Flow.TRANSFER)
    ledger.drain()
    ledger.pay(USD_ASSET, vault, operator, 400 * USD, Flow.SERVICE_FEE)
    usd, tokens = farms.pools.balances(TOKEN_POOL)
    before, cash = ledger.outstanding(farms.token), house.cash(operator)
    farms.take_in()
    burnt = amount_out(100 * USD, usd, tokens, farms.pools.fee_bps)
    assert before - ledger.outstanding(farms.token) == burnt == row.state[BURNED] == row.state[BURNED_WEEK] > 0
    assert cash - house.cash(operator) == 100 * USD
    ledger.drain()
    farms.take_in()
    assert row.state[BURNED] == burnt


@HOURS
def test_a_weeks_mint_is_shown_as_what_a_day_pays(hours: int) -> None:
    house = FarmHouse(rows=[BURN], hours=hours)
    house.ledger.pay(house.farms.token, house.farms.issuer, house.agents[1], 100 * WHOLE, Flow.MINT)
    house.stake(1, "burn", 100 * WHOLE)
    while (house.clock.tick + 1) % (7 * 24 // hours):
        house.next_day()
    house.farms.rows[0].state[BURNED_WEEK] = 1_000 * WHOLE
    house.next_day()
    assert house.farms.table.per_day[house.farm("burn")] == pytest.approx(800 * WHOLE / 7, rel=1e-6)


@HOURS
def test_fees_are_shared_by_the_worth_of_stakes_and_shown_by_the_day(hours: int) -> None:
    """.4 of 50 USD to 30 fractions of one vault and 10 of another that are worth as much each; the mean forgets half a day."""
    row = {"name": "fees", "design": "fee_funded", "stake": "fraction", "share": 0.4}
    house = FarmHouse(rows=[row], hours=hours, smoothing_days=1.0)
    other, who, days = house.vault(0, 10_000), house.agents[1], hours / 24
    house.give(other, 0, 1, 10 * WHOLE)
    house.next_day()
    ledger, table, both = house.ledger, house.farms.table, [house.v, other]
    for farm, amount in zip(both, (30, 10), strict=True):
        assert house.do(StakeFarm(who, farm=farm, amount=amount * WHOLE))[0] == Status.DONE
    ledger.value[table.share[both]] = 1e-6
    ledger.drain()
    ledger.pay(USD_ASSET, house.agents[2], house.market.platform, 50 * USD, Flow.MARKET_FEE)
    house.farms.take_in()
    ledger.drain()
    assert table.grant_usd[both].tolist() == [15 * USD, 5 * USD]
    assert house.farms.rows[0].state[PAID_IN] == 20 * USD
    assert table.per_day[both] == pytest.approx([(1.0 - 0.5**days) * part / days for part in (15 * USD, 5 * USD)])
    cash = house.cash(who)
    house.next_day()
    for farm in both:
        house.do(Harvest(who, farm=farm))
    assert house.cash(who) - cash == pytest.approx(20 * USD, abs=4)
    assert house.do(Harvest(who, farm=house.v)) == (Status.DONE, 0)


def test_a_farm_whose_vault_has_ended_pays_no_more() -> None:
    house = FarmHouse(rows=[{"name": "a", "design": "master_chef", "stake": "fraction"}])
    house.stake(1, "a", WHOLE)
    house.next_day()
    farm = house.farm("a")
    assert figures_of(house.farms, NOBODY).paid[farm] > 0.0
    ends.wind_up(house.vaults, house.v)
    house.next_day()
    figures = figures_of(house.farms, NOBODY)
    assert figures.paid[farm] == 0.0 and figures.stakers == 1


@pytest.mark.parametrize(
    "design", [{"design": "master_chef"}, {"design": "staking_rewards", "emission": {"rate": 100.0}}]
)
def test_what_a_farm_without_stakes_promises_is_not_paid(design: dict[str, Any]) -> None:
    """Two farms of one row share its emission; the yield of all counts the part of the one that has stakes."""
    house = FarmHouse(rows=[{"name": "a", "stake": "fraction", **design}])
    other = house.vault(0, 10_000)
    house.next_day()
    house.stake(1, "a", WHOLE)
    house.next_day()
    paid, promised = figures_of(house.farms, NOBODY).paid, house.farms.table.per_day
    assert promised[other] == promised[house.v] > 0.0
    assert paid[house.v] > 0.0 and paid[other] == 0.0
    house.unstake(1, "a")
    assert figures_of(house.farms, NOBODY).paid[house.v] == 0.0


def test_stakes_of_one_strategy_are_told_from_those_of_others() -> None:
    """The first and the third of three accounts, with 3 and 2 fractions of 10, follow strategy 1."""
    house = FarmHouse(rows=[{"name": "a", "design": "master_chef", "stake": "fraction"}])
    for agent, whole in ((1, 3), (2, 5), (3, 2)):
        house.stake(agent, "a", whole * WHOLE)
    farm, some = house.farm("a"), Some(np.array(house.agents[1:]), np.array([1, 0, 1]), 1, 3)
    figures = figures_of(house.farms, some)
    assert figures.mercenary[farm] == pytest.approx(0.5 * figures.usd[farm]) and figures.usd[farm] > 0.0


def test_a_pegged_dollar_is_made_of_both_parts_and_redeemed_at_the_mean_price() -> None:
    """A ratio of .75 and a token whose price has doubled since morning, while its mean stays a dollar."""
    house = FarmHouse(rows=[], peg={"ratio": 0.75, "fee_bps": 100}, token={"pool_usd": 1_000.0, "pool_tokens": 1_000.0})
    farms, ledger, who = house.farms, house.ledger, house.agents[1]
    house.do(TradeToken(who, token=TOKEN_POOL, side=0, amount=400 * USD, limit=1))
    farms.pools.table.price[TOKEN_POOL] = farms.pools.spot(TOKEN_POOL)
    assert farms.pools.table.price[TOKEN_POOL] > 1.9
    assert farms.pools.table.twap[TOKEN_POOL] == 1.0

    def purse() -> list[int]:
        held = [ledger.balance(asset, who) for asset in (USD_ASSET, farms.token, farms.peg)]
        return [*held, ledger.balance(USD_ASSET, farms.backing), ledger.outstanding(farms.token)]

    before = purse()
    assert house.do(MintPeg(who, amount=100 * USD)) == (Status.DONE, 100 * USD)
    usd, tokens = 75 * USD + 1, 25 * USD + 1  # a unit more of each
    assert [b - a for a, b in zip(before, purse(), strict=True)] == [-usd, -tokens, 100 * USD, usd, -tokens]
    before = purse()
    assert house.do(RedeemPeg(who, amount=100 * USD, limit=74 * USD)) == (Status.DONE, 74_250_000)
    usd, tokens = 74_250_000, 24_750_000
    assert [b - a for a, b in zip(before, purse(), strict=True)] == [usd, tokens, -100 * USD, -usd, tokens]
    assert farms.minted_for_peg[0] == tokens


@HOURS
def test_the_mean_of_a_token_forgets_by_the_hour_and_drifts_by_the_day(hours: int) -> None:
    """A day after a rise to p, with a memory of 24 hours, it is p - (p - 1) / e; it then leaves p by log(p / mean) a day."""
    house = FarmHouse(rows=[], hours=hours, token={"pool_usd": 1_000.0, "pool_tokens": 1_000.0, "twap_hours": 24.0})
    house.do(TradeToken(house.agents[1], token=TOKEN_POOL, side=0, amount=400 * USD, limit=1))
    price = house.farms.pools.spot(TOKEN_POOL)
    for _ in range(24 // hours):
        house.next_day()
    seen = view(house.farms)
    assert seen.token_price == price > 1.9
    assert seen.token_mean == pytest.approx(price - (price - 1.0) / math.e)
    assert seen.token_drift == pytest.approx(math.log(price / seen.token_mean))
    share = house.ledger.value[seen.token_share] * seen.token_shares
    assert share == pytest.approx(2.0 * seen.token_usd / USD)
