"""Panels of farms, rented hashpower and buy-outs: they show what the market's own books say, and change nothing."""

import json

import pytest

from app.address import Setup
from app.clocks import clocks
from app.hashpower import book
from app.options import charts, drawable
from app.run import Run
from app.stress import ask
from model.mechanisms.buyouts.table import Phase
from model.mechanisms.rental.table import GHS, TERM
from model.units import GHS_PER_PH, USD

KEYS = {
    "hashpower_rental": {"hashpower", "rent"},
    "yield_farming": {"farms", "token"},
    "fractional_art": {"farms", "token", "buyouts", "health", "credit"},
}


@pytest.fixture(scope="module", params=KEYS)
def run(request):
    small = (("agents", 300),) if request.param != "fractional_art" else ()
    found = Run(Setup(request.param, 1, 0, settings=small))
    while found.done < 50:
        found.step()
    yield found
    found.close()


def test_a_market_shows_the_panels_of_what_it_has(run):
    frame = run.frame()
    shown = drawable(frame)
    every = {key for keys in KEYS.values() for key in keys}
    assert {chart.key for chart in shown} & every == KEYS[run.setup.scenario]
    for chart in shown:
        for dark in (False, True):
            json.dumps(chart.option(frame, dark), allow_nan=False)
        table = chart.table(frame)
        assert all(len(row) == len(table.headings) for row in table.rows)


def test_every_panel_is_seen_somewhere():
    assert {key for keys in KEYS.values() for key in keys} <= {chart.key for chart in charts()}


def test_looking_changes_nothing(run):
    before = run.market.fingerprint()
    run.frame()
    assert run.market.fingerprint() == before


def test_the_book_adds_up_to_the_orders(run):
    found, rental = book(run.market), run.market.mechanisms.get("rental")
    if rental is None:
        assert found is None
        return
    standing = rental.orders[rental.orders[:, TERM] == 0, GHS]
    assert found["bids"][-1][0] == pytest.approx(standing.sum() / GHS_PER_PH, rel=1e-3)
    for side, falls in (("bids", True), ("asks", False)):
        totals, prices = zip(*found[side], strict=True)
        assert list(totals) == sorted(totals) and list(prices) == sorted(prices, reverse=falls)


def test_clocks_are_the_houses(run):
    found, house = clocks(run.market), run.market.mechanisms.get("buyouts")
    if house is None:
        assert found is None
        return
    table, tick = house.table, run.market.clock.tick
    live = [row for row in found if row["passed"] is not None]
    assert len(live) == (table.phase != Phase.NONE).sum()
    for row in live:
        v = row["vault"]
        assert row["passed"] == tick - table.opened[v]
        assert row["left"] is None or row["left"] == max(0, table.deadline[v] - tick)
        assert row["offer"] == pytest.approx(table.price[v] / USD, rel=1e-3)
    assert [row["left"] for row in live if row["left"] is not None] == sorted(
        row["left"] for row in live if row["left"] is not None
    )
    assert all(row["voted"] > 0 for row in found if row["passed"] is None)


@pytest.mark.parametrize(
    ("name", "channel", "drawn"),
    [
        ("hashpower_rental", "rental_delivery", "rental.price"),
        ("yield_farming", "emission", "farms.staked_usd"),
        ("niftex_v1", "attention", "buyouts.succeeded"),
        ("operator_freeze", "withdrawals", "network.hashprice"),
        ("merge_2022", "gpu_price", "network.hashprice"),
    ],
)
def test_stress_has_their_shocks(name, channel, drawn):
    scenario = ask.load(name)
    assert channel in ask.channels(scenario)
    assert drawn in ask.drawn(scenario)
