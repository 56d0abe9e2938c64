"""Which rules of credit decide how much is borrowed, liquidated and lost: Sobol's indices where the design is at hand."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.answers.effects import variables
from experiments.answers.generic import ranked
from experiments.answers.words import is_clear, listed
from experiments.sweeps.paths import short_names
from model.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sensitivity.ranking import Sensitivity

METRICS = {
    "lending.debt": "mean debt",
    "lending.liquidations": "liquidations",
    "lending.lost_depositors": "bad debt that depositors bore",
}
NEEDS = ("param.lending.loan_to_value", "param.lending.threshold", *METRICS)


def answer(table: "pd.DataFrame") -> str:
    """Total shares of variance with intervals; rank coefficients where the folder of the study is not known."""
    folder = table.attrs.get("folder", "")
    if not folder or not variables(table):
        return ranked(table, list(METRICS))
    from experiments.sensitivity.analysis import analyse
    from experiments.sensitivity.folder import study_of

    try:
        found = analyse(study_of(Path(folder), ()), table, list(METRICS))
    except ScenarioError:  # some of the design's runs are missing, or undefined
        return ranked(table, list(METRICS))
    said = "; ".join(told(each) for each in found)
    return (
        f"Total share of variance by Sobol, with 95 % intervals over {found[0].places} places: {said}. Shares add up to "
        "more than 1 where rules act together."
    )


def told(found: "Sensitivity") -> str:
    """One metric: what surely matters, and whether its rank is known."""
    measure, names = found.measures[found.main], short_names(found.parameters)
    order = found.order()
    sure = [k for k in order if is_clear(measure[k])]
    words = METRICS[found.metric]
    if not sure:
        return f"for {words} no rule has a clear share"
    shares = [f"{names[found.parameters[k]]} {share(measure[k])}" for k in sure]
    rank = "first for sure" if found.ranks[order[0]].worst == 1 else "which is first cannot be told"
    weak = [names[found.parameters[k]] for k in order if k not in sure]
    return f"for {words} {listed(shares)} ({rank}){f', no clear share of {listed(weak)}' if weak else ''}"


def share(interval: tuple[float, float, float]) -> str:
    """A share with its interval.

    >>> share((0.5, 0.25, 0.75))
    '.50 (.25 to .75)'
    """
    value, low, high = (f"{x:.2f}".replace("0.", ".", 1) if abs(x) < 1 else f"{x:.2f}" for x in interval)
    return f"{value} ({low} to {high})"
