"""What a notebook hands in wrongly is refused in one sentence, whatever its type."""

import numpy as np
import pytest

from model import Marketplace, Scenario, ScenarioError

PATHS = [None, "amm.fee_bps=50", [("amm.fee_bps", 50)], {3: 1}, {b"amm.fee_bps": 50}]


@pytest.fixture(scope="module")
def market():
    with Marketplace("smoke", rng=7, clock__ticks=2) as market:
        market.step()
        yield market


@pytest.mark.parametrize("tick", [0.0, 2.5, True, "0", [0], 99, -2])
def test_flows_of_no_tick(market, tick):
    with pytest.raises(ScenarioError, match=r"^flows\(tick="):
        market.flows(tick=tick)


@pytest.mark.parametrize("asset", ["EUR", 3, None, ["usd"]])
def test_flows_of_no_asset(market, asset):
    with pytest.raises(ScenarioError, match="no such asset group"):
        market.flows(asset=asset)


def test_ticks_of_numpy_are_ticks(market):
    assert market.flows(tick=np.int64(0)).equals(market.flows(tick=0))


@pytest.mark.parametrize(("name", "part"), [("bitcoin.prize", "did you mean 'bitcoin.price'"), (3, "known: ")])
def test_the_path_of_no_metric(market, name, part):
    with pytest.raises(ScenarioError, match=f"records no such metric.*{part}"):
        market.recorder.path(name)


@pytest.mark.parametrize("values", PATHS)
def test_values_that_are_no_paths(market, values):
    with pytest.raises(ScenarioError, match=r"^change .*give values by dotted path"):
        market.change(values)
    with pytest.raises(ScenarioError, match=r"^smoke: override .*give values by dotted path"):
        Scenario.load("smoke").override(values)


@pytest.mark.parametrize("plugins", [None, 3, [3]])
def test_plugins_that_are_no_names(plugins):
    with pytest.raises(ScenarioError, match="give import names of packages"):
        Marketplace("smoke", plugins=plugins)


@pytest.mark.parametrize("n", [2.5, "9", -1, float("nan"), 10**30])
def test_agents_that_are_no_number_of_agents(n):
    with pytest.raises(ScenarioError, match=r"agents = .*a whole number, 4 to 80,000,000"):
        Scenario.load("smoke").with_agents(n)
