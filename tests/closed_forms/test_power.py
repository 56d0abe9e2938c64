"""Power and bans in closed form: the index process, peak hours, credits, taxes, return after a ban."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Marketplace
from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET, Ledger
from model.mechanisms.power import index_level, index_step, peak_share
from model.mechanisms.power.kernels import settle_invoices
from model.mechanisms.regulation import returned, still_share
from model.streams import Streams
from model.units import GHS_PER_TH, USD

CONTRACT = {"power__interruptible": 1.0, "power__index_sd": 0.0, "power__curtail_above": 0.5}


def test_index_keeps_its_law() -> None:
    sd, half_life, n = 0.4, 3.0, 20_000
    streams = Streams(7)
    x = sd * streams.normal("index", -1)
    states = np.empty(n)
    for week in range(n):
        states[week] = x
        x = index_step(x, streams.normal("index", week), half_life, sd)
    error = sd / math.sqrt(n / 9.0)  # neighbours are alike over (1 + r) / (1 - r) weeks
    assert states.mean() == pytest.approx(0.0, abs=4 * error)
    assert states.std() == pytest.approx(sd, rel=0.05)
    assert np.corrcoef(states[:-3], states[3:])[0, 1] == pytest.approx(0.5, abs=0.03)
    assert np.mean([index_level(state, sd) for state in states]) == pytest.approx(1.0, abs=0.03)


def test_index_forgets_by_half() -> None:
    x = 1.0
    for _ in range(8):
        x = index_step(x, 0.0, 4.0, 0.3)
    assert x == pytest.approx(0.25)


@given(st.floats(0, 23.9), st.floats(0, 24), st.sampled_from([1, 4, 6, 12, 24]))
def test_peak_hours_of_a_day_add_up(begins: float, hours: float, tick: int) -> None:
    parts = [peak_share(start, tick, begins, hours) * tick for start in range(0, 24, tick)]
    assert all(0.0 <= part <= tick for part in parts)
    assert math.fsum(parts) == pytest.approx(hours, abs=1e-9)


def test_rigs_return_after_a_ban() -> None:
    assert still_share(-1.0, 10.0, 0.0, 50.0) == 0.0
    assert still_share(0.0, 0.0, 0.0, 50.0) == 1.0
    assert still_share(50.0, 0.0, 0.0, 50.0) == pytest.approx(math.exp(-1))
    assert still_share(49.0, 49.0, 49.0, 60.0) == pytest.approx(1.0)
    ramp, back = 49.0, 60.0
    assert still_share(ramp, ramp, 0.0, back) == pytest.approx(back / ramp * (1 - math.exp(-ramp / back)))
    assert still_share(400.0, ramp, 30.0, 1_000_000.0) == pytest.approx(1.0, abs=1e-3)


@given(st.floats(0, 400), st.floats(0.5, 100), st.floats(0, 90), st.floats(1, 200))
def test_what_stands_still_is_the_mean_over_the_days_of_stopping(
    days: float, ramp: float, delay: float, back: float
) -> None:
    n = 2_000
    stopped = [(k + 0.5) * ramp / n for k in range(n)]
    mean = math.fsum(1.0 - returned(days - s, delay, back) for s in stopped if s <= days) / n
    assert still_share(days, ramp, delay, back) == pytest.approx(mean, abs=2e-3)


@pytest.mark.parametrize("hours", [24, 4])
def test_credit_is_power_times_price_and_utilities_pay_it(hours: int) -> None:
    settings = {"clock__hours_per_tick": hours, "power__peak_hours": 6.0, "power__credit": 0.5, **CONTRACT}
    with Marketplace("smoke", rng=2, clock__ticks=8 * 24 // hours, **settings) as market:
        power, rigs = market.mechanisms["power"], market.mechanisms["rigs"]
        stopped = paid = due = 0.0
        for _ in range(8 * 24 // hours):
            market.step()
            f, pue = rigs.fleet, rigs.rules.pue
            rows = [r for r in range(f.n_rows) if f.rows.ghs[r] > 0]
            day = market.clock.dt_days
            running = {r: f.rows.ghs[r] / GHS_PER_TH * f.rows.running[r] for r in rows}
            kwh = {r: running[r] * 0.024 * f.rows.efficiency[r] * pue * day for r in rows}
            usd = math.fsum(k * f.sites.power_price[f.rows.site[r]] for r, k in kwh.items()) * 0.5 * power.stopped
            assert math.fsum(rigs.meter.credit) == pytest.approx(usd, rel=1e-9)
            assert power.kwh[1] == pytest.approx(math.fsum(kwh.values()) * power.stopped, rel=1e-9)
            stopped += power.stopped * day
            paid, due = paid + power.credit_paid / USD, due + usd
            market.check()
        assert stopped == pytest.approx(8 * 6 / 24)
        assert paid + power.owed.sum() / USD == pytest.approx(due, rel=1e-6)
        assert power.owed.sum() == 0
        assert market.flows().loc["curtailment", "utilities"] == -round(paid * USD)


def test_tax_by_the_kilowatt_hour_reaches_the_state() -> None:
    with Marketplace("smoke", rng=2, clock__ticks=5, regulation__power_tax=0.01) as market:
        power = market.mechanisms["power"]
        kwh = 0.0
        for _ in range(5):
            market.step()
            kwh += power.kwh[0]
        owed = int(power.taxes.sum())
        held = market.ledger.balance(USD_ASSET, power.state_account)
        assert (held + owed) / USD == pytest.approx(0.01 * kwh, rel=1e-7)
        assert market.flows().loc["power tax", "state"] == held
        market.check()


def test_rigs_stop_within_weeks_where_power_and_its_tax_cost_more_than_mining_pays() -> None:
    part = {}
    for tax in (0.0, 0.5):
        with Marketplace("smoke", rng=2, clock__ticks=6, regulation__power_tax=tax) as market:
            market.run()
            rigs, miners = market.mechanisms["rigs"], market.populations["miner"].account
            part[tax] = rigs.delivered[miners].sum() / rigs.registered[miners].sum()
    assert part[0.0] > 0.6
    assert part[0.5] < 0.45


def test_tax_in_an_unpaid_bill_goes_along_with_it() -> None:
    """A third of a bill of 9 USD, in which are 6 of tax, becomes another's, who pays it."""
    with Marketplace("smoke", rng=2, clock__ticks=2, regulation__power_tax=0.01) as market:
        market.step()
        power, ledger = market.mechanisms["power"], market.ledger
        one, other = market.populations["miner"].account[:2].tolist()
        before = ledger.balance(PAYABLE_ASSET, one), ledger.balance(PAYABLE_ASSET, other), int(power.taxes[other])
        ledger.pay(PAYABLE_ASSET, ledger.utilities, one, 9 * USD - before[0], Flow.POWER)
        power.taxes[one] = 6 * USD
        power.pass_bills(one, other, 3 * USD)
        assert [ledger.balance(PAYABLE_ASSET, who) for who in (one, other)] == [6 * USD, before[1] + 3 * USD]
        assert power.taxes[[one, other]].tolist() == [4 * USD, before[2] + 2 * USD]
        power.pass_bills(one, other, 0)
        market.step()
        market.check()


