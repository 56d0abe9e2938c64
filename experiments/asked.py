"""What files of optimisations and calibrations share: a base scenario, fixed parameters, and parameters to be searched."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from experiments.study_files import find_sweep
from experiments.sweeps.file import Experiment, table
from experiments.sweeps.folder import origin
from experiments.sweeps.paths import SCENARIO, TOTAL, flat, refused, unknown
from experiments.sweeps.ranges import Variable, corners
from experiments.sweeps.variants import Variants
from model.errors import ScenarioError, nearest
from model.params import complaints
from model.scenario import Scenario
from model.scenario_files import find, read_toml


class Asked(NamedTuple):
    """The shared part of a file.

    Attributes:
        name: of the study and its folder of results
        question: what it asks
        seed: from which all seeds derive
        base: scenario with the fixed parameters laid over it
        variables: what the search may set, by dotted path
        tables: the file as read
        source: its text
        beside: folder in which the base was looked for
    """

    name: str
    question: str
    seed: int
    base: Scenario
    variables: dict[str, Variable]
    tables: dict[str, Any]
    source: str
    beside: Path

    @property
    def metrics(self) -> dict[str, str]:
        """Units of the metrics that the base records, by name."""
        return {m.name: m.unit for m in self.base.recorded()}


def ask(name: str | Path, own: Sequence[str], marks: str, plugins: Sequence[str], wrong: list[str]) -> Asked | None:
    """Read what is shared; faults are added to `wrong`, and None says that nothing can be built on it.

    Args:
        name: of a file under `scenarios/sweeps`, or its path
        own: tables that the verb knows beside `[experiment]`, `[params]` and `[vars]`
        marks: the table that such a file must have
        plugins: packages with further kinds and strategies
        wrong: one sentence for each fault

    Raises:
        ScenarioError: there is no such file, it is no TOML, or it is a file of another verb
    """
    path = find_sweep(name)
    stem, beside = origin(path)
    tables = read_toml(path)
    if marks not in tables:
        raise ScenarioError(f"{path}: has no [{marks}] table, so it asks for nothing that `{marks}` does")
    known = ("experiment", "params", "vars", *own)
    wrong += [f"[{key}]: no such table{nearest(key, known)}" for key in tables if key not in known]
    experiment = table("experiment", tables.get("experiment", {}), Experiment, wrong)
    given = tables.get("params", {})
    if not isinstance(given, dict):
        wrong.append(f'params = {given!r}: write a table [params] with rows such as "lending.loan_to_value" = 0.5')
        given = {}
    base = None if experiment is None else _base(experiment, flat(given), beside, plugins, wrong)
    variables = _variables(tables.get("vars", {}), base, plugins, wrong)
    if experiment is None or base is None:
        return None
    source = path.read_text(encoding="utf-8")
    question = experiment.question or base.question
    return Asked(experiment.name or stem, question, experiment.seed, base, variables, tables, source, beside)


def _base(
    experiment: Experiment, params: Mapping[str, Any], beside: Path, plugins: Sequence[str], wrong: list[str]
) -> Scenario | None:
    """The scenario that every place starts from."""
    faults = [f"params.{key}: {why}" for key in params if (why := unknown(key, plugins))]
    wrong += faults
    try:
        found = Scenario.load(find(experiment.base, beside), plugins)
    except ScenarioError as error:
        wrong.append(f"experiment.base: {error}")
        return None
    values = {key: value for key, value in params.items() if not unknown(key, plugins)}
    if experiment.ticks is not None:
        values["clock.ticks"] = experiment.ticks
    try:
        if values:
            found = Variants(found).of(values).scenario
        return found if experiment.agents is None else found.with_agents(experiment.agents, keep=values)
    except ScenarioError as error:
        wrong += [f"params: {line}" for line in str(error).split("\n")]
        return None


def _variables(given: Any, base: Scenario | None, plugins: Sequence[str], wrong: list[str]) -> dict[str, Variable]:
    """Searched parameters whose path exists and whose bounds are allowed."""
    if not isinstance(given, dict) or not given:
        wrong.append(
            'vars: nothing to search; write [vars] with rows such as "lending.loan_to_value" = { low = 0.2, high = 0.5 }'
        )
        return {}
    found: dict[str, Variable] = {}
    for path, spec in flat(given).items():
        why = "a search cannot set it" if path in (SCENARIO, TOTAL) else unknown(path, plugins)
        if why:
            wrong.append(f"vars.{path}: {why}")
        try:
            variable = Variable.model_validate(spec)
        except ValidationError as error:
            wrong += complaints(error, f"vars.{path}", Variable)
            continue
        if why:
            continue
        if base is not None:
            wrong += [f"vars.{line}" for end in corners(variable) for line in refused(base, path, end)]
        found[path] = variable
    return found


def stop_at(path: str | Path, wrong: Sequence[str]) -> None:
    """Tell all faults of a file at once.

    Raises:
        ScenarioError: there are any
    """
    if wrong:
        raise ScenarioError("\n".join(f"{path}: {line}" for line in dict.fromkeys(wrong)))


def rows(key: str, tables: Mapping[str, Any], model: Any, wrong: list[str]) -> Iterator[tuple[str, Any]]:
    """Rows of `[[key]]` that are without fault, each with what to call it; faults are added to `wrong`."""
    given = tables.get(key, [])
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        wrong.append(f"{key}: write [[{key}]] with two brackets, once for each")
        return
    for i, row in enumerate(given, 1):
        place, before = f"{key} {i}", len(wrong)
        item = table(place, row, model, wrong)
        if item is not None and len(wrong) == before:
            yield place, item
