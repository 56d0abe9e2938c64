"""Scenarios that the points of a study start from."""

from collections.abc import Callable, Mapping
from typing import Any

from experiments.sweeps.paths import SCENARIO, TOTAL
from experiments.sweeps.variants import Built, Variants, identity
from model.errors import ScenarioError
from model.scenario import Scenario


class Bases:
    """Scenarios that points start from, with the fixed overrides laid over them, each made once.

    Args:
        load: finds a scenario by name
        name: of the base
        params: fixed overrides
        total: agents in all, if the study says
    """

    def __init__(
        self, load: Callable[[str], Scenario], name: str, params: Mapping[str, Any], total: int | None = None
    ) -> None:
        self._load, self._name, self._params, self._total = load, name, dict(params), total
        self._made: dict[tuple[Any, Any], Variants | str] = {}

    def get(self, name: Any = None, total: Any = None) -> Variants:
        """Variants of the base, or of another scenario, with another number of agents.

        Raises:
            ScenarioError: the scenario cannot be used, with the overrides or at all
        """
        key = (str(name), str(total))
        if key not in self._made:
            try:
                self._made[key] = self._make(self._name if name is None else name, total)
            except ScenarioError as error:
                self._made[key] = str(error)
        made = self._made[key]
        if isinstance(made, str):
            raise ScenarioError(made)
        return made

    def _make(self, name: Any, total: Any) -> Variants:
        if not isinstance(name, str):
            raise ScenarioError(f"{SCENARIO} = {name!r}: write a scenario's name or path in quotes")
        scenario = self._load(name)
        if self._params:
            scenario = Variants(scenario).of(self._params).scenario
        agents = self._total if total is None else total
        if agents is not None:
            if not isinstance(agents, int) or isinstance(agents, bool) or agents < 1:
                raise ScenarioError(f"{TOTAL} = {agents!r}: agents in all are a whole number above 0")
            scenario = scenario.with_agents(agents, keep=self._params)
        return Variants(scenario)

    def build(self, row: Mapping[str, Any]) -> Built:
        """Scenario of a row of a design."""
        rest = {path: value for path, value in row.items() if path not in (SCENARIO, TOTAL)}
        variants = self.get(row.get(SCENARIO), row.get(TOTAL))
        return variants.of(rest) if rest else Built(variants.base, identity(variants.base))
