"""Steps of a retail investor by themselves: what he feels, and how far he trades."""

import math
from typing import Any

import numpy as np
import pytest

from agents.columns import SCANNED
from agents.quotes import amount_out
from agents.retail import appraisal, mood, trading
from agents.retail.traits import RetailColumns
from agents.sheet import FEE, OFFER, OFFER_LEFT, PRICE, RESERVE, RESERVE_USD, ROWS, VARIANCE
from model.actions import BUY, SELL
from model.jit import kernel
from model.units import DAYS_PER_YEAR, TOKEN, USD

DEPTH, QUOTE, SPREAD, CLICK, WHO, V = 1_000.0, 10.0, 0.01, 1.0, 4, 0
TRAITS = {
    "pace": 0.5, "impact": 0.05, "smallest": 10.0, "slippage": 0.02, "horizon": 0.5, "risk_aversion": 3.0, "cap": 0.2,
    "least_volatility": 0.3, "drift_memory": 100.0, "looked": 0.0, "wealth_seen": 1_000.0, "peak": 1_000.0,
}  # fmt: skip


feel_of, gain_of, variance_of, part_of = (
    mood.feel,
    appraisal.marginal_gain,
    appraisal.variance_of,
    appraisal.wanted_part,
)
buy_of, sell_of, flee_of, subscribe_of = trading.buy, trading.sell, trading.flee, trading.subscribe


@kernel
def feel(own, day, log_coin, worth, mood, met, imitation):
    """His mood after a look, where moods last ten days and a doubled wealth lifts them by .5 ln 2."""
    return feel_of(own, 0, day, log_coin, worth, mood, met, 10.0, 0.5, imitation)


@kernel
def weighed(own, facts, excess, variance, part):
    """Variance that he reckons with, part that he wants, and what a dollar gains."""
    return variance_of(own, 0, V, facts), part_of(own, 0, excess, variance), gain_of(own, 0, excess, variance, part)


@kernel
def bought(own, facts, rows, gap, gain, cash):
    """What he spends."""
    return buy_of(own, 0, WHO, V, facts, rows, 0, gap, gain, cash, CLICK)


@kernel
def sold(own, facts, rows, gap, gain, held, rest):
    """Rows of what he sells."""
    return sell_of(own, 0, WHO, V, facts, rows, 0, QUOTE, gap, gain, held, rest, CLICK)


@kernel
def fled(own, facts, rows, held):
    """Rows of what he sells in a panic."""
    return flee_of(own, 0, WHO, V, facts, rows, 0, held)


@kernel
def subscribed(own, facts, rows, value):
    """What he spends on an offering of which he lacks 100 USD."""
    return subscribe_of(own, 0, WHO, V, facts, rows, 0, value, 100.0, 0.5, 1e6, CLICK)


def own(n: int = 2, **given: Any) -> Any:
    """Columns of some investors, who are alike where a trait is one number."""
    fields = RetailColumns._fields
    table = np.stack([np.broadcast_to((TRAITS | given).get(name, 0.0), n) for name in fields], axis=1)
    columns = {name: table[:, j] for j, name in enumerate(fields)}
    return RetailColumns(*(column.copy() if name in SCANNED else column for name, column in columns.items()))


def facts(**given: float) -> Any:
    """Figures of one vault, whose pool has 1,000 fractions at 10 USD."""
    rows = np.zeros((ROWS, 1))
    rows[PRICE], rows[FEE], rows[RESERVE], rows[RESERVE_USD] = QUOTE, SPREAD, DEPTH, DEPTH * QUOTE
    rows[VARIANCE], rows[OFFER], rows[OFFER_LEFT] = (
        given.get("variance", 0.0),
        given.get("offer", 0.0),
        given.get("left", 0.0),
    )
    return rows


def rows() -> Any:
    """Room for orders."""
    return np.zeros((2, 7), np.int64)


def test_a_mood_fades_follows_wealth_and_nears_that_of_others() -> None:
    """After ten days of a memory of ten, .4 falls to .4/e; wealth that doubled adds; a part of a neighbour's is taken on."""
    kept = math.exp(-1.0)
    felt = 0.5 * math.log(2.0)
    for imitation, met, expected in (
        (0.0, math.nan, 0.4 * kept + felt),
        (0.25, math.nan, 0.4 * kept + 0.75 * felt),
        (0.25, -0.6, 0.4 * kept + 0.75 * felt + 0.25 * (1.0 - kept) * (-0.6 - 0.4)),
    ):
        assert feel(own(), 10.0, 0.0, 2_000.0, 0.4, met, imitation) == pytest.approx(expected)
    assert feel(own(), 10.0, 0.0, 500.0, 0.0, math.nan, 0.0) == pytest.approx(-felt)
    assert feel(own(), 10.0, 0.0, 1e9, 0.0, math.nan, 0.0) == 1.0


