"""Figures that are worked out once a tick say what a look at every holder says, tick after tick."""

import math

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.crossing import cross
from model.jit import INTERPRETED
from model.mechanisms.farms import StakeFarm, UnstakeFarm
from model.mechanisms.farms.figures import NOBODY, figures_of
from model.mechanisms.forwards.matching import touching
from model.mechanisms.forwards.table import CURRENCY, LIMIT, ORDER_WIDTH, SIDE, TENOR
from model.mechanisms.rental import affordable, payable
from model.mechanisms.rental.formulas import in_full
from model.nft_kind import NftKind
from tests.farm_house import FarmHouse
from tests.vault_house import WHOLE

TICKS = 12


def test_recorded_figures_are_those_of_the_tick() -> None:
    scenario = Scenario.load("marketplace").with_agents(300).override({"clock.ticks": TICKS})
    with Marketplace(scenario, rng=4) as market:
        farms, ledger, nfts = (market.mechanisms["farms"], market.ledger, market.mechanisms["nfts"])
        loans, population = market.mechanisms["nft_loans"].loans, market.populations["yield_farmer"]
        place, seen = list(population.table.shares).index("mercenary"), set()
        for _ in range(TICKS - 1):
            market.step()
            latest, there = market.recorder.latest, farms.table.share[farms.table.share >= 0]
            held = ledger.books.balances[there, : ledger.accounts]
            assert latest["farms.stakers"] == (held > 0).any(axis=0).sum()
            worth = math.fsum(np.maximum(held, 0).sum(axis=1) * ledger.value[there])
            assert latest["farms.staked_usd"] == pytest.approx(worth, rel=1e-12)
            who = population.account[: len(population)][population.strategy[: len(population)] == place]
            theirs = math.fsum(held[:, who].sum(axis=1) * ledger.value[there])
            if worth > 0.0:
                assert latest["farms.mercenary_share"] == pytest.approx(theirs / worth, rel=1e-12)
            owned = nfts.kind[: nfts.n][nfts.owner[: nfts.n] >= 0]
            assert latest["nfts.collectibles"] == np.count_nonzero(owned == NftKind.COLLECTIBLE)
            assert latest["nft_loans.loans"] == loans.open.size
            if loans.open.size:
                health = np.median([loans.health(n) for n in loans.open.tolist()])
                assert latest["nft_loans.median_health"] == pytest.approx(health, rel=1e-12)
            seen.add(latest["farms.stakers"])
        assert len(seen) > 3


def test_stakers_are_counted_whatever_is_taken_back() -> None:
    house = FarmHouse()
    farm, one, other = house.farm("chef"), house.agents[1], house.agents[2]
    assert figures_of(house.farms, NOBODY).stakers == 0
    house.stake(1, "chef", WHOLE)
    house.stake(1, "points", WHOLE)
    house.stake(1, "chef", WHOLE)
    assert figures_of(house.farms, NOBODY).stakers == 1
    house.ledger.begin()
    for action, settle in ((StakeFarm, house.farms.stake), (UnstakeFarm, house.farms.unstake)):
        account = other if action is StakeFarm else one
        settle(action(account, farm=farm, amount=2 * WHOLE).rows, np.zeros(1, np.int64))
    house.ledger.roll_back()
    assert figures_of(house.farms, NOBODY).stakers == 1
    house.unstake(1, "chef")
    assert figures_of(house.farms, NOBODY).stakers == 1
    house.ledger.open_accounts("platform", 2 * house.ledger.books.sector.size)
    house.stake(2, "chef", WHOLE)
    assert figures_of(house.farms, NOBODY).stakers == 2
    house.unstake(1, "points")
    assert figures_of(house.farms, NOBODY).stakers == 1


def test_payable_is_affordable_up_to_what_is_asked() -> None:
    draw, ppm = np.random.default_rng(1), 30_000
    for digits in range(1, 15):
        budget, price = int(draw.integers(0, 10**digits)), int(draw.integers(1, 10 ** (1 + digits // 2)))
        for hours in (1, 24, 8_760):
            for most in (1, 10**6, 10**15):
                assert payable(budget, price, hours, ppm, most) == min(most, affordable(budget, price, hours, ppm))
    assert payable(900_000_000_000_000, 1, 1, ppm, 10**15) == 10**15  # the number itself has more than 64 bits


def test_a_term_of_any_length_is_affordable_to_the_last_unit() -> None:
    draw, ppm = np.random.default_rng(3), 30_000
    for _ in range(500):
        budget, price = int(10 ** draw.uniform(0, 14.9)), int(10 ** draw.uniform(0, 14.9))
        for hours in (1, 24, 8_760, 87_600):
            exact = affordable(budget, price, hours, ppm)
            assert in_full(budget, price, hours, ppm) == min(exact, 2**63 - 1) or (INTERPRETED and exact >= 2**63)


def test_an_auction_sells_as_much_as_any_price_would() -> None:
    draw = np.random.default_rng(4)
    for trial in range(300):
        bids, asks = draw.integers(1, 40, 2)
        top = int(draw.integers(2, 50))
        bid_size, ask_size = draw.integers(1, 30, bids), draw.integers(1, 30, asks)
        bid, ask = draw.integers(1, top, bids), draw.integers(1, top, asks)
        price, volume, rows = cross(bid_size, bid, np.arange(bids), ask_size, ask, bids + np.arange(asks))
        sold = [min(bid_size[bid >= p].sum(), ask_size[ask <= p].sum()) for p in range(top)]
        assert volume == max(sold) == rows[:, 2].sum(), trial
        if volume:
            bought, given = np.bincount(rows[:, 0], rows[:, 2], bids), np.bincount(rows[:, 1], rows[:, 2], asks)
            assert sold[price] == volume
            assert (bought <= bid_size).all() and (bought[bid < price] == 0).all() and (given[ask > price] == 0).all()
            assert (bought[bid > price] == bid_size[bid > price]).all()
            assert (given[ask < price] == ask_size[ask < price]).all()


def test_an_auction_is_held_where_a_bid_reaches_an_offer() -> None:
    draw = np.random.default_rng(2)
    for n in (0, 1, 5, 40):
        orders = np.zeros((n, ORDER_WIDTH), np.int64)
        orders[:, SIDE], orders[:, CURRENCY] = draw.integers(0, 2, n), draw.integers(0, 2, n)
        orders[:, TENOR], orders[:, LIMIT] = draw.integers(0, 3, n), draw.integers(1, 100, n)
        meets, ends = np.zeros((2, 3), np.bool_), np.zeros((2, 2, 3), np.int64)
        touching(orders, meets, ends[0], ends[1])
        for currency, tenor in np.ndindex(2, 3):
            here = orders[(orders[:, CURRENCY] == currency) & (orders[:, TENOR] == tenor)]
            bids, asks = here[here[:, SIDE] == 0, LIMIT], here[here[:, SIDE] == 1, LIMIT]
            assert meets[currency, tenor] == any(bid >= ask for bid in bids for ask in asks)
