"""What every kind of agent and every strategy in the registry promises."""

import math

import numpy as np
import pytest

from agents.base import MarketAgent, Population, Strategy
from model import Marketplace, Scenario
from model.actions import Status
from model.agent_tables import trait_bounds
from model.errors import ScenarioError
from model.kinds import DEFAULT_PACKAGES, agent_kinds, strategies
from model.params import facts
from model.unit_names import UNITS
from tests.needs import closed_under_needs

KINDS = agent_kinds(DEFAULT_PACKAGES)
STRATEGIES = strategies(DEFAULT_PACKAGES)
TICKS = 6
TABLES = {
    "clock": {"ticks": TICKS},
    **{key: {} for key in ("bitcoin", "power", "rigs", "payout", "vaults", "amm", "social", "fees")},
    "network": {"rest": "elastic"},
    "offerings": {"initial": 4, "th": 100.0},
    "agents": {"miner": {"count": 12}, "retail_investor": {"count": 60}, "rest_of_network": {"count": 1}},
}


def scenario(kind: str, strategy: str) -> Scenario:
    tables = {**TABLES, "agents": {name: dict(table) for name, table in TABLES["agents"].items()}}
    own = tables["agents"].setdefault(kind, {"count": 10})
    own["strategy"] = strategy
    if getattr(KINDS[kind], "single", False):
        own["count"] = 1
    return Scenario.from_tables(tables, f"{kind} {strategy}")


@pytest.fixture(params=sorted(STRATEGIES), ids=lambda pair: "-".join(pair))
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kinds_are_mesa_agents_with_documented_traits(kind: str) -> None:
    cls = KINDS[kind]
    assert issubclass(cls, MarketAgent)
    assert cls.__doc__
    assert (kind, cls.strategy) in STRATEGIES
    assert {"cash", "attention"} <= set(cls.Traits.model_fields)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_traits_have_unit_meaning_and_bounds(kind: str) -> None:
    owners = [KINDS[kind], *(cls for (serves, _), cls in STRATEGIES.items() if serves == kind)]
    for owner in owners:
        if owner.Traits is None:
            continue
        for name, field in owner.Traits.model_fields.items():
            known = facts(field)
            assert known["unit"] in UNITS, f"{owner.__name__}.{name}"
            assert known["meaning"], f"{owner.__name__}.{name}"
            low, high = trait_bounds(field)
            assert low <= high


def test_strategies_say_whom_they_serve(pair: tuple[str, str]) -> None:
    cls = STRATEGIES[pair]
    assert issubclass(cls, Strategy)
    assert cls.__doc__
    assert pair[0] in KINDS


def test_strategies_run_repeat_and_keep_the_laws(pair: tuple[str, str]) -> None:
    prints = []
    for _ in range(2):
        with Marketplace(scenario(*pair), rng=3) as market:
            population: Population = market.populations[pair[0]]
            for _ in range(TICKS):
                market.step()
            market.check()
            for name, column in population.columns.items():
                assert np.isfinite(column[: len(population)]).all(), name
            assert not population.market.settlement.inbox
            prints.append(market.fingerprint())
    assert prints[0] == prints[1]


def test_strategies_hand_in_rows_of_their_own_accounts(pair: tuple[str, str]) -> None:
    with Marketplace(scenario(*pair), rng=4) as market:
        population = market.populations[pair[0]]
        own = set(population.account[: len(population)].tolist())
        for _ in range(TICKS):
            market.step()
            for strategy in population.strategies:
                for batches in getattr(strategy.receipts, "_batches", {}).values():
                    for batch in batches:
                        assert set(batch.rows["account"].tolist()) <= own
                        assert (batch.rows["status"] != Status.PENDING).all()


@pytest.mark.parametrize("end", [0, 1], ids=["least", "most"])
def test_traits_may_be_assigned_to_their_ends(pair: tuple[str, str], end: int) -> None:
    with Marketplace(scenario(*pair), rng=6) as market:
        population = market.populations[pair[0]]
        market.step()
        for name, bounds in population.table.bounds.items():
            agent = population.agents[len(name) % len(population)]
            if name != "cash" and math.isfinite(bounds[end]):
                setattr(agent, name, bounds[end])
                assert getattr(agent, name) == bounds[end]
                with pytest.raises(ValueError, match=rf"{name} = .*: allowed"):
                    setattr(agent, name, bounds[end] + (1.0 if end else -1.0))
        for _ in range(2 * TICKS):
            market.step()
        market.check()


@pytest.mark.parametrize("kind", sorted(k for k in KINDS if not getattr(KINDS[k], "single", False)))
def test_newcomers_and_leavers(kind: str) -> None:
    with Marketplace(scenario(kind, KINDS[kind].strategy), rng=5) as market:
        population = market.populations[kind]
        market.step()
        before = len(population)
        slots = population.arrive(7)
        population.depart(int(slots[0]))
        for _ in range(3):
            market.step()
        market.check()
        assert len(population) == before + 7
        agent = population.agents[-1]
        assert math.isfinite(agent.cash)
        assert agent.attention == pytest.approx(population.attention[-1])


def test_a_strategy_runs_with_what_it_needs_alone(pair: tuple[str, str]) -> None:
    kind, name = pair
    needs = closed_under_needs((*KINDS[kind].needs, *STRATEGIES[pair].needs))
    agents = {kind: {"count": 1 if getattr(KINDS[kind], "single", False) else 6, "strategy": name, "attention": 1.0}}
    tables = {"clock": {"ticks": 8}, **{key: {} for key in needs}, "agents": agents}
    with Marketplace(Scenario.from_tables(tables, f"{name} alone"), rng=1) as market:
        market.run().check()


def test_what_a_strategy_lacks_is_named() -> None:
    agents = {"retail_investor": {"count": 6}, "rest_of_network": {"count": 1}, "miner": {"count": 0}}
    with pytest.raises(ScenarioError) as found:
        Scenario.from_tables({"agents": agents}, "bare")
    assert "agents.retail_investor needs [vaults]: add that" in str(found.value)
    assert "agents.rest_of_network needs [bitcoin], [network], [rigs]: add that" in str(found.value)
    assert "agents.miner" not in str(found.value)
