"""Where to stress: the base with its shocks, over sizes, days and parameters."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.stress.shocks import Rows, laid_on, moved, scaled
from experiments.values import toml_value
from model.clock import Clock
from model.errors import ScenarioError
from model.scenario import Scenario

SIZE, DAY = "size", "day"  # axes that are no parameters
MOST_AXES = 2
CALM = "without shocks"


class Place(NamedTuple):
    """One stressed scenario.

    Attributes:
        label: for people
        values: by axis: parameter path, `size` or `day`
        scenario: ready to run
        rows: shocks and changes that were laid on the base there
    """

    label: str
    values: dict[str, Any]
    scenario: Scenario
    rows: Rows = Rows()


def axis(text: str) -> tuple[str, list[Any]]:
    """Read `lending.loan_to_value=.3,.4,.5`.

    >>> axis("lending.loan_to_value=.3,0.4")
    ('lending.loan_to_value', [0.3, 0.4])
    """
    key, equals, values = (part.strip() for part in text.partition("="))
    words = [word.strip() for word in values.split(",")]
    if not equals or not key or not all(words) or ("." not in key and key not in (SIZE, DAY)):
        raise ScenarioError(
            f"--grid {text!r}: write TABLE.KEY=VALUE,VALUE,..., or {SIZE}=.5,1,2 or {DAY}=30,60 for the shocks"
        )
    try:
        found = [toml_value(word) for word in words]
    except ScenarioError as error:
        raise ScenarioError(f"--grid {text!r}: {error}") from None
    if len({repr(v) for v in found}) < len(found):
        raise ScenarioError(f"--grid {text!r}: a value is given twice; name each once")
    if key in (SIZE, DAY) and not all(isinstance(v, int | float) and not isinstance(v, bool) for v in found):
        raise ScenarioError(f"--grid {text!r}: {key} takes numbers")
    return key, found


def axes_of(grids: Sequence[str], sizes: Sequence[float]) -> dict[str, list[Any]]:
    """All axes, at most two; several sizes make one."""
    found: dict[str, list[Any]] = {}
    for key, values in map(axis, grids):
        if key in found:
            raise ScenarioError(f"--grid {key}: is given twice; put all its values into one")
        found[key] = values
    if len(sizes) > 1:
        if SIZE in found:
            raise ScenarioError("--size and --grid size: give the sizes once")
        found[SIZE] = list(sizes)
    if len(found) > MOST_AXES:
        raise ScenarioError(f"--grid: {', '.join(found)}: a map has two sides; give at most {MOST_AXES}")
    return found


def places(
    base: Scenario, rows: Rows, axes: Mapping[str, Sequence[Any]], size: float = 1.0, day: float | None = None
) -> list[Place]:
    """The base under shocks at every place of a grid; without a grid also once without the shocks.

    Args:
        base: scenario
        rows: shocks and changes to lay on it
        axes: values by parameter path, `size` or `day`
        size: multiplies all sizes where `size` is no axis
        day: on which the first row begins where `day` is no axis; None leaves days as they are

    Raises:
        ScenarioError: something cannot be used; says at which place
    """
    if not rows and (SIZE in axes or DAY in axes or day is not None or size != 1.0):
        raise ScenarioError("--size and --day act on shocks that are added; name some by --with or --shock")
    if DAY in axes and day is not None:
        raise ScenarioError("--day and --grid day: give the days once")
    found = []
    for combination in itertools.product(*axes.values()):
        values = dict(zip(axes, combination, strict=True))
        label = told(values) if values else base.name if not rows else "with shocks"
        own = {key: value for key, value in values.items() if key not in (SIZE, DAY)}
        here = base.override(own) if own else base
        there = values.get(DAY, day)
        shocks = scaled(rows, float(values.get(SIZE, size)))
        if there is not None:
            shocks = moved(shocks, float(there), Clock(here.clock))
        _within(shocks, Clock(here.clock), label)
        found.append(Place(label, values, laid_on(base, shocks, own, f"{base.name}, {label}"), shocks))
    if rows and not axes:
        found.append(Place(CALM, {}, laid_on(base, Rows(), {}, base.name)))
    return found


def _within(rows: Rows, clock: Clock, label: str) -> None:
    """Refuse rows that begin outside the run, where they would do nothing."""
    end = clock.ticks * clock.dt_days
    begins = [(s.channel, s.begins(clock.start)) for s in rows.shocks]
    begins += [(next(iter(c.set), "a change"), c.tick * clock.dt_days) for c in rows.changes]
    wrong = [f"{what} begins on day {day:g}" for what, day in begins if not 0.0 <= day < end]
    if wrong:
        raise ScenarioError(
            f"{label}: {', '.join(wrong)}, and the run has days 0 to {end - clock.dt_days:g}; move it by --day, or give more --ticks"
        )


def told(values: Mapping[str, Any]) -> str:
    """Values for people: last word of the path and the value.

    >>> told({"lending.loan_to_value": 0.4, "size": 2})
    'loan_to_value 0.4, size 2'
    """
    return ", ".join(f"{key.split('.')[-1]} {value}" for key, value in values.items())
