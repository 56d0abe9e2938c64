"""Short transcripts: what each kind does in a small market, and what it does not do."""

import math
from typing import Any

import numpy as np
import pytest

from agents.base import Population, Receipts
from agents.reference import ReferenceValue
from agents.sheet import NAV, PRICE, SALVAGE
from agents.vault_sheet import sheet_of
from model import Marketplace, Scenario
from model.actions import Action, Status
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.rigs import SellRigs
from model.mechanisms.vaults import Redeem, Stake

KEYS = ("bitcoin", "power", "rigs", "network", "payout", "vaults", "amm", "social", "fees")
IDLE = {"count": 100, "attention": 0.0, "startle": 100.0}
AT_VALUE = 0.61  # `offerings.issue_multiple` at which these fractions open at a typical investor's value


def market(retail: dict[str, Any], others: dict[str, Any] | None = None, **tables: Any) -> Marketplace:
    merged = {
        "clock": {"ticks": 400},
        **{key: {} for key in KEYS},
        "bitcoin": {"process": "constant"},
        "offerings": {"initial": 4, "th": 5_000.0},
        "agents": {"retail_investor": retail, **(others or {})},
    }
    for key, table in tables.items():
        merged[key] = {**merged.get(key, {}), **table}
    return Marketplace(Scenario.from_tables(merged, "transcript"), rng=1)


def done(market: Marketplace, action: type[Action]) -> int:
    return int(market.settlement.outcomes[action][Status.DONE])


def steps(market: Marketplace, n: int) -> Marketplace:
    for _ in range(n):
        market.step()
    return market


def price(market: Marketplace) -> float:
    return float(np.nanmedian(market.view.amm.price))


def retail(market: Marketplace) -> Population:
    found: Population = market.populations["retail_investor"]
    return found


def test_retail_investors_bid_a_cheap_fraction_up_and_a_dear_one_down() -> None:
    moved = {}
    for multiple in (0.3, 6.0):
        with market({"count": 100, "attention": 0.5}, offerings={"issue_multiple": multiple}) as small:
            before = price(steps(small, 1))
            moved[multiple] = math.log(price(steps(small, 30)) / before)
            assert done(small, Swap) > 30
    assert moved[0.3] > 0.1
    assert moved[6.0] < -0.1


def test_income_coins_are_sold() -> None:
    with market({"count": 100, "attention": 0.5, "harvest": 0.0}, fees={"transaction_fee": 0.0}) as small:
        assert done(steps(small, 10), TradeCoins) > 10


def test_without_attention_nobody_trades() -> None:
    with market(IDLE) as small:
        assert done(steps(small, 10), Swap) == 0


def test_panic_sells_everything_and_tires() -> None:
    with market({"count": 100, "attention": 0.2, "startle": 100.0}, fees={"transaction_fee": 0.01}) as small:
        steps(small, 2)
        population = retail(small)
        slot = int(np.argmax(small.wealth[population.account[:100]]))
        attention = population.attention[slot]
        population.columns["peak"][slot] = 1e9
        population.alert[slot] = True
        population.columns["slippage"][slot] = 0.4
        agent = population.agents[slot]
        held = [int(asset) for asset in small.mechanisms["vaults"].fraction[:4]]
        assert sum(agent.held(asset) for asset in held) > 0
        for _ in range(12):
            small.step()
            if population.columns["peak"][slot] < 1e9:
                break
        assert sum(agent.held(asset) for asset in held) == 0
        assert population.attention[slot] == pytest.approx(attention / 2)


