"""Every scenario with parameters, traits, shocks and live changes anywhere in their ranges: refused in a sentence, or its laws hold.

Flows close over the whole run then, no metric is infinite, and the balance sheet is of numbers.
"""

import contextlib
import math
import random
import typing
from typing import Any

import numpy as np
import pytest
from pydantic.fields import FieldInfo

from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.flows import Group
from model.journal import CHANGE_IN_HOLDINGS
from model.mechanism import catalogue
from model.params import facts

DRAWS = 12  # of each scenario
HOURS = (1, 4, 6, 12, 24)


def bounds(field: FieldInfo, default: float) -> tuple[float, float]:
    """Least and largest value that are tried."""
    found = {name: getattr(m, name) for m in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(m, name)}
    return found.get("ge", found.get("gt", 0)), found.get("le", found.get("lt", 10 * default + 10))


def drawn(dice: random.Random, field: FieldInfo) -> Any:
    """A value of a parameter, an end of its range now and then; None for what is neither a number nor a choice."""
    kind, default = field.annotation, field.get_default(call_default_factory=True)
    if kind is bool:
        return dice.random() < 0.5
    if typing.get_origin(kind) is typing.Literal:
        return dice.choice(typing.get_args(kind))
    if kind not in (int, float):
        return None
    low, high = bounds(field, default)
    near, far = default * math.exp(dice.gauss(0.0, 1.2)), low + (high - low) * dice.random() ** 4
    value = min(max(dice.choice((low, high, near, near, far)), low), high)
    return round(value) if kind is int else float(value)


def overrides(dice: random.Random, scenario: Scenario) -> dict[str, Any]:
    """A few parameters of the scenario's mechanisms, traits of its agents, and how long its ticks are."""
    found = {"clock.ticks": dice.choice((3, 12)), "clock.hours_per_tick": dice.choice(HOURS)}
    for _ in range(dice.randint(1, 5)):
        key = dice.choice(list(scenario.mechanisms))
        fields = getattr(catalogue()[key].Params, "model_fields", {})
        names = [name for name in fields if name != "capacity"]  # how large tables are, which others must fit
        if names and (value := drawn(dice, fields[name := dice.choice(names)])) is not None:
            found[f"{key}.{name}"] = value
    for _ in range(dice.randint(0, 3)):
        table = scenario.agents[dice.choice(list(scenario.agents))]
        if table.bounds:
            low, high = table.bounds[name := dice.choice(list(table.bounds))]
            value = dice.choice((low, high, low + (high - low) * dice.random() ** 6))
            found[f"agents.{table.kind}.{name}"] = value if math.isfinite(value) else low
    return found


def shocks(dice: random.Random, scenario: Scenario) -> list[dict[str, Any]]:
    """Up to three shocks, the largest that are allowed among them."""
    channels = [name for key in scenario.mechanisms for name in getattr(catalogue()[key], "channels", {})]
    found = []
    for _ in range(dice.randint(0, 3) if channels else 0):
        shape = dice.choice(("step", "ramp", "pulse"))
        days = 0.0 if shape == "step" else float(dice.choice((1, 2, 5)))
        size = dice.choice((-1.0, -0.99, -0.5, 1.0, 10.0, 1_000.0))
        row = {"channel": dice.choice(channels), "size": size, "shape": shape, "days": days}
        found.append({**row, "day": float(dice.randint(0, 8)), "source": "a throw of dice"})
    return found


def change_something(dice: random.Random, market: Marketplace) -> dict[str, Any]:
    """Give a live parameter another value; what was given."""
    key = dice.choice(list(market.scenario.mechanisms))
    fields = getattr(catalogue()[key].Params, "model_fields", {})
    live = [name for name, field in fields.items() if facts(field)["live"]]
    given = {
        f"{key}.{name}": value
        for name in dice.sample(live, min(len(live), 1))
        if (value := drawn(dice, fields[name])) is not None
    }
    with contextlib.suppress(ScenarioError):  # some do not fit with the others
        market.change(given)
    return given


def check_tables(market: Marketplace) -> None:
    """What a run hands out adds up."""
    for group in Group:
        matrix = market.flows(asset=group.name)
        moved = matrix.drop(index=CHANGE_IN_HOLDINGS)
        assert not moved.sum(axis=1).any(), group.name
        assert (moved.sum() == matrix.loc[CHANGE_IN_HOLDINGS]).all(), group.name
    figures = market.metrics()
    assert list(figures.columns[np.isinf(figures.to_numpy(float)).any(axis=0)]) == []
    assert np.isfinite(market.balance_sheet().to_numpy(float)).all()


@pytest.mark.slow
@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", Scenario.names())
def test_any_parameters_are_refused_or_run(name: str) -> None:
    dice = random.Random(name)
    for _ in range(DRAWS):
        scenario = Scenario.load(name)
        with contextlib.suppress(ScenarioError):  # fewer than it has kinds
            scenario = scenario.with_agents(dice.choice((30, 60, 150)))
        given = {**overrides(dice, scenario), "shocks": shocks(dice, scenario)}
        try:
            market = Marketplace(scenario.override(given), rng=dice.randrange(1_000))
        except ScenarioError:
            continue
        with market:
            try:
                while market.running:
                    given |= (
                        {f"tick {market.clock.tick}": change_something(dice, market)} if dice.random() < 0.3 else {}
                    )
                    market.step()
                market.check()
                check_tables(market)
            except Exception as error:
                if isinstance(error, ScenarioError) and "the books hold at most" in str(error):
                    continue
                error.add_note(f"{name} with {given}")
                raise