def test_tax_over_the_price_is_a_share_of_power_without_overhead() -> None:
    shares = {}
    for share in (0.0, 0.2):
        with Marketplace("smoke", rng=2, clock__ticks=1, regulation__power_tax_share=share) as market:
            market.run()
            rigs = market.mechanisms["rigs"]
            vault = int(market.mechanisms["vaults"].account[0])  # pays no overhead
            shares[share] = rigs.cost[vault] / rigs.delivered[vault]
    assert shares[0.2] == pytest.approx(1.2 * shares[0.0])


@pytest.mark.parametrize("hours", [24, 12])
def test_utilities_wait_for_as_many_days_without_a_break_as_they_say(hours: int) -> None:
    """Two owe more than they have; the second pays in between, so that his days are counted anew."""
    with Marketplace("smoke", rng=2, clock__ticks=40, clock__hours_per_tick=hours, power__days_to_default=3) as market:
        power, ledger = market.mechanisms["power"], market.ledger
        accounts = market.populations["miner"].account[:2].tolist()
        for who in accounts:
            for asset in (USD_ASSET, BTC_ASSET):
                ledger.pay(asset, who, ledger.world, ledger.balance(asset, who), Flow.DEPARTURE)
            ledger.pay(PAYABLE_ASSET, ledger.utilities, who, USD, Flow.POWER)
        seen: dict[int, int] = {}
        for call in range(1, 25):
            if call == 3:
                ledger.pay(USD_ASSET, ledger.world, accounts[1], USD, Flow.ENDOWMENT)
            if call == 4:
                ledger.pay(PAYABLE_ASSET, ledger.utilities, accounts[1], USD, Flow.POWER)
            power.collect()
            for who in accounts:
                if ledger.balance(PAYABLE_ASSET, who) == 0 and call > 3:
                    seen.setdefault(who, call)
        days = 3 * 24 // hours + 1
        assert seen == {accounts[0]: days, accounts[1]: days + 3}


