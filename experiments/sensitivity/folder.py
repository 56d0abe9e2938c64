"""A study's design as its folder of results keeps it, wherever the sweep file's base may have gone."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.store.design import Stored, read_design
from experiments.store.layout import SWEEP
from experiments.store.manifest import read_manifest
from experiments.sweeps.designs import Design, kinds, names_of
from experiments.sweeps.file import read
from experiments.sweeps.points import Block, Point, seed_of_block
from experiments.sweeps.study import Study
from model.errors import ScenarioError


def study_of(folder: Path, plugins: Sequence[str]) -> Study:
    """The study of a folder: its points, and its design blocks made anew from the sweep's text.

    Every point has the first one's scenario: what is asked of it here is only which metrics it records.

    Raises:
        ScenarioError: the folder was not made from a sweep file, or its text no longer fits its points
    """
    if not (folder / SWEEP).is_file():
        raise ScenarioError(f"{folder}: was not made from a sweep file, so its design is not known")
    wrong: list[str] = []
    sweep, record, stored = read(folder / SWEEP, wrong), read_manifest(folder), read_design(folder)
    if wrong:
        raise ScenarioError("\n".join(f"{folder / SWEEP}: {line}" for line in wrong))
    scenario = stored[0].scenario(plugins)
    root = int(record["root_seed"])
    blocks = [
        block_of(folder, design, seed_of_block(root, i), stored)
        for i, (design, _) in enumerate(sweep.designs, 1)
        if design is not None
    ]
    return Study(
        str(record["study"]),
        str(record["question"]),
        tuple(Point(point.id, point.label, point.values, scenario) for point in stored),
        int(record["replicates"]),
        common=bool(record["common_random_numbers"]),
        root=root,
        summary=tuple(record["summary"]),
        blocks=tuple(blocks),
    )


def block_of(folder: Path, design: Design, seed: int, stored: Sequence[Stored]) -> Block:
    """A design block whose rows are found among stored points by the values that they set."""
    seed = seed if design.seed is None else design.seed
    made = kinds()[design.kind].rows(design, seed)
    names = names_of(design, made)
    known: dict[str, str] = {}
    for point in sorted(stored, key=lambda point: len(point.values)):  # those that set no more than these come first
        known.setdefault(_key({path: point.values[path] for path in names if path in point.values}), point.id)
    rows = [known.get(_key(row)) for row in made.rows]
    if None in rows:
        raise ScenarioError(
            f"{folder}: the points do not fit {SWEEP}; name the sweep file itself, which runs what is missing"
        )
    return Block.of(design, made, seed, [str(row) for row in rows], made.labels or ("",) * len(rows))


def _key(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, default=str)
