"""From design blocks to points: every row becomes a scenario, equal scenarios become one point.

All faults of all rows are gathered before anything runs; a fault that many rows share is told once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from experiments.sweeps.bases import Bases
from experiments.sweeps.designs import Design, Table, kinds, names_of
from experiments.sweeps.labels import labels_of
from experiments.sweeps.paths import SCENARIO, TOTAL, refused, unknown, whole
from experiments.sweeps.ranges import LARGEST_DESIGN, Variable, corners
from model.errors import ScenarioError
from model.scenario import Scenario

MOST_TOLD = 20  # faults of one block that are told one by one


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

    @classmethod
    def of(cls, design: Design, made: Table, seed: int, rows: Sequence[str], labels: Sequence[str]) -> "Block":
        """The block of a design.

        Args:
            design: as it was given
            made: its rows
            seed: that they were made with
            rows: id of the point of every row
            labels: of every row
        """
        settings = {**design.model_dump(mode="json", exclude={"kind", "vars", "rows"}), "seed": seed}
        names = names_of(design, made)
        unit, problem = made.unit, made.problem
        return cls(design.kind, names, dict(design.vars), tuple(rows), tuple(labels), unit, problem, settings)


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
    if design is not None:
        faults += _faults_of_size(design)
    wrong += told([f"{place}: {line}" for line in faults])
    if faults or design is None or bases is None:
        return None
    seed = design.seed if design.seed is not None else seed
    made: Table = kinds()[design.kind].rows(design, seed)
    names = names_of(design, made)
    if not design.vars:
        faults = [f"{path}: {reason}" for path in names if (reason := unknown(path, plugins))]
    labels = labels_of(design.kind, names, made)
    points = [] if faults else _built(made.rows, labels, bases, faults)
    if faults:
        wrong += told([f"{place}: {line}" for line in faults])
        return None
    return Block.of(design, made, seed, [point.id for point in points], labels), points


def _faults_of_size(design: Design) -> list[str]:
    """Why a design cannot have as many points as its keys ask for."""
    try:
        n = kinds()[design.kind].count(design)
    except ValueError as error:
        return [str(error)]
    if n > LARGEST_DESIGN:
        return [f"has {n:,} points, at most {LARGEST_DESIGN:,} are allowed; take fewer values"]
    return []


def _built(rows: Sequence[Mapping[str, Any]], labels: Sequence[str], bases: Bases, faults: list[str]) -> list[Point]:
    """Points of rows; what makes scenarios refuse some is added to `faults`, with how many rows share it."""
    points: list[Point] = []
    seen: dict[str, list[str]] = {}
    for row, label in zip(rows, labels, strict=True):
        try:
            built = bases.build(row)
            points.append(Point(built.id, label, to_jsonable_python(row), built.scenario))
        except ScenarioError as error:
            for line in str(error).split("\n"):
                seen.setdefault(line, []).append(label)
    for line, where in seen.items():
        among = f" (at {len(where):,} of {len(rows):,} points, such as {where[0]})" if len(rows) > 1 else ""
        faults.append(f"{line}{among}")
    return points


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
        if bases is not None:
            found += [line for value in corners(variable) for line in _refused(path, value, bases)]
    return found


def _refused(path: str, value: Any, bases: Bases) -> list[str]:
    """Why a variable may not be so, whatever the others are."""
    if path not in (SCENARIO, TOTAL):
        return refused(bases.get().base, path, value)
    try:
        bases.get(**{"name" if path == SCENARIO else "total": value})
    except ScenarioError as error:
        return str(error).split("\n")
    return []


def told(lines: Sequence[str]) -> list[str]:
    """Lines each once, cut short where they are many."""
    once = list(dict.fromkeys(lines))
    place = once[0].split(":")[0] if once else ""
    rest = len(once) - MOST_TOLD
    return [*once[:MOST_TOLD], *([f"{place}: and {rest:,} more of the kind"] if rest > 0 else [])]


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
