"""A calibration as tables, as plain data, and in one paragraph."""

import math
from typing import TYPE_CHECKING, Any

from rich.console import Console

from experiments.console import fill, grid, plain, readable
from experiments.sensitivity.report import number
from experiments.store.layout import CALIBRATION
from experiments.store.search import write_answer

if TYPE_CHECKING:
    from experiments.calibrate.study import Calibration

TWO_SIDED = 1.96  # |z| that chance exceeds once in twenty
REJECTED = 0.05


def gaps(found: "Calibration") -> list[dict[str, Any]]:
    """Targets beside what the fitted model does."""
    problem, inference = found.problem, found.inference
    rows = []
    for k in range(problem.fitted):
        error, gap = float(inference.gap_errors[k]), float(inference.simulated[k] - problem.targets.values[k])
        rows.append(
            {
                "moment": problem.targets.names[k],
                "target": float(problem.targets.values[k]),
                "model": float(inference.simulated[k]),
                "gap_error": error,
                "gap_over_error": gap / error if error > 0.0 else math.nan,
                "source": problem.sources[k],
            }
        )
    return rows


def show(found: "Calibration", console: Console) -> None:
    """Estimates, fit, held-out moments, warnings."""
    problem, inference = found.problem, found.inference
    console.print(f"{problem.asked.name}: {problem.asked.question}", markup=False)
    table = grid("estimates", "parameter", "estimate (95 % interval)", "searched", numbers=(1, 2))
    for path, interval in found.estimates.items():
        variable = problem.asked.variables[path]
        fill(table, path, number(interval), f"{readable(float(variable.low))} to {readable(float(variable.high))}")  # type: ignore[arg-type]
    console.print(table)
    table = grid("fitted moments", "moment", "world", "model", "gap / sd", "source", numbers=(1, 2, 3))
    for row in gaps(found):
        fill(table, row["moment"], readable(row["target"]), readable(row["model"]), readable(row["gap_over_error"]),
             row["source"])  # fmt: skip
    console.print(table)
    if inference.held_out:
        table = grid("held-out moments", "moment", "world", "model", "z", "source", numbers=(1, 2, 3))
        for held, source in zip(inference.held_out, problem.sources[problem.fitted :], strict=True):
            fill(table, held.name, readable(held.target), readable(held.simulated), readable(held.z), source)
        console.print(table)
    console.print(
        f"{len(found.tried):,} places, {problem.settings.replicates:,} replicates of each; weighted distance "
        f"{readable(found.distance)}; condition of the Jacobian {readable(inference.condition)}",
        markup=False,
    )
    for warning in found.warnings:
        console.print(f"· {warning}", markup=False)


def sentence(found: "Calibration") -> str:
    """The answer in one paragraph."""
    told = ", ".join(f"{path} {number(interval)}" for path, interval in found.estimates.items())
    text = f"Best fit: {told}."
    test = found.inference.test
    if test is None:
        text += " As many parameters as moments, so that nothing tests the model."
    else:
        verdict = "the moments cannot all be met at once" if test.p < REJECTED else "nothing speaks against the model"
        text += f" J = {test.statistic:.2f} with {test.freedom} degrees of freedom, p = {test.p:.3f}: {verdict}."
    held = found.inference.held_out
    if held:
        missed = [item.name for item in held if not abs(item.z) <= TWO_SIDED]
        met = f"Of {len(held)} held-out moments {len(held) - len(missed)} are met"
        text += f" {met}." if not missed else f" {met}; missed: {', '.join(missed)}."
    return text


def record(found: "Calibration") -> dict[str, Any]:
    """Plain data for `--json`."""
    inference, test = found.inference, found.inference.test
    return {
        "study": found.problem.asked.name,
        "question": found.problem.asked.question,
        "answer": sentence(found),
        "folder": str(found.folder),
        "estimates": {path: [plain(x) for x in interval] for path, interval in found.estimates.items()},
        "correlation": [[plain(float(x)) for x in row] for row in inference.correlation],
        "moments": [{k: plain(v) if isinstance(v, float) else v for k, v in row.items()} for row in gaps(found)],
        "held_out": [
            {key: plain(value) if isinstance(value, float) else value for key, value in item._asdict().items()}
            for item in inference.held_out
        ],
        "test": None if test is None else test._asdict(),
        "distance": plain(found.distance),
        "condition": plain(inference.condition),
        "converged": found.converged,
        "places": len(found.tried),
        "replicates": found.problem.settings.replicates,
        "warnings": list(found.warnings),
    }


def write(found: "Calibration") -> None:
    """Keep the answer in the study's folder: `calibration.json`."""
    write_answer(found.folder / CALIBRATION, record(found), found.problem.asked.source)
