"""From a finished study to its sensitivities: results put in the order of the design, one metric after another."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.sensitivity.methods import Results, morris, regress, saltelli
from experiments.sensitivity.ranking import Rank, Sensitivity, ranks
from experiments.sensitivity.uncertainty import LEAST_REPLICATES
from experiments.sweeps.points import Block
from model.errors import ScenarioError, nearest
from model.metric import registry

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.study import Study

LEAST_ROWS = 4  # of a design, below which nothing can be said
MOST_LOST = 0.2  # part of a design that may be undefined or failed


def metrics_of(study: "Study", asked: Sequence[str] = ()) -> list[str]:
    """Metrics to analyse: those asked for, else those the study is about, else the headline ones.

    Raises:
        ScenarioError: one of them is not recorded
    """
    known = list(dict.fromkeys(m.name for point in study.points for m in point.scenario.recorded()))
    for name in asked:
        if name not in known:
            raise ScenarioError(f"--metric {name}: {study.name} records no such metric{nearest(name, known)}")
    headline = [name for name in known if registry()[name].headline]
    return list(asked or study.summary or headline or known)


def analyse(study: "Study", table: "pd.DataFrame", metrics: Sequence[str]) -> list[Sensitivity]:
    """Sensitivities of every metric, by every design block.

    Args:
        study: with its blocks
        table: one row a run
        metrics: columns of the table

    Raises:
        ScenarioError: the study varies nothing that can be analysed, or too many runs failed
    """
    blocks = [block for block in study.blocks if block.names and len(block.rows) >= LEAST_ROWS]
    if not blocks:
        raise ScenarioError(f"{study.name}: varies nothing, or at fewer than {LEAST_ROWS} points; give it a [[design]]")
    values = {point.id: point.values for point in study.points}
    return [analyse_block(study, block, table, metric, values) for block in blocks for metric in metrics]


def analyse_block(
    study: "Study", block: Block, table: "pd.DataFrame", metric: str, values: Mapping[str, Mapping[str, Any]]
) -> Sensitivity:
    """Sensitivity of one metric in one block, `values` being those of each point by its id."""
    size = len(block.names)
    second = bool(block.settings.get("second_order", False))
    group = {"morris": size + 1, "saltelli": 2 * size + 2 if second else size + 2}.get(block.kind, 1)
    results = gathered(study.name, block, table, metric, group)
    replicates, name, notes = results.y.shape[2], f"{study.name}/{metric}", []
    if results.lost:
        whole = results.lost + len(results.kept)
        notes.append(f"{results.lost} of {whole} groups of runs left out: undefined or failed")
    if replicates < LEAST_REPLICATES:
        notes.append(
            f"{replicates} replicate{'s' * (replicates > 1)}: intervals do not know what other seeds would change; "
            f"give [replicates] n = {LEAST_REPLICATES} or more"
        )
    elif study.common:
        notes.append("seeds are common to all places: what they move everywhere alike is no noise here")
    if block.kind == "morris":
        found = morris(block, results, name)
    elif block.kind == "saltelli":
        found = saltelli(block, results, name)
    else:
        found = regress(block, results, name, values)
    main = next(iter(found.measures.values()))
    places = tuple(ranks(main))
    if np.ptp(results.y.mean(axis=2)) == 0.0:
        notes.append("no parameter of the design changes this metric: there is nothing to rank")
        places = tuple(Rank(1, len(main)) for _ in main)
    return Sensitivity(
        metric=metric,
        unit=registry()[metric].unit if metric in registry() else "",
        method=found.method,
        parameters=found.parameters,
        measures=found.measures,
        ranks=places,
        pairs=found.pairs,
        noise=found.noise,
        places=len(set(block.rows)),
        replicates=replicates,
        notes=(*notes, *found.notes),
    )


def gathered(study: str, block: Block, table: "pd.DataFrame", metric: str, group: int) -> Results:
    """A metric's numbers in the order of a block's rows, groups of rows kept whole."""
    wide = table.pivot(index="point", columns="replicate", values=metric)
    rows = wide.reindex(list(block.rows)).to_numpy(np.float64)
    y = rows.reshape(len(block.rows) // group, group, rows.shape[1])
    whole = np.isfinite(y).all(axis=(1, 2))
    lost = int((~whole).sum())
    if lost > MOST_LOST * len(y) or whole.sum() < 2:
        raise ScenarioError(
            f"{study}: {metric} is undefined or its run failed in {lost} of {len(y)} groups of runs; take another "
            "metric, or a range in which it is defined"
        )
    return Results(np.asarray(y[whole], np.float64), np.flatnonzero(whole), lost)