def test_a_panic_lasts_until_what_is_held_has_been_sold() -> None:
    with market({"count": 100, "attention": 0.2, "startle": 100.0}) as small:
        steps(small, 2)
        population = retail(small)
        slot = int(np.argmax(small.wealth[population.account[:100]]))
        columns, agent, attention = population.columns, population.agents[slot], population.attention[slot]
        columns["considered"][slot], columns["peak"][slot], columns["slippage"][slot] = 5.0, 1e9, -1.0
        population.alert[slot] = True
        held = [int(asset) for asset in small.mechanisms["vaults"].fraction[:4]]
        had = [agent.held(asset) for asset in held]
        assert sum(n > 0 for n in had) > 0
        steps(small, 5)
        assert [agent.held(asset) for asset in held] == had  # no pool pays three times its quote
        assert (columns["peak"][slot], population.attention[slot]) == (1e9, attention)
        columns["slippage"][slot] = 0.4
        steps(small, 3)
        assert sum(agent.held(asset) for asset in held) == 0
        assert columns["peak"][slot] < 1e9
        assert population.attention[slot] == pytest.approx(attention / 2)


def test_rules_split_evenly_when_nobody_minds_profit() -> None:
    with market({"count": 400, "attention": 1.0, "intensity": 0.0}) as small:
        assert retail(steps(small, 3)).chartist.mean() == pytest.approx(0.5, abs=0.1)


def test_beliefs_never_become_one() -> None:
    with market({"count": 200, "attention": 0.3}, bitcoin={"process": "gbm"}) as small:
        population = retail(steps(small, 60))
        drift = population.drift_prior + population.drift_weight * population.drift_seen
        assert drift.std() > 0.15
        assert population.drift_seen.std() > 0.01


def test_trades_make_neighbours_look() -> None:
    awake = {}
    for talk in (0.0, 0.3):
        table = {"count": 200, "attention": 0.1, "startle": 100.0}
        with market(table, social={"word_of_mouth": talk}, offerings={"issue_multiple": 0.3}) as small:
            steps(small, 5)
            awake[talk] = 0
            for _ in range(10):
                small.step()
                awake[talk] += small.awake
    assert awake[0.3] > 1.2 * awake[0.0]