def test_he_remembers_the_coins_path_since_he_looked_last_and_his_best_day() -> None:
    investor = own(drift_seen=0.2, coin_seen=1.0, looked=5.0)
    feel(investor, 25.0, 1.1, 1_500.0, math.nan, math.nan, 0.0)
    kept = math.exp(-0.2)
    assert investor.drift_seen[0] == pytest.approx(0.2 * kept + (1.0 - kept) * 0.1 * DAYS_PER_YEAR / 20.0)
    seen = (investor.coin_seen[0], investor.looked[0], investor.wealth_seen[0], investor.peak[0])
    assert seen == (1.1, 25.0, 1_500.0, 1_500.0)
    first = own(drift_seen=0.2, looked=-1.0)
    feel(first, 25.0, 1.1, 500.0, math.nan, math.nan, 0.0)
    assert (first.drift_seen[0], first.peak[0]) == (0.2, 1_000.0)


def test_a_dollar_gains_nothing_where_he_has_what_he_wants() -> None:
    """At an excess of .12 and a variance of .25 he wants .16 of his wealth, as .12 = 3 .25 .16."""
    for part, gain in ((0.16, 0.0), (0.0, 0.06), (0.2, 0.5 * 0.03)):
        _, wanted, found = weighed(own(), facts(), 0.12, 0.25, part)
        assert wanted == pytest.approx(0.16)
        assert found == pytest.approx(gain)


@pytest.mark.parametrize(("measured", "reckoned"), [(0.0, 0.09), (0.04, 0.09), (0.25, 0.25)])
def test_he_reckons_with_a_least_risk(measured: float, reckoned: float) -> None:
    assert weighed(own(), facts(variance=measured), 0.0, 1.0, 0.0)[0] == pytest.approx(reckoned)


@pytest.mark.parametrize(
    ("gap", "gain", "cash", "spent"),
    [
        (100.0, 0.5, 1e6, 50.0),  # half of the gap at once
        (1e6, 0.03, 1e6, 1e4 * 0.02 / 0.98),  # until slippage takes what the gain leaves of the fee
        (1e6, 0.5, 1e6, 1e4 * 0.05 / 0.95),  # or moves the price by his most
        (1e6, 0.5, 60.0, 58.0),  # all cash but two transactions
        (18.0, 0.5, 1e6, 0.0),  # less than his smallest trade
        (100.0, 0.01, 1e6, 0.0),  # no more than the fee
        (100.0, 0.029, 1e6, 0.0),  # what is gained does not pay for the transaction
    ],
)
def test_he_buys_as_far_as_the_gain_beats_fee_and_slippage(gap: float, gain: float, cash: float, spent: float) -> None:
    trades = rows()
    assert bought(own(), facts(), trades, gap, gain, cash) == pytest.approx(spent)
    if spent:
        least = amount_out(spent, DEPTH * QUOTE, DEPTH, SPREAD) * 0.98
        assert trades[0, :3].tolist() == [WHO, V, BUY]
        assert trades[0, 3:5].tolist() == pytest.approx([spent * USD, least * TOKEN], rel=1e-6)


@pytest.mark.parametrize(
    ("gap", "gain", "held", "rest", "amount"),
    [
        (-100.0, 0.5, 100.0, False, 5.0),
        (-1e6, 0.03, 1e4, False, DEPTH * 0.02 / 0.98),
        (-1e6, 0.5, 1e4, False, DEPTH * 0.05 / 0.95),
        (-1e6, 0.5, 7.0, False, 7.0),
        (-10.0, 0.5, 100.0, False, 0.0),
        (-10.0, 0.5, 1.5, True, 1.5),
        (-100.0, 0.01, 100.0, False, 0.0),
        (-100.0, 0.029, 100.0, False, 0.0),
    ],
)
def test_he_sells_as_far_and_a_small_rest_whole(
    gap: float, gain: float, held: float, rest: bool, amount: float
) -> None:
    trades = rows()
    n = sold(own(), facts(), trades, gap, gain, int(held * TOKEN), rest)
    assert n == (1 if amount else 0)
    if amount:
        least = amount_out(amount, DEPTH, DEPTH * QUOTE, SPREAD) * 0.98
        assert trades[0, :3].tolist() == [WHO, V, SELL]
        assert trades[0, 3:5].tolist() == pytest.approx([amount * TOKEN, least * USD], rel=1e-6)


def test_who_flees_takes_what_the_pool_pays_for_all_of_it() -> None:
    trades = rows()
    assert fled(own(), facts(), trades, 1_000 * TOKEN) == 1
    assert trades[0, 3] == 1_000 * TOKEN
    assert trades[0, 4] == pytest.approx(
        5_000.0 * 0.99 * 0.96 * USD, rel=1e-6
    )  # half of the pool, less fee and slippage


@pytest.mark.parametrize(
    ("left", "value", "asks", "limit"), [(1e6, 20.0, 50.0, 8.16), (1e6, 8.1, 50.0, 8.1), (3.0, 20.0, 24.0, 8.16), (1.0, 20.0, 0.0, 0.0)]
)  # fmt: skip
def test_he_subscribes_to_no_more_than_is_left_and_at_no_more_than_value(
    left: float, value: float, asks: float, limit: float
) -> None:
    offers = np.zeros((1, 6), np.int64)
    spent = subscribed(own(), facts(offer=8.0, left=left), offers, value)
    assert spent == pytest.approx(asks)
    assert offers[0, 2:4].tolist() == pytest.approx([asks / 8.0 * TOKEN, limit * USD], abs=1.0)
