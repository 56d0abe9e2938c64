"""Lab: Mesa's own page on the same market; what a class with a signature does, and the page in a real browser."""

import gc
import inspect
import time
import weakref

import pytest
from mesa.visualization.solara_viz import _check_model_params

from app.address import Setup
from app.lab import lab, model_params, seed_of
from app.pages.lab import fitting
from model.marketplace import Marketplace
from model.scenario import Scenario

COIN = "words => document.querySelector('[data-monitor=coin]')?.innerText === words"


def test_forty_two_is_forty_two_however_it_is_typed():
    with lab("smoke")(seed="42") as typed, Marketplace("smoke", rng=42) as plain:
        typed.step()
        plain.step()
        assert typed.fingerprint() == plain.fingerprint()
    assert seed_of("fortune") == seed_of(" fortune ") != seed_of("fortunes")


@pytest.mark.parametrize("name", Scenario.names())
def test_mesa_takes_the_parameters_of_every_scenario(name):
    kind, params = lab(name), model_params(name, 1)
    _check_model_params(kind.__init__, params)
    named = inspect.signature(kind.__init__).parameters
    assert all(p.kind is not inspect.Parameter.VAR_KEYWORD for p in named.values())
    for key, row in params.items():
        if key != "seed":
            assert row["min"] <= row["value"] <= row["max"], key


def test_parameters_are_those_of_explore():
    values = {key: row["value"] for key, row in model_params("smoke", 3).items()} | {"amm__fee_bps": 3.0}
    with lab("smoke")(**values) as model:
        assert model.seed == 3
        expected = Setup("smoke", 3, 0, (("amm.fee_bps", 300),)).build()
        assert model._chosen.fingerprint() == expected.fingerprint()


def test_the_place_of_a_slider_nearest_to_a_default_is_the_default():
    rounded = {}
    for key, row in model_params("smoke", 3).items():
        if key != "seed":
            places = round((row["value"] - row["min"]) / row["step"])
            rounded[key] = round(row["min"] + places * row["step"], 2)
    with lab("smoke")(seed=3, **rounded) as model:
        assert model._chosen.fingerprint() == Scenario.load("smoke").fingerprint()


def test_a_market_stops_at_its_end_and_does_nothing_once_closed():
    model = lab("smoke")(seed=1)
    for _ in range(40):
        model.step()
    assert model.clock.tick + 1 == 30 and not model.running
    last = model.frame()
    assert last["tick"] == 30
    model.close()
    model.step()
    model.close()
    assert model.frame() is last


def test_parameters_that_cannot_be_together_give_the_plain_market_and_a_word():
    model = lab("credit_baseline")(seed=1, lending__loan_to_value=80.0, lending__threshold=20.0, agents=200)
    assert "lending" in model.complaint and model.populations
    model.close()


def test_a_closed_market_gives_its_memory_back():
    model = lab("smoke")(seed=1)
    model.step()
    gone = weakref.ref(model)
    model.close()
    del model
    deadline = time.monotonic() + 20
    while gone() is not None and time.monotonic() < deadline:
        gc.collect()
    assert gone() is None


def test_every_market_has_charts_before_its_first_step():
    with lab("smoke")(seed=1) as model:
        assert {"price", "hashprice", "rewards"} <= {chart.key for chart in fitting(model)}


@pytest.mark.parametrize("name", ["yield_farming", "farm_exit", "marketplace", "gomining"])
def test_markets_with_farms_have_their_charts_before_anybody_has_staked(name):
    with lab(name)(seed=1) as model:
        assert {"farms", "token"} <= {chart.key for chart in fitting(model)}


def test_prices_have_their_net_asset_value_beside_them():
    with lab("smoke")(seed=1) as model:
        for _ in range(3):
            model.step()
        assert len(model.frame()["series"]["nav"]["values"]) == len(model.nav) == 3


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def steps(page, n):
    page.get_by_text(f"Step: {n}", exact=True).or_(page.get_by_text(f"Time: {n}.0", exact=True)).first.wait_for()


def stands(page):
    """Wait until the last step of Mesa's thread is over: it may begin one more after the pause."""
    day, before = page.locator("[data-monitor=day]"), ""
    while before != day.inner_text():
        before = day.inner_text()
        time.sleep(1.5)


@pytest.mark.slow
def test_mesas_page_steps_plays_and_resets_our_market(student):
    page = student("/lab?scenario=smoke&seed=3")
    steps(page, 0)
    button(page, "Step").click()
    steps(page, 1)
    with Marketplace("smoke", rng=3) as market:
        market.step()
        price = market.recorder.latest["bitcoin.price"]
    page.wait_for_function(COIN, arg=f"{price:,.0f} USD")
    page.wait_for_function("document.querySelectorAll('.rs-lab canvas').length >= 2")
    button(page, "▶").click()
    page.wait_for_function("parseFloat(document.querySelector('[data-monitor=day]').innerText) >= 3")
    button(page, "❚❚").click()
    button(page, "▶").wait_for()
    stands(page)
    page.get_by_label("Seed: equal seeds, equal luck").fill("42")
    page.keyboard.press("Enter")
    time.sleep(1.0)
    button(page, "Reset").click()
    steps(page, 0)
    page.wait_for_function(COIN, arg="–")
    button(page, "Step").click()
    steps(page, 1)
    with Marketplace("smoke", rng=42) as market:
        market.step()
        price = market.recorder.latest["bitcoin.price"]
    page.wait_for_function(COIN, arg=f"{price:,.0f} USD")


@pytest.mark.slow
def test_two_students_have_a_market_each_and_a_phone_is_wide_enough(student):
    first, second = (
        student("/lab?scenario=smoke&seed=3"),
        student("/lab?scenario=smoke&seed=3", width=390, colours="dark"),
    )
    steps(first, 0)
    steps(second, 0)
    button(first, "Step").click()
    steps(first, 1)
    steps(second, 0)
    assert second.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_another_scenario_is_another_market(student):
    page = student("/lab?scenario=smoke&seed=3")
    steps(page, 0)
    button(page, "Step").click()
    steps(page, 1)
    page.get_by_label("Scenario").select_option("pool_choice")
    page.wait_for_function("location.search.includes('scenario=pool_choice')")
    steps(page, 0)
    page.get_by_role("tab", name="Page 1").click()
    page.wait_for_selector(".rs-lab img")
