"""The rig market in closed form: outside money, paid orders, arrivals, prices, resale, and when an order runs."""

import math
from typing import Any

import numpy as np
import pytest

from model import Marketplace
from model.actions import Status
from model.flows import Flow
from model.ledger import USD_ASSET, Ledger
from model.mechanisms.rigs import OrderRigs, SellRigs, kernels
from model.mechanisms.rigs.fleet import Fleet
from model.mechanisms.rigs.order_book import OrderBook
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import lose_share
from model.units import USD
from tests.rental_house import RentalHouse

RULES = InvestmentRules.of()
PRICE, J_PER_TH = 40.0, 30.0
SITE = RULES.site_cost * J_PER_TH  # USD/TH
CASH = 100_000


def books(people: int = 2) -> tuple[Ledger, list[int], int]:
    """A ledger, people with cash, and the makers' account."""
    ledger = Ledger(["world", "protocol", "utilities", "manufacturers", "miner"], 16, 3, 1)
    makers = ledger.open_account("manufacturers", "makers")
    who = [int(a) for a in ledger.open_accounts("miner", people)]
    for account in who:
        ledger.pay(USD_ASSET, ledger.world, account, CASH * USD, Flow.ENDOWMENT)
    return ledger, who, makers


@pytest.mark.parametrize("days", [1.0, 0.25])
@pytest.mark.parametrize("power", [20.0, 80.0])
def test_outside_money_comes_by_revenue_and_takes_its_part_of_profit_and_idle_cash(days: float, power: float) -> None:
    """A thousand TH/s earn 100 USD a day before a pool's fee of .02; a fifth of what power leaves goes to investors."""
    ledger, (funded, alone), _ = books()
    n, attraction = ledger.accounts, 0.3
    running, cost = np.full(n, 1_000_000, np.int64), np.full(n, power * days)
    has = np.arange(n) == funded
    kernels.outside_money(ledger.books, has, n, running, cost, 0.1, attraction, days, RULES, ledger.world)
    profit = 100.0 * days * 0.98 - power * days
    cash = CASH + attraction * 100.0 * days - 0.2 * profit
    assert ledger.balance(USD_ASSET, funded) / USD == pytest.approx(cash * math.exp(-0.7 * days / 365), rel=1e-9)
    assert ledger.balance(USD_ASSET, alone) == CASH * USD


def test_without_attraction_profit_leaves_and_no_more_than_there_is() -> None:
    ledger, (funded, _), _ = books()
    n = ledger.accounts
    running, cost = np.full(n, 10**12, np.int64), np.zeros(n)
    has = np.arange(n) == funded
    kernels.outside_money(ledger.books, has, n, running, cost, 0.1, 0.0, 1.0, RULES, ledger.world)
    assert ledger.balance(USD_ASSET, funded) == 0


def test_outside_money_beyond_what_the_books_move_is_told_and_not_booked() -> None:
    ledger, (funded, _), _ = books()
    n = ledger.accounts
    has, running = np.arange(n) == funded, np.full(n, 10**12, np.int64)
    found = kernels.outside_money(ledger.books, has, n, running, np.zeros(n), 1e9, 0.3, 1.0, RULES, ledger.world)
    assert found == (funded, pytest.approx((0.3 - 0.2 * 0.98) * 1e18))
    assert ledger.balance(USD_ASSET, funded) == CASH * USD


def test_an_order_pays_makers_for_rigs_and_utilities_for_the_site() -> None:
    ledger, (one, other), makers = books()
    fleet = Fleet(1)
    fleet.reserve_accounts(16)
    sites = fleet.add_sites(np.array([one, other]), np.array([0.05, 0.05]))
    per_th = PRICE + SITE
    usd = int(100 * per_th * USD)
    dear, cheap = int(per_th * USD) + 1, int(per_th * USD) - 1
    batch = OrderRigs(
        [one, one, other, other, other], site=[sites[0], sites[0], sites[1], sites[0], sites[1]],
        usd=[usd, usd, usd, usd, 2 * CASH * USD], limit=[0, dear, cheap, 0, 0],
    )  # fmt: skip
    each = np.zeros(5)
    watts = kernels.settle_orders(
        ledger.books, fleet.sites, 2, batch.rows, np.arange(5), PRICE, J_PER_TH, RULES.site_cost, makers,
        ledger.utilities, ledger.world, each,
    )  # fmt: skip
    done = [Status.DONE, Status.DONE, Status.LIMIT, Status.UNKNOWN, Status.FUNDS]
    assert batch.rows["status"].tolist() == done
    assert batch.rows["filled"][:2] == pytest.approx(100_000, abs=1)
    assert watts == pytest.approx(200 * J_PER_TH)
    assert each == pytest.approx([100 * J_PER_TH, 100 * J_PER_TH, 0.0, 0.0, 0.0])
    assert ledger.balance(USD_ASSET, makers) == pytest.approx(200 * PRICE * USD, abs=4)
    assert ledger.balance(USD_ASSET, ledger.utilities) == pytest.approx(200 * SITE * USD, abs=4)
    assert ledger.balance(USD_ASSET, one) == CASH * USD - 2 * usd


