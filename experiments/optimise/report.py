"""The frontier as tables, as plain data, and in one paragraph."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.console import Console

from experiments.console import fill, grid, plain, readable
from experiments.optimise.file import Problem
from experiments.optimise.frontier import Trial, costs_of
from experiments.sensitivity.report import number
from experiments.sensitivity.uncertainty import Interval
from experiments.store.layout import FRONTIER, write_whole
from experiments.store.search import write_answer
from experiments.sweeps.paths import short_names

if TYPE_CHECKING:
    from experiments.optimise.study import Frontier, Winner

MOST_SHOWN = 30  # winners in the table; all are in --json and trials.csv


def shown(value: Any) -> str:
    """A parameter's value in a table."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return readable(float(value))


def counts(frontier: "Frontier") -> dict[str, int]:
    """How many trials there were, and how many different places: tried, judged, within the limits, and not dominated."""
    places = {str(trial.values): trial for trial in frontier.trials}  # a search may propose a place again
    done = [trial for trial in places.values() if not trial.refused]
    return {
        "trials": len(frontier.trials),
        "different": len(places),
        "judged": len(done),
        "feasible": sum(trial.feasible for trial in done),
        "winners": len(frontier.winners),
    }


def show(frontier: "Frontier", console: Console) -> None:
    """Winners, then what fresh seeds make of them."""
    problem, winners = frontier.problem, frontier.winners
    short = short_names(list(problem.asked.variables))
    names = short_names(list(problem.metrics))
    goals = [f"{goal.rule.text}({names[goal.metric]})" for goal in problem.goals]
    number_of = counts(frontier)
    console.print(f"{problem.asked.name}: {problem.asked.question}", markup=False)
    console.print(
        f"{number_of['trials']:,} trials of {number_of['different']:,} places with {problem.settings.replicates:,} "
        f"replicates of each, {number_of['different'] - number_of['judged']:,} refused or failed, "
        f"{number_of['feasible']:,} within all limits, {number_of['winners']:,} that no other betters",
        markup=False,
    )
    for goal in problem.goals:
        console.print(f"· {'maximise' if goal.maximise else 'minimise'} {goal.name}", markup=False)
    for limit in problem.limits:
        console.print(f"· limit: {limit.name}", markup=False)
    for reason in dict.fromkeys(trial.refused for trial in frontier.trials if trial.refused):
        console.print(f"· refused or failed: {reason}", markup=False)
    if not winners:
        return
    columns = ("trial", *(short[path] for path in problem.asked.variables), *goals, "support")
    table = grid("frontier, as the search saw it", *columns, numbers=range(len(columns)))
    for winner in winners[:MOST_SHOWN]:
        trial = winner.trial
        values = (shown(value) for value in trial.values.values())
        fill(table, str(trial.number), *values, *(number(i) for i in trial.objectives), f"{trial.support:.0%}")
    console.print(table)
    if problem.fresh:
        columns = ("trial", *goals, *(f"optimism {k}" for k in range(1, len(goals) + 1)), "afresh")
        table = grid(f"the same places under {problem.fresh:,} fresh seeds", *columns, numbers=range(len(columns) - 1))
        for winner in winners[:MOST_SHOWN]:
            fill(table, str(winner.trial.number), *_fresh(winner, len(goals)))
        console.print(table)
    if len(winners) > MOST_SHOWN:
        console.print(f"and {len(winners) - MOST_SHOWN:,} more in trials.csv", markup=False)


def _fresh(winner: "Winner", goals: int) -> Sequence[str]:
    if winner.fresh is None:
        return ("–",) * (2 * goals) + ("failed",)
    verdict = "stays" if winner.stays else "bettered by another" if winner.holds else "breaks a limit"
    return (*(number(i) for i in winner.fresh.objectives), *(number(i) for i in winner.optimism), verdict)


def _told(problem: Problem, trial: Trial) -> str:
    """A place and its objectives in words."""
    short = short_names(list(problem.asked.variables))
    values = ", ".join(f"{short[path]} {shown(value)}" for path, value in trial.values.items())
    numbers = (f"{goal.name} {number(i)}" for goal, i in zip(problem.goals, trial.objectives, strict=True))
    return f"{values} gives {', '.join(numbers)}"


