"""The order of a day, written once: `run.py plan` prints it and the marketplace runs it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from model.mechanism import STAGES, Mechanism, stage_methods

if TYPE_CHECKING:
    from model.marketplace import Marketplace


class PlanLine(NamedTuple):
    """One line of the day: its stage, whose rule it is, what it does, and the call."""

    stage: str
    owner: str
    text: str
    call: Callable[[], None]


def plan_of(market: "Marketplace") -> list[PlanLine]:
    """The day of a market, line by line: what each mechanism and population does in each stage."""
    lines = [PlanLine("environment", "shocks", "shocks that are due begin and end", market.refresh_shocks)]
    for stage in STAGES:
        if stage == "decide":
            for name, population in market.populations.items():
                lines.append(
                    PlanLine(
                        stage,
                        name,
                        f"awake agents choose by {', '.join(population.table.shares)}",
                        population.decide,
                    )
                )
        elif stage == "settle":
            lines += [PlanLine(stage, owner, text, call) for owner, text, call in market.settlement.lines()]
        lines += _of_mechanisms(market, stage)
        if stage == "observe":
            lines.append(PlanLine(stage, "view", "the view is frozen for all strategies", market.view.refresh))
        if stage == "record":
            lines.append(
                PlanLine(stage, "recorder", "ledger surveyed and checked; metrics and flows recorded", market.record)
            )
        if stage == "guard":
            checked = [m for m in market.mechanisms.values() if type(m).check is not Mechanism.check]
            lines += [PlanLine(stage, m.key, "its laws hold", m.check) for m in checked]
    return lines


def _of_mechanisms(market: "Marketplace", stage: str) -> list[PlanLine]:
    """Lines of a stage that mechanisms ask for: those that come first, then the others, each mechanism after its needs."""
    early: list[PlanLine] = []
    late: list[PlanLine] = []
    for key, mechanism in market.mechanisms.items():
        for name, first in stage_methods(type(mechanism), stage):
            method = getattr(mechanism, name)
            text = (method.__doc__ or name).strip().splitlines()[0].rstrip(".")
            (early if first else late).append(PlanLine(stage, key, text, method))
    return early + late