def test_what_arrives_has_the_efficiency_of_its_day_and_a_part_of_a_unit_comes_a_week_later() -> None:
    fleet = Fleet(1)
    fleet.reserve_accounts(4)
    fleet.add_sites(np.array([1, 2]), np.array([0.05, 0.05]))
    watts, later, ghs = np.array([3_000.0, 0.02]), np.array([0.0, 0.01]), np.empty(2, np.int64)
    assert kernels.arrivals(watts, later, fleet.sites, 2, 25.0, ghs) == 120_000
    assert ghs.tolist() == [120_000, 0] and watts.tolist() == [0.0, 0.0]
    assert later == pytest.approx([0.0, 0.03])
    assert kernels.arrivals(later, later, fleet.sites, 2, 25.0, ghs) == 1
    assert later == pytest.approx([0.0, 0.005])


def test_shocks_take_shares_of_what_is_left_and_wear_is_carried_in_whole_units() -> None:
    fleet = Fleet(1)
    fleet.reserve_accounts(4)
    for owner, maintained in ((1, False), (2, True)):
        site = int(fleet.add_sites(np.array([owner]), np.array([0.05]), maintained=maintained)[0])
        fleet.put(site, 1_000, 30.0, 1, 1.0)
    lost = [lose_share(fleet.rows, fleet.sites, fleet.n_rows, 0.0005) for _ in range(100)]
    assert sum(lost) == pytest.approx(1_000 * (1 - 0.9995**100), abs=2) and max(lost) == 1
    assert [fleet.held(1), fleet.held(2)] == [1_000 - sum(lost), 1_000]


def smoke(ticks: int = 3, **given: Any) -> Marketplace:
    return Marketplace("smoke", rng=2, clock__ticks=ticks, bitcoin__process="constant", **given)