def sentence(frontier: "Frontier") -> str:
    """The answer in one paragraph: of places that hold under fresh seeds, where there are such runs."""
    winners, problem = frontier.winners, frontier.problem
    if not winners:
        return "No place that was tried keeps within all limits."
    found = [winner.fresh for winner in winners if winner.stays and winner.fresh is not None]
    found.sort(key=lambda trial: float(costs_of(np.array(trial.objectives[0].value), problem.goals[:1])[0]))
    of, failing = f" of {len(winners)} that the search found", problem.fresh and not found
    if not found:
        found, of = [winner.trial for winner in winners], ""
    span = f"The frontier has {len(found)} places{of}, from one end to the other"
    if len(found) == 1:
        span = "One place is best" + (of if len(winners) > 1 else "")
    ends = found if len(found) == 1 else (found[0], found[-1])
    text = f"{span}: {'; '.join(_told(problem, trial) for trial in ends)}."
    if failing:
        text += " Under fresh seeds none of them keeps within all limits."
    elif problem.fresh:
        text += f" Numbers are those of {problem.fresh:,} fresh seeds."
    fooled = [
        goal.name
        for k, goal in enumerate(problem.goals)
        if sum(w.optimism[k].low > 0.0 for w in winners if w.optimism) * 2 > len(winners)
    ]
    if fooled:
        text += f" The search flattered most places in {', '.join(fooled)}: believe the fresh numbers."
    return text


def _interval(interval: Interval) -> list[float | None]:
    return [plain(x) for x in interval]


def _trial(frontier: "Frontier", trial: Trial) -> dict[str, Any]:
    problem = frontier.problem
    names, limits = [goal.name for goal in problem.goals], [limit.name for limit in problem.limits]
    return {
        "trial": trial.number,
        "point": trial.point,
        "values": trial.values,
        "objectives": dict(zip(names, map(_interval, trial.objectives), strict=False)),
        "limits": dict(zip(limits, map(_interval, trial.limits), strict=False)),
        "feasible": trial.feasible,
        "support": trial.support,
        **({"refused": trial.refused} if trial.refused else {}),
    }


def record(frontier: "Frontier") -> dict[str, Any]:
    """Plain data for `--json`."""
    problem = frontier.problem
    names = [goal.name for goal in problem.goals]
    return {
        "study": problem.asked.name,
        "question": problem.asked.question,
        "answer": sentence(frontier),
        "folder": str(frontier.folder),
        **counts(frontier),
        "replicates": problem.settings.replicates,
        "fresh": problem.fresh,
        "frontier": [
            {
                **_trial(frontier, winner.trial),
                "fresh": None if winner.fresh is None else _trial(frontier, winner.fresh)["objectives"],
                "optimism": dict(zip(names, map(_interval, winner.optimism), strict=False)),
                "holds_afresh": winner.holds,
                "stays": winner.stays,
            }
            for winner in frontier.winners
        ],
        "places": [_trial(frontier, trial) for trial in frontier.trials],
    }


def rows(frontier: "Frontier") -> list[dict[str, Any]]:
    """One flat row a trial, for `trials.csv`."""
    problem, winners = frontier.problem, {w.trial.number: w for w in frontier.winners}
    found = []
    for trial in frontier.trials:
        row: dict[str, Any] = {"trial": trial.number, "point": trial.point, **trial.values}
        names = [*(goal.name for goal in problem.goals), *(limit.name for limit in problem.limits)]
        for name, i in zip(names, (*trial.objectives, *trial.limits), strict=False):
            row |= {name: i.value, f"{name} low": i.low, f"{name} high": i.high}
        winner = winners.get(trial.number)
        fresh = () if winner is None or winner.fresh is None else winner.fresh.objectives
        for goal, i in zip(problem.goals, fresh, strict=False):
            row |= {f"fresh {goal.name}": i.value, f"fresh {goal.name} low": i.low, f"fresh {goal.name} high": i.high}
        won, stays = winner is not None, winner is not None and winner.stays
        row |= {"feasible": trial.feasible, "frontier": won, "stays": stays}
        row |= {"support": trial.support, "refused": trial.refused}
        found.append(row)
    return found


def write(frontier: "Frontier") -> None:
    """Keep the answer in the study's folder: `trials.csv` and `frontier.json`."""
    write_whole(frontier.folder / "trials.csv", pd.DataFrame(rows(frontier)).to_csv(index=False).encode())
    write_answer(frontier.folder / FRONTIER, record(frontier), frontier.problem.asked.source)
