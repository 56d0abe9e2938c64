"""What an answer to a scenario's question is: what is looked at in a run, and the words for what many runs show.

A file of `answers` holds one `ANSWER`, found by scanning; its name is that of a preset or a stress scenario.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from model.errors import ScenarioError, nearest
from model.scan import modules
from model.scenario import Scenario
from model.scenario_files import FOLDER

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

PLAIN = "as it is"  # the scenario's own variant
FOLDERS = ("presets", "stress")  # of scenarios that have an answer
LEAST_SEEDS = 30
Numbers = Mapping[str, float | bool]  # a truth counts as one run in which it happened or did not


@dataclass(frozen=True)
class Answer:
    """How a scenario is asked.

    Attributes:
        look: numbers of a finished run, by name; NaN where undefined
        tell: the answer in words, from the numbers of all runs
        units: of these numbers, by name; "%" for shares
        changes: parameters that differ from the file so that many seeds are quick
        against: variants that the scenario is compared with under the same seeds, each a change of parameters
        real: the real event's figure, in words; empty where there is none
        source: of the real figure
        seeds: fewest seeds; more than usual where a probability must be known well
        until: what ends a run before its last tick, if anything
    """

    look: Callable[["Marketplace"], Numbers]
    tell: Callable[["Found"], str]
    units: Mapping[str, str]
    changes: Mapping[str, Any] = field(default_factory=dict)
    against: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    real: str = ""
    source: str = ""
    seeds: int = LEAST_SEEDS
    until: Callable[["Marketplace"], bool] | None = None

    @property
    def variants(self) -> tuple[str, ...]:
        """The scenario's own variant, and those it is compared with."""
        return PLAIN, *self.against

    def scenario(self, name: str, variant: str = PLAIN, ticks: int | None = None) -> Scenario:
        """What is run.

        Args:
            name: of the scenario
            variant: one of `variants`
            ticks: other length of a run
        """
        changes = {**self.changes, **(self.against[variant] if variant != PLAIN else {})}
        if ticks is not None:
            changes["clock.ticks"] = ticks
        base = Scenario.load(name)
        return base.override(changes) if changes else base


@cache
def answers() -> dict[str, Answer]:
    """Every answer, presets first, by name of its scenario."""
    found = {}
    for module in modules("experiments.presets.answers"):
        found[module.__name__.rsplit(".", 1)[1]] = module.ANSWER
    order = scenarios()
    return {name: found[name] for name in sorted(found, key=lambda n: order.index(n) if n in order else len(order))}


def scenarios() -> list[str]:
    """Presets and stress scenarios that ship, by folder and name."""
    return [path.stem for folder in FOLDERS for path in sorted((FOLDER / folder).glob("*.toml"))]


def folder_of(name: str) -> str:
    """`presets` or `stress`."""
    return next(folder for folder in FOLDERS if (FOLDER / folder / f"{name}.toml").exists())


def answer_to(name: str) -> Answer:
    """The answer of a scenario.

    Raises:
        ScenarioError: there is none
    """
    known = answers()
    if name not in known:
        raise ScenarioError(
            f"--only {name}: no answer of that name; give one of `list --presets`{nearest(name, known)}"
        )
    return known[name]