def test_an_order_runs_after_its_weeks_and_a_sixth_of_the_book_ships_in_each() -> None:
    """Ordered on the first day: it ships with the second week, and runs when as many weeks as the lag are over."""
    with smoke(70) as market:
        rigs, clock = market.mechanisms["rigs"], market.clock
        f, book = rigs.fleet, 600_000.0
        f.sites.backlog[:], f.pipeline[:], f.book = 0.0, 0.0, OrderBook()
        f.book.add(np.zeros(1, np.int64), np.array([book]), 0, f.sites.backlog)
        rigs.capacity = 1e12
        arrived = {}
        for clock.tick in range(0, 56, 7):
            rigs.deliver()
            arrived[clock.tick // 7] = rigs.arrived * rigs.shipping / 1_000
    assert [week for week, watts in arrived.items() if watts > 0] == [6, 7]
    assert arrived[6] == pytest.approx(book / 6, rel=1e-6)
    assert arrived[7] == pytest.approx(book / 6 * 5 / 6, rel=1e-6)


def test_what_was_shipped_before_the_start_runs_in_the_order_in_which_it_was_shipped() -> None:
    with smoke() as market:
        rigs = market.mechanisms["rigs"]
        before, f = rigs.opening.network, rigs.fleet
        rest = f.sites_of(rigs.rest)
        lag, weeks = len(before.pipeline), before.weeks.burn_in
        shares = [
            f.pipeline[k, rest].sum() / before.pipeline[(weeks + k) % lag].sum() for k in range(f.pipeline.shape[0])
        ]
        assert shares == pytest.approx([1.0 - market.mechanisms["network"].params.simulated_share] * lag)


def test_a_shock_of_rig_prices_acts_at_once_and_leaves_nothing_behind() -> None:
    paths = []
    for size in (0.0, 0.5):
        pulse = {"channel": "rig_price", "size": size, "day": 2, "days": 3, "shape": "pulse", "source": "a test"}
        with smoke(7, shocks=[pulse]) as market:
            paths.append(market.run().metrics()["rigs.price"].to_numpy())
    assert paths[1] / paths[0] == pytest.approx([1.0] * 2 + [1.5] * 3 + [1.0] * 2)


def test_a_rig_costs_a_share_of_its_value_where_makers_left_orders_behind_and_not_for_those_of_today() -> None:
    with smoke() as market:
        market.step()
        rigs, r = market.mechanisms["rigs"], RULES
        rigs.hashprice_mean, rigs.unshipped = 0.3, 2.0 * r.backlog_weeks * rigs.capacity
        value = r.payback_limit * 30.4 * (0.3 - 0.024 * r.power_median * rigs.shipping * r.overhead * r.pue)
        expected = r.price_share * value * 2.0 - r.site_cost * rigs.shipping
        assert rigs._price_target() == pytest.approx(expected)
        rigs.fleet.sites.backlog[:] *= 10.0
        assert rigs._price_target() == pytest.approx(expected)


def test_every_site_waits_for_what_the_book_owes_it() -> None:
    with smoke(40) as market:
        f = market.mechanisms["rigs"].fleet
        for _ in range(40):
            market.step()
            left = np.zeros(f.n_sites)
            site, came, watts = f.book.waiting()
            np.add.at(left, site, watts)
            assert left.tolist() == f.sites.backlog[: f.n_sites].tolist() and (np.diff(came) >= 0).all()
        assert came[-1] > came[0] >= -1


def test_a_club_gets_its_rigs_in_its_turn_and_all_of_them_whatever_others_order_after_it() -> None:
    """Behind 500 kW of others it orders 100 kW; 100 of 600 kW ship a week, and as many are ordered again."""
    with smoke(140) as market:
        rigs, clock = market.mechanisms["rigs"], market.clock
        f, club = rigs.fleet, int(market.mechanisms["vaults"].account[0])
        f.sites.backlog[:], f.pipeline[:], f.book = 0.0, 0.0, OrderBook()
        other, site = f.sites_of(rigs.rest)[0], f.sites_of(club)[0]
        had, kw, rigs.capacity = rigs.held(club), 1e3, 1e12
        f.book.add(np.array([other]), np.array([500.0 * kw]), -1, f.sites.backlog)
        f.book.add(np.array([site]), np.array([100.0 * kw]), 0, f.sites.backlog)
        ghs, came = rigs.on_order(club), {}
        for week in range(1, 20):
            clock.tick = 7 * week
            rigs.deliver()
            came[week] = rigs.held(club) - had, rigs.on_order(club)
            f.book.add(np.array([other]), np.array([100.0 * kw]), clock.tick, f.sites.backlog)
        assert ghs == pytest.approx(100.0 * kw / rigs.shipping * 1_000, abs=1)
        assert all(came[week] == (0, ghs) for week in range(1, 11))
        assert all(came[week] == (ghs, 0) for week in range(11, 20))


def test_rigs_stay_when_a_surge_elsewhere_is_over_and_go_once_with_a_ban() -> None:
    """The same miners under a pulse of hash rate outside, up and down; nothing else differs."""
    held = {}
    for size in (0.0, 0.5, -0.5):
        pulse = {"channel": "hashrate", "size": size, "day": 2, "days": 2, "shape": "pulse", "source": "a test"}
        with smoke(8, shocks=[pulse]) as market:
            miners = market.populations["miner"].account[: len(market.populations["miner"])]
            market.run()
            held[size] = int(market.mechanisms["rigs"].registered[miners].sum())
    assert held[0.5] == pytest.approx(held[0.0], rel=1e-3)
    assert held[-0.5] == pytest.approx(0.5 * held[0.0], rel=1e-2)


def test_dear_power_and_its_tax_make_mining_less_attractive_to_outside_money() -> None:
    with smoke(power__level=1.5, regulation__power_tax=0.01) as market:
        market.step()
        rigs, r = market.mechanisms["rigs"], RULES
        rigs.hashprice_mean = 0.3
        power = 0.024 * (r.outside_power_price * 1.5 + 0.01) * rigs.shipping
        payback = (rigs.price + r.site_cost * rigs.shipping) / (30.4 * (0.3 - power))
        assert 0.0 < rigs.attraction < r.outside_cap
        assert rigs.attraction == pytest.approx(math.log(r.outside_payback / payback))
        miner = int(market.populations["miner"].account[0])
        paid = rigs.power_price(miner) * 1.5 + 0.01
        assert rigs.running_cost(miner) == pytest.approx(0.024 * paid * rigs.efficiency(miner) * r.pue)


def test_used_rigs_resell_below_new_ones_and_not_below_the_sellers_limit() -> None:
    with smoke(rigs__haircut=0.2) as market:
        market.step()
        rigs, ledger = market.mechanisms["rigs"], market.ledger
        rigs.hashprice_mean = 0.3
        assert rigs._mark_of(rigs.shipping) == pytest.approx(0.8 * rigs.price)
        worth = rigs.real_assets()["rigs"]
        marks = [rigs.mark(a) for a in range(ledger.accounts)]
        sectors = np.bincount(ledger.books.sector[: ledger.accounts], marks, len(ledger.sectors))
        assert list(worth.values()) == pytest.approx(sectors.tolist())
        miner = int(market.populations["miner"].account[0])
        held = rigs.held(miner)
        half = int(rigs.mark(miner) * (held // 2) / held * USD)
        for limit, status, filled in ((half + 1, Status.LIMIT, 0), (half, Status.DONE, half)):
            batch = SellRigs(miner, ghs=held // 2, limit=limit)
            rigs.buy_back(batch.rows, np.zeros(1, np.int64))
            assert (batch.rows["status"][0], batch.rows["filled"][0]) == (status, filled)
        assert rigs.held(miner) == held - held // 2


@pytest.mark.parametrize("hours", [24, 6])
def test_the_best_rig_falls_by_its_trend_in_days_whatever_the_tick(hours: int) -> None:
    with smoke(40, clock__hours_per_tick=hours, rigs__frontier="trend", rigs__frontier_trend=0.5) as market:
        rigs, clock = market.mechanisms["rigs"], market.clock
        start = rigs.shipping / RULES.frontier_markup
        clock.tick = 20 * 24 // hours
        assert rigs._best_on_sale() == pytest.approx(start * math.exp(-0.5 * 20 / 365))


def test_rigs_that_change_hands_run_and_draw_as_they_did() -> None:
    fleet = Fleet(1)
    fleet.reserve_accounts(4)
    fleet.put(fleet.site_of(1, 0.05), 1_000, 30.0, 1, 0.25)
    fleet.put(fleet.site_of(2, 0.05), 3_000, 20.0, 1, 0.75)
    fleet.transfer(1, 2, 1_000, maintained=False)
    (row,) = fleet.rows_of(2)
    assert fleet.rows.running[row] == pytest.approx((0.25 + 3 * 0.75) / 4)
    assert fleet.rows.efficiency[row] == pytest.approx((30.0 + 3 * 20.0) / 4)


@pytest.mark.parametrize("hours", [24, 6])
def test_rigs_wear_by_their_rate_and_cooling_costs_power(hours: int) -> None:
    house = RentalHouse(hours=hours, ph=(100, 100))
    rigs, (one, other) = house.rigs, house.people[:2]
    rigs.fleet.sites.cooling[rigs.fleet.first_site[one]] = 1.5
    before = rigs.held(one)
    house.step(60 * 24 // hours)
    assert rigs.held(one) == pytest.approx(before * math.exp(-0.08 * 60 / 365), rel=2e-5)
    costs = [rigs.bill[who] / rigs.delivered[who] for who in (one, other)]
    assert costs[1] == pytest.approx(0.024 * 0.03 * 30.0 * 1.05 * 1.23 / 1_000 * USD * hours / 24, rel=1e-6)
    assert costs[0] == pytest.approx(1.5 * costs[1], rel=1e-6)


def test_half_of_the_rigs_stand_still_where_power_and_its_tax_take_all() -> None:
    house = RentalHouse(network={"rest": "fixed", "blocks": "expected", "fees": "constant", "halvings": False})
    rigs, who = house.rigs, house.people[0]
    for _ in range(40):
        tax = rigs.hashprice / 1_000 * (1.0 - rigs.rules.pool_fee) / (0.024 * 30.0 * rigs.rules.pue) - 0.03
        rigs.tariff = rigs.tariff._replace(tax=tax)
        rigs.run()
    assert rigs.delivered[who] / rigs.held(who) == pytest.approx(0.5, abs=0.01)
