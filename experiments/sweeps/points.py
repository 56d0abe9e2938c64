"""From design blocks to points: every row becomes a scenario, equal scenarios become one point.

All faults of all rows are gathered before anything runs; a fault that many rows share is told once.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from experiments.sweeps.designs import Design, Table, kinds
from experiments.sweeps.paths import SCENARIO, TOTAL, flat, refused, short_names, unknown, whole
from experiments.sweeps.ranges import LARGEST_DESIGN, Variable, corners
from experiments.sweeps.variants import Built, Variants, identity
from model.errors import ScenarioError
from model.scenario import Scenario

MOST_TOLD = 20  # faults of one block that are told one by one
MOST_IN_LABEL = 4  # variables that a label lists; points of larger designs are numbered
DIGITS = (4, 6, 9, 17)  # significant digits of numbers in labels, more where fewer do not tell points apart


class Point(NamedTuple):
    """One place in parameter space.

    Attributes:
        id: 16 hex digits of the resolved scenario without its seed; equal points of several blocks are one
        label: for people, "loan_to_value 0.5, volatility 0.8"
        values: dotted path and value of what the design set, the fixed overrides left out
        scenario: ready to run
    """

    id: str
    label: str
    values: dict[str, Any]
    scenario: Scenario


class Block(NamedTuple):
    """A design block as it was given, and the points that its rows became.

    Attributes:
        kind: grid, list, lhs, morris, ...
        names: dotted paths that it varies
        variables: what each of them may be
        rows: id of the point of every row, in the order of the design; a point may come twice
        labels: label of every row
        unit: rows in the unit cube, for sampling designs, otherwise empty
        problem: SALib's description of the variables in the unit cube, for morris and saltelli, otherwise empty
        settings: the block's other keys with their defaults, such as n, levels, second_order, and the seed of its points
    """

    kind: str
    names: tuple[str, ...]
    variables: dict[str, Variable]
    rows: tuple[str, ...]
    labels: tuple[str, ...]
    unit: tuple[tuple[float, ...], ...] = ()
    problem: dict[str, Any] = {}
    settings: dict[str, Any] = {}


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


def seed_of_block(root: int, number: int) -> int:
    """Seed of a block's points: from the study's seed and the block's place, counted from 1."""
    digest = hashlib.blake2b(f"rigshare design {root}/{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def block_points(
    place: str,
    design: Design | None,
    variables: Mapping[str, Variable | None],
    seed: int,
    bases: Bases | None,
    plugins: Sequence[str],
    wrong: list[str],
) -> tuple[Block, list[Point]] | None:
    """The rows of a block as points; None, and every fault in `wrong`, where it cannot be used.

    Args:
        place: what messages call the block
        design: the block, None where its keys cannot be used
        variables: by dotted path, None for one whose values cannot be read
        seed: of its points, if the block names none
        bases: scenarios that points start from, None where the study's cannot be used
        plugins: packages with further kinds of agents
        wrong: gets one line for each fault
    """
    faults = _faults_of_variables(variables, bases, plugins)
    n = 0
    try:
        n = kinds()[design.kind].count(design) if design is not None else 0
        if n > LARGEST_DESIGN:
            raise ValueError(f"has {n:,} points, at most {LARGEST_DESIGN:,} are allowed; take fewer values")
    except ValueError as error:
        faults.append(str(error))
    wrong += told([f"{place}: {line}" for line in faults])
    if faults or design is None or bases is None:
        return None
    seed = design.seed if design.seed is not None else seed
    made: Table = kinds()[design.kind].rows(design, seed)
    names = list(design.vars) or list(dict.fromkeys(path for row in made.rows for path in row))
    if not design.vars:
        faults = [f"{place}: {path}: {reason}" for path in names if (reason := unknown(path, plugins))]
        if faults:
            wrong += told(faults)
            return None
    labels = made.labels if made.labels and all(made.labels) else _labels(design.kind, names, made)
    points: list[Point] = []
    seen: dict[str, list[str]] = {}
    for row, label in zip(made.rows, labels, strict=True):
        try:
            built = bases.build(row)
            points.append(Point(built.id, label, to_jsonable_python(row), built.scenario))
        except ScenarioError as error:
            for line in str(error).split("\n"):
                seen.setdefault(line, []).append(label)
    if seen:
        lines = []
        for line, where in seen.items():
            among = f" (at {len(where):,} of {n:,} points, such as {where[0]})" if n > 1 else ""
            lines.append(f"{place}: {line}{among}")
        wrong += told(lines)
        return None
    settings = {**design.model_dump(mode="json", exclude={"kind", "vars", "rows"}), "seed": seed}
    rows = tuple(p.id for p in points)
    return Block(
        design.kind, tuple(names), dict(design.vars), rows, tuple(labels), made.unit, made.problem, settings
    ), points


def _faults_of_variables(
    variables: Mapping[str, Variable | None], bases: Bases | None, plugins: Sequence[str]
) -> list[str]:
    """Unknown paths, and values that a parameter may not have whatever the others are."""
    found = []
    for path, variable in variables.items():
        reason = unknown(path, plugins)
        if reason:
            found.append(f"{path}: {reason}")
        if reason or variable is None:
            continue
        if variable.continuous and variable.type == "float" and whole(path):
            found.append(f'{path}: takes whole numbers; add type = "int" to its range')
            continue
        if bases is None:
            continue
        lines = []
        for value in corners(variable):
            if path in (SCENARIO, TOTAL):
                try:
                    bases.get(**{"name" if path == SCENARIO else "total": value})
                except ScenarioError as error:
                    lines += str(error).split("\n")
            else:
                lines += refused(bases.get().base, path, value)
        found += lines
    return found


def told(lines: Sequence[str]) -> list[str]:
    """Lines each once, cut short where they are many."""
    once = list(dict.fromkeys(lines))
    place = once[0].split(":")[0] if once else ""
    rest = len(once) - MOST_TOLD
    return [*once[:MOST_TOLD], *([f"{place}: and {rest:,} more of the kind"] if rest > 0 else [])]


def _labels(kind: str, names: Sequence[str], made: Table) -> list[str]:
    """Labels of rows: what they set, or a number where that would be long."""
    own = made.labels or ("",) * len(made.rows)
    if len(names) > MOST_IN_LABEL:
        return [label or f"{kind} {i}" for i, label in enumerate(own, 1)]
    short, labels = short_names(names), []
    different = len({label or repr(row) for label, row in zip(own, made.rows, strict=True)})
    for digits in DIGITS:
        labels = [
            label or ", ".join(f"{short[path]} {_shown(value, digits)}" for path, value in row.items()) or "base"
            for label, row in zip(own, made.rows, strict=True)
        ]
        if len(set(labels)) == different:
            break
    return labels


def _shown(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, dict):
        return " ".join(f"{path.replace('.', ' ')} {_shown(item, digits)}" for path, item in flat(value).items())
    return str(value)


def merged(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points of all blocks, equal ones once under their first label, with whatever values any of them set."""
    found: dict[str, Point] = {}
    for point in points:
        first = found.get(point.id)
        values = {**point.values, **first.values} if first else point.values
        found[point.id] = (first or point)._replace(values=values)
    used: dict[str, int] = {}
    result = []
    for point in found.values():
        used[point.label] = n = used.get(point.label, 0) + 1
        result.append(point if n == 1 else point._replace(label=f"{point.label} ({n})"))
    return tuple(result)
