"""Farms in whole markets: depositors come for an emission, sell it, and go; points buy NFTs; costs are those of the tokens."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from model import Marketplace, Scenario
from model.actions import Status
from model.errors import ScenarioError
from model.flows import Flow
from model.mechanisms.farms import BuyFromShop, Harvest, StakeFarm, TradeToken
from model.mechanisms.network import breakeven_hashprice
from model.units import BTC, TOKEN, USD

SMALL = {"agents.miner.count": 12, "agents.retail_investor.count": 60, "agents.liquidity_provider.count": 8}


@cache
def run(name: str, ticks: int, seed: int = 1, **overrides: float) -> tuple[pd.DataFrame, dict[str, int]]:
    """Metrics of a run, and rows carried out by action."""
    values = {"clock.ticks": ticks, **{key.replace("__", "."): value for key, value in overrides.items()}}
    with Marketplace(Scenario.load(name).override(values), rng=seed) as market:
        market.run()
        market.check()
        done = {a.__name__: int(o[Status.DONE]) for a, o in market.settlement.outcomes.items()}
        return market.metrics(), done


def bare(farms: dict, ticks: int = 20, **more: dict) -> Scenario:
    """A small market with farms."""
    tables = {
        **{key: {} for key in ("bitcoin", "power", "rigs", "payout", "network")},
        "clock": {"ticks": ticks},
        "vaults": {"capacity": 12},
        "offerings": {"initial": 3, "th": 500.0, "least_ghs": 200_000},
        "amm": {"capacity": 12},
        "farms": {"capacity": 12, **farms},
        "agents": {"miner": {"count": 8}, "retail_investor": {"count": 40}},
        **more,
    }
    return Scenario.from_tables(tables, "bare farms")


@pytest.mark.slow
def test_farmers_come_harvest_and_sell() -> None:
    table, done = run("yield_farming", 60)
    assert done["StakeFarm"] > 300 and done["Harvest"] > 300 and done["TradeToken"] > 300
    assert table["farms.staked_usd"].iloc[-1] > 50_000.0
    assert (table["farms.paid"] + table["farms.pending"] <= table["farms.emitted"] + 1e-6).all()
    assert table["farms.apr"].iloc[-1] < table["farms.apr"].iloc[0]  # who comes shares the same emission


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_deposits_leave_within_days_of_the_end_of_an_emission(seed: int) -> None:
    table, _ = run("farm_exit", 95, seed)
    staked = table["farms.staked_usd"].to_numpy()
    before = staked[79]
    assert staked[87] < 0.5 * before
    assert staked[94] < 0.25 * before


@pytest.mark.slow
def test_a_token_that_holds_a_peg_falls_and_is_minted_without_end() -> None:
    table, done = run("token_spiral", 300)
    price = table["farms.token_price"].to_numpy()
    assert price[-1] < 0.2 * price.max()
    assert table["farms.minted_for_peg"].iloc[-1] > 200_000.0
    assert table["farms.peg_price"].min() < 0.95
    assert done["RedeemPeg"] > 20


@pytest.mark.slow
def test_points_buy_nfts_that_collectors_trade() -> None:
    table, done = run("unifty", 90)
    assert table["farms.shop_sold"].iloc[-1] > 40
    assert table["farms.shop_taken"].iloc[-1] > 0.0
    assert done["ListNft"] > 5 and done["BuyNft"] > 0


def test_a_buyer_pays_points_or_a_price_with_the_artists_fee() -> None:
    shop = [
        {"name": "card", "kind": "collectible", "count": 2, "points": 10, "appraisal": 5},
        {"name": "print", "kind": "art", "count": 10, "editions": True, "points": 0, "price": 20, "artist_fee": 3},
    ]
    farms = {"farm": [{"name": "p", "design": "unifty_points", "stake": "token"}], "shop": shop}
    with Marketplace(bare(farms, nfts={"capacity": 50}), rng=1) as market:
        market.step()
        mechanism, who = market.mechanisms["farms"], market.populations["retail_investor"].account[:3]
        market.submit(TradeToken(who, token=0, side=0, amount=20 * USD, limit=1))
        market.submit(StakeFarm(who, farm=0, amount=5 * TOKEN))
        market.step()
        buys = BuyFromShop(who, item=[0, 0, 1], pay=[0, 0, 1], limit=10**12)
        market.submit(buys)
        market.step()
        assert buys.rows["status"].tolist() == [Status.FUNDS, Status.FUNDS, Status.DONE]
        edition = market.mechanisms["vaults"].fraction[buys.rows["filled"][2]]
        assert market.ledger.balance(int(edition), int(who[2])) == TOKEN
        assert market.ledger.balance(0, mechanism.shop.artists[1 % len(mechanism.shop.artists)]) >= 3 * USD
        market.step()
        market.submit(Harvest(who, farm=0))
        buys = BuyFromShop(who, item=0, pay=0, limit=10**12)
        market.submit(buys)
        market.step()
        assert sorted(buys.rows["status"].tolist()) == [Status.DONE, Status.DONE, Status.CLOSED]  # two on stock
        bought = buys.rows[buys.rows["status"] == Status.DONE]
        assert market.mechanisms["nfts"].owner[bought["filled"]].tolist() == bought["account"].tolist()
        market.check()


def test_farms_of_named_vaults_take_stakes_and_those_of_others_do_not() -> None:
    row = {"name": "few", "design": "master_chef", "stake": "fraction", "vaults": [1]}
    with Marketplace(bare({"farm": [row], "chef": {"rate": 100.0}}), rng=1) as market:
        market.step()
        vaults, farms = market.mechanisms["vaults"], market.mechanisms["farms"]
        books = market.ledger.books.balances
        who = [int(np.argmax(books[vaults.fraction[v], : market.ledger.accounts])) for v in (0, 1)]
        stakes = StakeFarm(who, farm=[farms.rows[0].first, farms.rows[0].first + 1], amount=TOKEN)
        market.submit(stakes)
        market.step()
        assert stakes.rows["status"].tolist() == [Status.UNKNOWN, Status.DONE]
        market.step()
        assert farms.rows[0].state[0] > 0, "the chef emits for it"
        market.check()


def test_emission_follows_its_schedule_whatever_the_tick() -> None:
    chef = {"rate": 100.0, "schedule": "halving", "halving_days": 4.0}
    row = {"name": "t", "design": "master_chef", "stake": "token"}
    emitted = []
    for hours in (24, 6):
        scenario = bare({"farm": [row], "chef": chef}, clock={"ticks": 200, "hours_per_tick": hours})
        with Marketplace(scenario, rng=1) as market:
            who = market.populations["retail_investor"].account[:1]
            market.step()
            market.submit(TradeToken(who, token=0, side=0, amount=20 * USD, limit=1))
            market.submit(StakeFarm(who, farm=0, amount=1 << 40))
            while market.clock.tick * market.clock.dt_days < 1.0:
                market.step()
            start = market.mechanisms["farms"].rows[0].state[0]
            while (market.clock.tick + 1) * market.clock.dt_days < 9.0:
                market.step()
            emitted.append(int(market.mechanisms["farms"].rows[0].state[0] - start))
    assert emitted[0] == pytest.approx(emitted[1], rel=0.2)
    assert 100 * TOKEN < emitted[0] < 700 * TOKEN


@pytest.mark.parametrize(
    ("name", "per_token", "breakeven"), [("btcst", 0.00860256, None), ("pbtc35a", 0.048972, 50.23)]
)
def test_a_token_of_a_preset_costs_what_it_cost(name: str, per_token: float, breakeven: float | None) -> None:
    with Marketplace(Scenario.load(name).override({"clock.ticks": 2}), rng=1) as market:
        market.step()
        vaults, rigs = market.mechanisms["vaults"], market.mechanisms["rigs"]
        live = np.flatnonzero(vaults.live)
        running = [v for v in live if rigs.delivered[vaults.account[v]] > 0]
        assert running
        for v in running:
            cost = float(rigs.bill[vaults.account[v]]) / USD / (vaults.supply[v] / TOKEN)
            assert cost == pytest.approx(per_token, rel=1e-5)
            assert vaults.efficiency[v] == pytest.approx(60.0 if name == "btcst" else 35.0)
        if breakeven is not None:
            fee = market.mechanisms["payout"].params.pools[0].fee
            assert round(breakeven_hashprice(cost, fee), 2) == breakeven


@pytest.mark.slow
def test_gominings_token_is_burnt_and_minted_again() -> None:
    table, done = run("gomining", 60)
    assert table["farms.burned"].iloc[-1] > 1_000.0
    assert 0.5 * 0.8 < table["farms.emitted"].iloc[-1] / table["farms.burned"].iloc[-1] <= 0.8
    assert done["StakeFarm"] > 5
    fractions, pools = table["auction.volume"].mean(), table["amm.volume"].mean()
    assert fractions > pools > 0.0  # where fractions trade is the auction
    assert abs(table["fractions.premium"].iloc[-1]) < 0.5


def test_runs_with_farms_repeat() -> None:
    prints = set()
    for _ in range(2):
        with Marketplace(Scenario.load("yield_farming").override({"clock.ticks": 6, **SMALL}), rng=4) as market:
            market.run()
            prints.add(market.fingerprint())
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("farms", "words"),
    [
        ({"farm": [{"name": "x", "design": "master_cheff"}]}, "master_chef"),
        ({"farm": [{"name": "x", "stake": "deposit"}]}, "needs \\[lending\\]"),
        ({"farm": [{"name": "x", "stake": "peg_share"}]}, "farms.peg"),
        ({"farm": [{"name": "x"}, {"name": "x"}]}, "two farms are called 'x'"),
        ({"shop": [{"name": "card"}]}, "add \\[nfts\\]"),
        (
            {"farm": [{"name": "x", "design": "burn_and_mint", "stake": "token", "split": [0.5, 0.4, 0.0, 0.0]}]},
            "sum to 1",
        ),
        ({"farm": [{"name": "x", "vaults": [50]}]}, "there may be 12"),
    ],
)
def test_wrong_farms_are_refused_in_a_sentence(farms: dict, words: str) -> None:
    with pytest.raises(ScenarioError, match=words), Marketplace(bare(farms), rng=1):
        pass


def test_a_mercenary_sells_fractions_that_came_out_of_a_pool_and_coins() -> None:
    """A farm of pool shares that pays nothing more: what is left at hand goes to the market."""
    farms = {"farm": [{"name": "shares", "design": "master_chef", "stake": "amm"}], "chef": {"rate": 0.0}}
    farmer = {"count": 1, "strategy": "mercenary", "attention": 1.0, "hurdle": 100.0}
    retail = {"count": 40, "attention": 0.0, "startle": 100.0}
    agents = {"miner": {"count": 8}, "retail_investor": retail, "yield_farmer": farmer}
    with Marketplace(bare(farms, ticks=40, agents=agents), rng=1) as market:
        market.step()
        who, vaults = int(market.populations["yield_farmer"].account[0]), market.mechanisms["vaults"]
        fraction, books = int(vaults.fraction[0]), market.ledger.books.balances
        holder = int(np.argmax(books[fraction, market.populations["retail_investor"].account[:40]]))
        holder = int(market.populations["retail_investor"].account[holder])
        amount = market.ledger.balance(fraction, holder) // 4
        market.ledger.pay(fraction, holder, who, amount, Flow.TRADE)
        miner = int(market.populations["miner"].account[np.argmax(books[1, market.populations["miner"].account[:8]])])
        market.ledger.pay(1, miner, who, market.ledger.balance(1, miner), Flow.TRADE)
        cash = market.ledger.balance(0, who)
        for _ in range(30):
            market.step()
        assert market.ledger.balance(fraction, who) < 0.05 * amount
        assert market.ledger.balance(1, who) / BTC * market.view.bitcoin.price < 5.0
        assert market.ledger.balance(0, who) > cash
        market.check()
