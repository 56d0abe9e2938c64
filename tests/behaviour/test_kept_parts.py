"""Parts and lists that are worked out once follow what they were worked out from."""

import math

import numpy as np

from model import Marketplace
from model.mechanisms.nft_loans.floor import EXACT, FloorOracle
from model.mechanisms.rental import BidHashpower, RepriceBid, repriced
from model.mechanisms.rigs.running import AtSites, OfRows
from model.vault_status import VaultStatus
from tests.farm_house import WHOLE, FarmHouse
from tests.rental_house import PH, RentalHouse

DONE = 1


def test_a_fleet_that_grows_runs_by_its_new_columns() -> None:
    house = RentalHouse(ph=(100, 50))
    rigs = house.rigs
    before = rigs.fleet.rows
    for k in range(400):  # more rows than there was room for, at as many prices of power
        rigs.add_fleet(house.people[k % 5], PH, 30.0, 0.02 + k * 1e-5)
    assert rigs.fleet.rows is not before
    house.step()
    sites, rows, _ = rigs._parts.taken(rigs.fleet.sites, rigs.fleet.rows, rigs.rules)
    assert all(getattr(sites, name) is getattr(rigs.fleet.sites, name) for name in AtSites._fields)
    assert all(getattr(rows, name) is getattr(rigs.fleet.rows, name) for name in OfRows._fields)
    assert rigs.running_ghs == int(rigs.delivered.sum()) > 500 * PH
    assert rigs.registered_ghs == int(rigs.registered.sum())


def test_a_new_cut_counts_for_the_next_price() -> None:
    house = RentalHouse(hours=6, rental={"cut": 0.02})
    who, high = house.people[3], 10**9
    row = {"ghs": PH, "price": high, "budget": 10**9, "currency": 0, "hours": 0, "use": 0}
    number = house.act(BidHashpower(who, **row))[0][1]
    for cut in (0.02, 0.1):
        house.market.change({"rental.cut": cut})
        house.step()
        place = house.rental.find(number)
        before, since = int(house.rental.orders[place, 3]), int(house.rental.orders[place, 9])
        status, price = house.act(RepriceBid(who, number=number, price=1))[0]
        hours = 6.0 * (house.market.clock.tick - since)
        assert (status, price) == (DONE, repriced(before, 1, cut, hours))


def test_farms_open_and_close_with_their_vaults() -> None:
    house = FarmHouse(rows=[{"name": "stakes", "stake": "fraction", "design": "master_chef"}])
    farms, vaults = house.farms, house.vaults
    (row,) = farms.rows

    def follows() -> list[int]:
        farms.open_farms()
        live = np.flatnonzero(vaults.live).tolist()
        assert (
            [f - row.first for f in row.open] == live == np.flatnonzero(farms.table.open[row.first : row.end]).tolist()
        )
        assert not row.waits
        return live

    assert follows() == [house.v]
    second = house.vault(1, 10_000)
    assert follows() == [house.v, second]
    vaults.set_status(second, VaultStatus.ENDED)
    assert follows() == [house.v]


def test_a_farm_of_pool_shares_opens_once_there_is_a_pool() -> None:
    house = FarmHouse(rows=[{"name": "shares", "stake": "amm", "design": "master_chef"}])
    farms, (row,) = house.farms, house.farms.rows
    v = house.vault(1, 10_000)
    for _ in range(2):
        farms.open_farms()
        assert row.waits and row.open == [row.first + house.v]
    house.amm.seed(v, house.agents[1], 100 * WHOLE, 100 * WHOLE)
    farms.open_farms()
    assert not row.waits and row.open == [row.first + house.v, row.first + v]


def test_the_climate_of_nfts_is_that_of_their_parameters() -> None:
    with Marketplace("fractional_art", rng=1, clock__ticks=3) as market:
        nfts = market.mechanisms["nfts"]
        market.step()
        market.change({"nfts.weekly_sd": 2.0 * nfts.params.weekly_sd})
        before = nfts.climate.price_gap_sd
        market.step()
        assert nfts.climate.price_gap_sd > before
        assert list(nfts.climate) == list(nfts.climate_now())


def test_newcomers_choose_among_the_pools_that_are_open_now() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=2) as market:
        payout = market.mechanisms["payout"]
        shares = [pool.share for pool in payout.params.pools]
        for closed in range(-1, len(shares)):
            alive = np.array([k != closed for k in range(len(shares))])
            left = np.cumsum(np.where(alive, shares, 0.0))
            assert np.array_equal(payout._weights(alive.tobytes()), left / left[-1])


def test_floors_are_means_of_what_is_known_and_move_by_no_more_than_the_guard() -> None:
    draw, most, n = np.random.default_rng(1), 0.05, 10
    for window in (1, EXACT, 6):
        oracle, seen, price = FloorOracle(window, 1.0, n + 3), [[] for _ in range(n)], [np.nan] * n
        for _ in range(12):
            source = np.where(draw.random(n) < 0.7, draw.lognormal(3.0, 0.2, n), np.nan)
            oracle.report(source, most)
            for c, floor in enumerate(source.tolist()):
                seen[c].append(floor)
                known = [x for x in seen[c][-window:] if x == x]
                assert oracle.fresh[c] == bool(known)
                if known:
                    mean, old = math.fsum(known) / len(known), price[c]
                    price[c] = mean if old != old else min(max(mean, old * (1 - most)), old * (1 + most))
            assert np.array_equal(oracle.price[:n], price, equal_nan=True)
        assert np.isnan(oracle.price[n:]).all() and not oracle.fresh[n:].any()
