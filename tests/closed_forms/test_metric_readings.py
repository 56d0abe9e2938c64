"""Each metric reads its own figure: markets made up so that no two of their figures agree."""

import math
from types import SimpleNamespace as Made

import numpy as np
import pytest

from model.metric import registry
from model.units import BTC, GHS_PER_PH, HOURS_PER_DAY, TOKEN, USD

HOURS = 6
DAY = HOURS / HOURS_PER_DAY


def market(tick=40, **mechanisms):
    """A market of a quarter of a day a tick that has these mechanisms."""
    clock = Made(tick=tick, hours=HOURS, dt_days=DAY)
    return Made(clock=clock, mechanisms={key: Made(**what) for key, what in mechanisms.items()}, populations={})


def read(name, where):
    """What a metric says of a market."""
    return registry()[name].function(where)


POWER = {
    "index": 1.5, "factor": 0.8, "tax_paid": 7 * USD, "credit_paid": 3 * USD, "owed": np.array([4 * USD, 5 * USD]),
    "kwh": np.array([9_000.0, 1_000.0]),
}  # fmt: skip
GPU = {
    "blocks": 1_800, "hashrate": 5e6, "bill": np.array([2 * USD, USD]), "gross": np.array([9 * USD, USD]),
    "mhs": np.array([30, 10]), "running": np.array([8, 2]),
}  # fmt: skip
BAN = {"share_banned": 0.3, "still": 0.5, "ban": "a ban", "refused": np.array([2, 5, 11]), "clear": True}
COUNTS = np.array([9, 2, 3, 1, 1, 60 * USD, 80 * USD])  # opened, won, lost, blocked, cancelled, paid, worth
BUYOUTS = {"counts": COUNTS + np.array([0, 0, 0, 0, 3, 0, 0]), "premium": np.array([[2.0, 4.0], [0.9, 3.0]])}
TALLY = np.array([[3, 1, 1, 5 * TOKEN, 10 * USD, 4 * USD, 8], [2, 1, 1, 5 * TOKEN, 20 * USD, 2 * USD, 4]])
FARMS = {
    "pools": Made(table=Made(volume=np.array([50 * USD, 0]), bought=np.array([20 * USD, 0]))),
    "shop": Made(taken=np.array([3 * USD, 4 * USD]), sold=np.array([1, 2])),
}  # fmt: skip
LOANS = [Made(repaid=2 * USD, worth=3 * USD, toxic=True), Made(repaid=4 * USD, worth=5 * USD, toxic=False)]
RUNNING, OFFERED, FREE = (2, 1, 0)
SHARES = {
    "rows": np.array([[RUNNING, 0, 0, 0, 0, 0, 0, 100], [RUNNING, 0, 0, 0, 0, 0, 0, 300], [OFFERED, 0, 0, 0, 0, 0, 0, 7],
                      [FREE, 0, 0, 0, 0, 0, 0, 9]]),
    "assets": np.array([0, 1, 2, 3]), "ended": 4, "failures": 3, "defaulted": 6 * USD, "raised": USD, "paid": 2 * USD,
}  # fmt: skip
COIN = Made(price=20_000.0)
FORWARDS = {
    "last": np.array([[60.0, math.nan], [0.002, 0.001]]), "index": np.array([50.0 * USD, 0.001 * BTC]), "bitcoin": COIN,
    "lost": np.array([3 * USD, BTC // 1_000]), "open_ghs": 4 * GHS_PER_PH, "traded": 3 * GHS_PER_PH, "calls": 7, "closed": 2,
}  # fmt: skip
RIGS = {
    "backlog": 3e6, "shipping": 20.0, "median_power": 0.05, "rules": Made(pue=1.1), "running_ghs": 30,
    "registered_ghs": 40,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "mechanism", "expected"),
    [
        ("power.index", POWER, 1.2),
        ("power.tax", POWER, 7.0),
        ("power.credits_paid", POWER, 3.0),
        ("power.credits_owed", POWER, 9.0),
        ("power.drawn", POWER, 9.0),
        ("gpu.block_seconds", GPU, 12.0),
        ("gpu.hashrate", GPU, 5.0),
        ("gpu.power", GPU, 3.0),
        ("gpu.income", GPU, 10.0),
        ("gpu.running", GPU, 0.25),
        ("regulation.banned", BAN, 0.15),
        ("regulation.over_cap", BAN, 5.0),
        ("regulation.refused", BAN, 18.0),
        ("network.fee_share", {"fees_per_block": 1.0, "subsidy": 3.0}, 0.25),
        ("adoption.invited", {"invited": 3, "arrived": 12, "left": 4, "population": range(12)}, 0.25),
        ("buyouts.opened", BUYOUTS, 9.0),
        ("buyouts.succeeded", BUYOUTS, 2.0),
        ("buyouts.failed", BUYOUTS, 3.0),
        ("buyouts.blocked", BUYOUTS, 1.0),
        ("buyouts.cancelled", BUYOUTS, 4.0),
        ("buyouts.paid", BUYOUTS, 60.0),
        ("buyouts.lost_to_raiders", BUYOUTS, 20.0),
        ("buyouts.holders_loss", BUYOUTS, 0.25),
        ("buyouts.premium_over_market", BUYOUTS, 0.5),
        ("buyouts.premium_over_appraisal", BUYOUTS, 0.3),
        ("offerings.offered", {"tally": TALLY}, 5.0),
        ("offerings.failed", {"tally": TALLY}, 2.0),
        ("offerings.sold", {"tally": TALLY}, 10.0),
        ("offerings.raised", {"tally": TALLY}, 30.0),
        ("offerings.refunded", {"tally": TALLY}, 6.0),
        ("offerings.days_to_sell", {"tally": TALLY}, 12.0 / 2.0 * DAY),
        ("farms.token_volume", FARMS, 50.0 / DAY),
        ("farms.token_sold_share", FARMS, 0.6),
        ("farms.shop_taken", FARMS, 7.0),
        ("lending.liquidated_debt", {"liquidations": LOANS}, 6.0),
        ("lending.seized", {"liquidations": LOANS}, 8.0),
        ("lending.toxic_liquidations", {"liquidations": LOANS}, 1.0),
        ("revenue_shares.running", SHARES, 2.0),
        ("revenue_shares.offered", SHARES, 1.0),
        ("revenue_shares.ended", SHARES, 4.0),
        ("revenue_shares.failures", SHARES, 3.0),
        ("revenue_shares.defaulted", SHARES, 6.0),
        ("forwards.strike_over_index", FORWARDS, (1.2 + 2.0 + 1.0) / 3.0),
        ("forwards.uncovered", FORWARDS, 23.0),
        ("forwards.open_interest", FORWARDS, 4.0),
        ("forwards.traded", FORWARDS, 3.0),
        ("forwards.margin_calls", FORWARDS, 7.0),
        ("forwards.closed_out", FORWARDS, 2.0),
        ("rigs.backlog", RIGS, 3.0),
        ("rigs.running", RIGS, 0.75),
        ("rigs.breakeven_hashprice", RIGS, 0.05 * 20.0 * 1.1 * 24.0),
    ],
)  # fmt: skip
def test_a_metric_says_what_its_meaning_says(name, mechanism, expected):
    """A J/TH is a kWh an hour for a PH/s: at 5 cents, 20 J/TH and an overhead of a tenth cost 26.4 USD a day."""
    assert read(name, market(**{registry()[name].needs[0]: mechanism})) == pytest.approx(expected)


@pytest.mark.parametrize("name", [name for name in registry() if name.startswith("gains.")])
def test_a_gain_is_that_of_its_kind(name):
    own = name.partition(".")[2]
    gains = {metric.partition(".")[2]: Made(usd=-1.0) for metric in registry() if metric.startswith("gains.")}
    assert own in registry()[name].needs
    assert registry()[name].read(gains | {own: Made(usd=5.0)}) == 5.0


@pytest.mark.parametrize("name", [name for name in registry() if name.endswith("_return") and "holders." in name])
def test_a_return_is_that_of_its_kind(name):
    (own,) = set(registry()[name].needs) - {"vaults"}
    assert own.rpartition("_")[2] in (name.split(".")[1].partition("_")[0], "investor")
    assert registry()[name].read({own: Made(rate=0.25)}) == 0.25


@pytest.mark.parametrize("venue", ["amm", "curve", "weighted"])
def test_figures_of_venues_are_found_at_their_places(venue):
    import importlib

    places = importlib.import_module(f"model.mechanisms.{venue}.daily")
    names = {"dry": "REFUSED"}
    read_here = [m for m in registry().values() if m.name.startswith(f"{venue}.") and m.of is not None]
    assert len(read_here) == places.FIGURES
    for metric in read_here:
        own = metric.name.partition(".")[2]
        assert metric.read(list(range(places.FIGURES))) == getattr(places, names.get(own, own.upper())), metric.name


@pytest.mark.parametrize("kind", ["miner", "retail_investor", "liquidity_provider", "arbitrageur", "institution"])
def test_a_share_of_wealth_is_that_of_its_kind(kind):
    from model.metrics.agents import Shape

    (name,) = [m.name for m in registry().values() if m.name.endswith("_wealth") and m.needs == (kind,)]
    assert kind.rpartition("_")[0] in name or kind.rpartition("_")[2] in name
    found = Shape(3, 4, 0.5, {"world": 0, kind: 1}, [90.0, 2.0], 8.0, 20, 15)
    assert registry()[name].read(found) == 0.25
    assert registry()["agents.rejections"].read(found) == 0.25


def test_a_day_of_the_run_is_counted_in_days():
    from model.mechanisms.lending.table import LOST_DEPOSITORS, LOST_FUND, LOST_RESERVE, SUMS

    sums = np.zeros(SUMS, np.int64)
    sums[[LOST_RESERVE, LOST_FUND]] = 2 * USD, 3 * USD
    pool, desk = Made(losses=[7, 0]), Made(losses=[5, 0])
    where = market(lending={"desk": Made(sums=sums)}, nft_loans={"pool": pool, "desk": desk})
    where.journal = Made(events=[])
    names = ("insolvency.lending_day", "insolvency.nft_loans_day")
    assert all(math.isnan(read(name, where)) for name in names)
    assert (read("lending.lost_reserve", where), read("lending.lost_fund", where)) == (2.0, 3.0)
    sums[LOST_DEPOSITORS] = desk.losses[1] = USD
    assert [read(name, where) for name in names] == [10.0, 10.0]
    assert read("lending.lost_depositors", where) == read("nft_loans.lost_by_depositors", where) == 1.0
    where.clock.tick += 1
    assert [read(name, where) for name in names] == [10.0, 10.0]


def test_miners_fail_once_and_on_their_first_day():
    from model.metrics.insolvency import _book

    events = [(4, "default", 1), (8, "default", 2), (9, "rig default", 2), (12, "default", 2), (12, "shock", 2)]
    where = Made(clock=Made(dt_days=DAY), journal=Made(events=[(*event, 0.0) for event in events]))
    where.ledger = Made(sectors=["vaults", "miner"], books=Made(sector=np.array([1, 0, 1])))
    book = _book(where)
    assert (registry()["insolvency.miners"].read(book), registry()["insolvency.miners_day"].read(book)) == (1.0, 2.0)


def test_lenders_earn_what_their_shares_rose_by_and_wait_as_long_as_the_queue_is():
    from model.mechanisms.lending.table import INDEX_DEPOSIT, QUEUE, SUMS, WITHDRAWN

    before, now = np.zeros(SUMS, np.int64), np.zeros(SUMS, np.int64)
    where = market(lending={"desk": Made(sums=now), "yesterday": before})
    before[INDEX_DEPOSIT], now[INDEX_DEPOSIT] = 10**12, 10**12 + 10**9
    assert read("lending.lender_yield", where) == pytest.approx(0.001 * 365.0 / DAY)
    assert read("lending.hours_to_withdraw", where) == 0.0
    now[QUEUE] = 8 * USD
    assert read("lending.hours_to_withdraw", where) == 8_760.0
    now[WITHDRAWN] = 2 * USD
    assert read("lending.hours_to_withdraw", where) == HOURS * 4.0


def test_days_to_the_next_decision_are_days():
    from model.mechanisms.buyouts.looks import Figures
    from model.metric import ANSWERS
    from model.metrics import buyouts

    found = Figures(open=1, ready=2, paused=3, escrow=4 * USD, unclaimed=5 * USD, locked=0.6, voted=0.7, next=48)
    where = market(tick=40)
    setattr(where, ANSWERS, {buyouts._figures.__wrapped__: found})
    assert read("buyouts.next_decision", where) == 8 * DAY
    assert [read(f"buyouts.{name}", where) for name in ("open_now", "ready", "paused", "escrow", "unclaimed")] == [
        1.0,
        2.0,
        3.0,
        4.0,
        5.0,
    ]


def test_forms_of_offerings_are_told_apart():
    from model.metrics.offerings import by_form

    table = by_form(market(offerings={"tally": np.vstack([TALLY, np.zeros_like(TALLY[:1])]), "forms": ["a", "b", "c"]}))
    assert table.index.tolist() == ["a", "b"]
    assert table.days_to_sell.tolist() == [8 * DAY, 4 * DAY]
    assert table.returned.tolist() == [4.0, 2.0] and table.raised.tolist() == [10.0, 20.0]


def test_shares_of_those_who_look_and_act_are_at_most_one():
    people = {"miner": range(2), "rest_of_network": range(1)}
    everybody = Made(awake=3, settlement=Made(acting=3), populations=people)
    assert read("agents.awake", everybody) == read("agents.acting", everybody) == 1.0
