"""What somebody does in a notebook: classes made anew, metrics that fail, markets that are closed, copied or misread."""

import copy
import pickle
import sys
import types

import numpy as np
import pytest

import model.metrics
from model import Marketplace, Scenario, ScenarioError
from model.kinds import agent_kinds, look_at_needs, packages, strategies
from model.metric import registry

HEAD = "from agents.base import Strategy\n"
RULE = """
class {cls}(Strategy):
    serves, name, words = "retail_investor", "{name}", "{words}"

    def decide(self, market, agents):
        return ()
"""
SMALL = {"clock__ticks": 9}


@pytest.fixture
def cell(monkeypatch):
    """Run a cell of a notebook, whose names are those of a module `nb`."""
    module = types.ModuleType("nb")
    monkeypatch.setitem(sys.modules, "nb", module)
    exec(HEAD, vars(module))

    def run(name, words="", cls="Mine"):
        exec(RULE.format(name=name, words=words, cls=cls), vars(module))
        return module

    return run


@pytest.fixture
def odd():
    """Record one more metric, which reads the market as told."""

    def add(read):
        registry()["odd.one"] = registry()["bitcoin.price"]._replace(name="odd.one", of=None, read=read, weekly=False)

    yield add
    registry().pop("odd.one", None)


# -- plugins


def test_a_class_made_anew_is_the_one_that_runs(cell):
    module = cell("mine", "old")
    module._3 = module.Mine  # the notebook's Out[3]
    assert strategies(("agents", "nb"))["retail_investor", "mine"].words == "old"
    cell("mine", "new")
    assert strategies(("agents", "nb"))["retail_investor", "mine"].words == "new"
    cell("second", cls="Second")
    with Marketplace("smoke", plugins=["nb"], agents__retail_investor__strategy="second") as market:
        market.step()


def test_overrides_know_the_plugins_of_the_call(cell):
    cell("mine")
    plain = Scenario.load("smoke")
    for given in ("smoke", plain):
        for plugins in ("nb", ["nb"]):
            with Marketplace(given, plugins=plugins, agents__retail_investor__strategy="mine") as market:
                assert market.plugins == ("agents", "nb") and market.scenario.plugins == ("nb",)
    with Marketplace(plain) as market:
        assert market.scenario is plain
    assert Scenario.load("smoke", plugins="nb").plugins == ("nb",) and packages("nb") == ("agents", "nb")


def test_a_taken_name_is_refused(cell):
    cell("mean_variance")
    with pytest.raises(ScenarioError, match=r"'mean_variance' of retail_investor: agents\..* and nb\.Mine both have"):
        Scenario.load("smoke", plugins=["nb"])
    module = cell("mine")
    module.Other = type("Other", (), {"__module__": "nb", "kind": "miner", "populate": None})
    with pytest.raises(ScenarioError, match=r"agents.miner: agents\..* and nb\.Other both have this name"):
        agent_kinds(("agents", "nb"))


# -- metrics


def failing(at, answer):
    return lambda market: answer(market) if market.clock.tick >= at else 1.0


def test_the_path_up_to_a_fault_can_be_looked_at(odd):
    odd(failing(2, lambda market: 1 / 0))
    with Marketplace("smoke", **SMALL) as market:
        with pytest.raises(ZeroDivisionError) as raised:
            market.run()
        assert "in metric odd.one" in raised.value.__notes__
        assert list(market.metrics().index) == [0, 1] and market.metrics()["odd.one"].tolist() == [1.0, 1.0]
        assert market.summary()["odd.one"] == 1.0


def test_ticks_that_were_not_recorded_are_missing(odd):
    odd(lambda market: 1 / (market.clock.tick not in (0, 2)))
    with Marketplace("smoke", **SMALL) as market:
        for tick in range(4):
            try:
                market.step()
            except ZeroDivisionError:
                assert tick in (0, 2)
        assert list(market.metrics().index) == [1, 3]


@pytest.mark.parametrize("answer", [None, "much", [1.0], 1j])
def test_a_metric_without_a_number_is_named(odd, answer):
    odd(lambda market: answer)
    with Marketplace("smoke", **SMALL) as market, pytest.raises(ScenarioError, match=r"tick 0, .*metric odd.one: gave"):
        market.step()


@pytest.mark.parametrize("answer", [1, True, np.float32(1), np.int8(1), np.bool_(True)])
def test_any_number_will_do(odd, answer):
    odd(lambda market: answer)
    with Marketplace("smoke", **SMALL) as market:
        market.step()
        assert float(market.metrics()["odd.one"].iloc[0]) == 1.0


def test_a_misspelt_need_is_refused_when_metrics_are_gathered(tmp_path, monkeypatch):
    text = "from model.metric import metric\n\n@metric('1', needs=('lendng',))\ndef slip(market):\n    return 1.0\n"
    (tmp_path / "slipped.py").write_text(text)
    monkeypatch.setattr(model.metrics, "__path__", [*model.metrics.__path__, str(tmp_path)])
    try:
        with pytest.raises(ScenarioError, match=r"metric slipped.slip needs 'lendng': .* did you mean 'lending'"):
            registry.__wrapped__()
    finally:
        sys.modules.pop("model.metrics.slipped", None)


def test_a_need_unlike_all_names_may_be_a_plugins_kind():
    with pytest.warns(UserWarning, match="'crowd'"):
        look_at_needs("metric a.b", ("crowd", "miner", "lending"))


def test_to_collect_once_more_adds_nothing():
    with Marketplace("smoke", **SMALL) as market:
        market.step()
        market.datacollector.collect(market)
        market.step()
        assert len(market.metrics()) == len(market.datacollector.get_model_vars_dataframe()) == 2


# -- markets


def test_a_closed_market_says_so():
    with Marketplace("smoke", **SMALL) as market:
        market.step()
    asked = (
        market.step,
        market.check,
        market.balance_sheet,
        market.fingerprint,
        lambda: market.agents,
        lambda: market.change({"amm.fee_bps": 50}),
    )
    for ask in asked:
        with pytest.raises(AttributeError, match="the market is closed"):
            ask()
    assert market.clock.tick == 0 and len(market.metrics()) == 1
    assert not hasattr(market, "ledger")


def test_an_open_market_lacks_what_it_never_had():
    with Marketplace("smoke", **SMALL) as market, pytest.raises(AttributeError, match=r"legder: no such attribute"):
        _ = market.legder


@pytest.mark.parametrize("rng", [3.9, -1, 2**63, True, "5", np.random.default_rng(1)])
def test_a_seed_is_a_whole_number(rng):
    with pytest.raises(ScenarioError, match=r"rng = .*: give a whole number from 0 to 9223372036854775807"):
        Marketplace("smoke", rng=rng)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_market_is_not_copied(again):
    with (
        Marketplace("smoke", rng=3, **SMALL) as market,
        pytest.raises(TypeError, match=r"for a second one, Marketplace\(market.scenario, rng=3\)"),
    ):
        again(market)


def test_flows_before_the_first_tick():
    with Marketplace("smoke", **SMALL) as market:
        with pytest.raises(ScenarioError, match=r"flows\(tick=0\): no tick of the run is over yet; -1 is its opening"):
            market.flows(tick=0)
        assert len(market.flows(tick=-1))
        market.step()
        with pytest.raises(ScenarioError, match=r"flows\(tick=1\): the run has ticks 0 to 0; -1 is its opening"):
            market.flows(tick=1)