def test_large_moves_startle_holders() -> None:
    with market({"count": 100, "attention": 0.0, "startle": 0.05}) as small:
        steps(small, 2)
        account = retail(small).account[:100]
        asset, ledger = int(small.mechanisms["vaults"].fraction[0]), small.ledger
        rich = account[int(np.argmax(ledger.books.balances[0, account]))]
        small.submit(Swap(rich, vault=0, side=0, amount=ledger.balance(0, int(rich)) // 4, limit=1))
        small.step()
        assert small.awake == 0
        small.step()
        assert small.awake == (ledger.books.balances[asset, account] > 0).sum() > 0


def test_large_moves_startle_those_who_have_staked() -> None:
    with market({"count": 100, "attention": 0.0, "startle": 0.05}, vaults={"eligibility": "staked_only"}) as small:
        steps(small, 2)
        account, balances = retail(small).account[:100], small.ledger.books.balances
        asset = int(small.view.vaults.fraction[0])
        for who in account[balances[asset, account] > 0]:
            small.submit(Stake(who, vault=0, amount=int(balances[asset, who])))
        rich = account[int(np.argmax(balances[0, account]))]
        small.submit(Swap(rich, vault=0, side=0, amount=int(balances[0, rich]) // 4, limit=1))
        small.step()
        balances = small.ledger.books.balances
        at_hand, staked = (balances[each, account] > 0 for each in (asset, small.mechanisms["vaults"].stake[0]))
        small.step()
        assert at_hand.sum() <= 1 < staked.sum()  # the buyer's
        assert small.awake == (at_hand | staked).sum()


def test_whoever_has_staked_is_asked_for_the_reference_value() -> None:
    with market(IDLE, vaults={"eligibility": "staked_only"}) as small:
        steps(small, 2)
        account, vaults = retail(small).account[:100], small.mechanisms["vaults"]
        balances, asset = small.ledger.books.balances, int(small.view.vaults.fraction[0])
        holders = account[balances[asset, account] > 0]
        for who in holders:
            small.submit(Stake(who, vault=0, amount=int(balances[asset, who])))
        steps(small, 2)
        assert (small.ledger.books.balances[vaults.stake[0], account] > 0).sum() == holders.size > 8
        reference = ReferenceValue(retail(small), sheet_of(small))
        assert np.isfinite(reference()[0])
        assert account[reference.middle[0]] in holders


def test_reference_value_is_the_holders_own() -> None:
    with market({"count": 100, "attention": 0.2}, vaults={"capacity": 9}) as small:
        steps(small, 3)
        value = small.reference_nav()
        assert value.shape == (9,)
        assert np.isfinite(value[:4]).all()
        assert np.isnan(value[4:]).all()
        assert small.reference_nav() is value
        typical = sheet_of(small).facts[NAV, :4]
        assert (np.abs(np.log(value[:4] / typical)) < 1.0).all()


def test_providers_enter_above_their_hurdle_and_leave_below() -> None:
    table, at_value = {"count": 20, "attention": 0.5}, {"issue_multiple": AT_VALUE}
    with market(IDLE, {"liquidity_provider": {**table, "hurdle": 5.0}}, offerings=at_value) as small:
        assert done(steps(small, 20), AddLiquidity) == 0
    with market(IDLE, {"liquidity_provider": {**table, "hurdle": 0.0}}, offerings=at_value) as small:
        assert done(steps(small, 20), AddLiquidity) > 10
        assert done(small, RemoveLiquidity) == 0
        providers = small.populations["liquidity_provider"]
        providers.columns["hurdle"][:] = 5.0
        assert done(steps(small, 20), RemoveLiquidity) > 5
        shares = small.ledger.books.balances[small.mechanisms["amm"].share[0], providers.account]
        assert (shares > 0).mean() < 0.2


@pytest.mark.parametrize(("dear", "stay", "enter"), [(1.0, 0.25, True), (3.0, 0.25, False), (3.0, 30.0, True)])
def test_providers_who_stay_for_short_pay_little_above_value(dear: float, stay: float, enter: bool) -> None:
    """At three times its value a fraction loses two thirds of half of the deposit: 1.3 a year of three months."""
    providers = {"liquidity_provider": {"count": 20, "attention": 0.5, "hurdle": 0.0, "stay": stay}}
    with market(IDLE, providers, offerings={"issue_multiple": AT_VALUE * dear}) as small:
        facts = sheet_of(steps(small, 5)).look().facts
        assert np.all(np.abs(facts[PRICE, :4] / facts[NAV, :4] / dear - 1.0) < 0.1)
        assert (done(steps(small, 15), AddLiquidity) > 0) == enter


def test_arbitrageurs_lift_a_pool_to_the_redemption_value() -> None:
    gap = {}
    for count in (0, 5):
        bots = {"arbitrageur": {"count": count, "haste": 0.5}, "rest_of_network": {"count": 1}}
        tables = {
            "vaults": {"redemption": "in_kind"},
            "network": {"rest": "elastic"},
            "offerings": {"issue_multiple": 0.5, "initial_buyers": ["retail_investor"]},
        }
        with market(IDLE, bots, **tables) as small:
            steps(small, 25)
            facts = sheet_of(small).look().facts
            gap[count] = float(np.median(facts[PRICE, :4] / facts[SALVAGE, :4]))
            if count:
                assert done(small, Redeem) > 0
                assert done(small, SellRigs) > 0
    assert gap[0] < 0.7
    assert 0.88 < gap[5] < 1.05


def test_no_kind_is_dead_in_the_smoke_scenario() -> None:
    wanted = {"retail_investor": Swap, "liquidity_provider": AddLiquidity, "arbitrageur": Swap}
    count = dict.fromkeys(wanted, 0)
    with Marketplace(Scenario.load("smoke").override({"clock.ticks": 60}), rng=2) as small:
        for _ in range(60):
            small.step()
            for kind, action in wanted.items():
                for strategy in small.populations[kind].strategies:
                    count[kind] += int((strategy.receipts[action]["status"] == Status.DONE).sum())
                    strategy.receipts = Receipts({})
    assert all(n > 0 for n in count.values()), count
