"""The rest of the network in its three forms: elastic, by history, and fixed."""

import pytest

from model import Marketplace, Scenario, ScenarioError
from model.tables import month_series

EH = 1e18


def run(rest: str, strategy: str, ticks: int = 60) -> Marketplace:
    values = {"network.rest": rest, "agents.rest_of_network.strategy": strategy, "clock.ticks": ticks}
    return Marketplace(Scenario.load("smoke").override(values), rng=3).run()


def test_history_follows_the_real_hashrate_and_buys_its_rigs() -> None:
    market = run("history", "history")
    real = month_series("btc_monthly", "hashrate_ehs", "2023-02", "2023-02")[0]
    simulated = market.metrics()["network.hashrate"].iloc[31:59].mean()
    assert simulated == pytest.approx(real, rel=0.05)
    flows = market.flows()["rest_of_network"]
    assert flows["rigs"] < 0
    assert flows["capital"] > 0
    assert market.mechanisms["rigs"].backlog > 0


def test_fixed_stays_where_it_is() -> None:
    market = run("fixed", "history", ticks=20)
    rest = market.mechanisms["network"].rest_hashrate
    assert rest == pytest.approx(month_series("btc_monthly", "hashrate_ehs", "2023-01", "2023-01")[0] * EH, rel=0.06)
    assert market.metrics()["network.hashrate"].pct_change().abs().max() < 0.01


def test_elastic_owns_rigs_and_pays_for_power() -> None:
    flows = run("elastic", "elastic").flows()["rest_of_network"]
    assert flows["power"] < 0
    assert flows["coin trade"] > 0


def test_elastic_needs_its_agent() -> None:
    tables = Scenario.load("smoke").tables
    agents = {kind: table for kind, table in tables["agents"].items() if kind != "rest_of_network"}
    with pytest.raises(ScenarioError, match="rest_of_network"):
        Marketplace(Scenario.from_tables({**tables, "agents": agents}, "alone"), rng=1)