def test_power_is_scarce_where_shocks_make_it_dear_and_taken_back_at_the_index() -> None:
    shock = {"channel": "power_price", "size": 0.5, "day": 0, "source": "a test"}
    contracts = {"power__indexed": 0.3, "power__interruptible": 0.4, "power__credit": 0.5, "power__peak_hours": 6.0}
    with Marketplace("smoke", rng=2, clock__ticks=30, shocks=[shock], power__index_sd=0.15, **contracts) as market:
        power, rigs, stopped = market.mechanisms["power"], market.mechanisms["rigs"], 0
        for _ in range(30):
            market.step()
            stopped += power.stopped > 0.0
            assert (power.stopped > 0.0) == (1.5 * power.index > 1.3)
            f, pue = rigs.fleet, rigs.rules.pue
            taken = [
                f.rows.ghs[r] / GHS_PER_TH * f.rows.running[r] * 0.024 * f.rows.efficiency[r] * pue
                * f.sites.power_price[f.rows.site[r]] * f.sites.curtailed[f.rows.site[r]] for r in range(f.n_rows)
            ]  # fmt: skip
            usd = math.fsum(taken) * 1.5 * 0.5 * power.index
            assert math.fsum(rigs.meter.credit) == pytest.approx(usd, rel=1e-9)
        assert stopped > 20


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_regional_prices_count_by_their_weight(weight: float) -> None:
    rows = [{"name": n, "share": 0.5, "usd_per_kwh": usd} for n, usd in (("dear", 0.06), ("cheap", 0.03))]
    given = {"power__region_map": "own", "power__regions": rows, "power__regional_prices": weight}
    with Marketplace("smoke", rng=3, clock__ticks=1, **given) as market:
        places = market.mechanisms["power"].places
        paid = places.prices(
            market.populations["miner"].account, np.full(len(market.populations["miner"].account), 0.05)
        )
        inside = places.region[market.populations["miner"].account]
        n = len(market.populations["miner"])
        assert paid[:n] == pytest.approx(0.05 * (1.0 + weight * np.where(inside[:n] == 0, 1 / 3, -1 / 3)))


def test_half_of_a_bill_brings_the_state_half_of_its_tax() -> None:
    ledger = Ledger(["world", "protocol", "utilities", "state", "miner"], 16, 3, 1)
    state, who = ledger.open_account("state", "state"), ledger.open_account("miner", "miner")
    ledger.pay(PAYABLE_ASSET, ledger.utilities, who, 100 * USD, Flow.POWER)
    ledger.pay(USD_ASSET, ledger.world, who, 50 * USD, Flow.ENDOWMENT)
    taxes, n = np.zeros(ledger.books.sector.size, np.int64), ledger.accounts
    taxes[who] = 20 * USD
    short, missing = np.empty(n, np.int64), np.empty(n, np.int64)
    assert settle_invoices(ledger.books, n, ledger.utilities, state, taxes, short, missing) == (1, 10 * USD)
    assert (int(short[0]), int(missing[0]), int(taxes[who])) == (who, 50 * USD, 10 * USD)
    assert [ledger.balance(USD_ASSET, a) for a in (state, ledger.utilities)] == [10 * USD, 40 * USD]
