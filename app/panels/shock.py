"""The form of a stress test: scenario, shock, size, day, length, seeds, and the buttons that run and cancel it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from app.address import TICKS, Setup, load
from app.panels.side import Side
from app.parts import tag
from app.stress.ask import LARGEST_SIZE, LEAST_SIZE, SEEDS, SHAPES, STEP, Ask, channels, fitted, last_day, length
from app.stress.job import RUNNING, WAITING, Progress
from app.widgets import Press, Select, SliderBox
from experiments.sweeps.progress import words as left

PERCENT, STEP_PERCENT = 100.0, 5.0
LENGTHS = (30, 60, 90, 180, 365)  # days of a run that can be chosen beside the scenario's own
LONGEST = 365  # days of a pulse or a ramp
WORDS = {WAITING: "Waiting for a free processor …", RUNNING: "Running"}
DEFAULT = Ask()


@solara.component
def Shock(ask: Ask, progress: Progress | None, on_ask: Callable[[Ask], None], run: Any, cancel: Any) -> Any:
    """All controls.

    Args:
        ask: the question as it stands
        progress: of the last test; None before the first
        on_ask: told another question
        run, cancel: called by the buttons
    """
    scenario, busy = load(ask.setup.scenario), progress is not None and progress.busy
    known = channels(scenario)

    def turn(path: str, value: float) -> None:
        on_ask(ask.with_(**{path: round(value / PERCENT, 4) if path == "size" else int(value)}))

    def back() -> None:
        on_ask(fitted(replace(ask, size=DEFAULT.size, day=DEFAULT.day, days=DEFAULT.days)))

    def scenario_of(setup: Setup) -> None:
        other = setup.scenario != ask.setup.scenario
        settings = tuple(row for row in ask.setup.settings if other and row[0] == TICKS) + setup.settings
        on_ask(fitted(replace(ask, setup=replace(setup, settings=_once(settings)))))

    def lengthen(text: str) -> None:
        rest = tuple(row for row in ask.setup.settings if row[0] != TICKS)
        own = () if text == "" else ((TICKS, int(text)),)
        on_ask(fitted(replace(ask, setup=replace(ask.setup, settings=own + rest))))

    per_day = 24 // scenario.clock.hours_per_tick
    own_days = scenario.clock.ticks // per_day
    spans = [("", f"{own_days:,} days, as it ships")]
    spans += [(str(days * per_day), f"{days:,} days") for days in LENGTHS if days != own_days]
    now = str(length(ask.setup)) if TICKS in dict(ask.setup.settings) else ""
    if now not in dict(spans):
        spans.append((now, f"{int(now) // per_day:,} days"))
    seeds = sorted({*SEEDS, ask.seeds})
    label, kind, act = ("Cancel", "plain", cancel) if busy else ("Run", "main", run)
    shock = [
        Select(
            "What is shocked",
            ask.channel,
            [(name, f"{name}: {known[name]}") for name in known],
            _set(ask, "channel", on_ask),
        ),
        Select("How it comes", ask.shape, SHAPES, _set(ask, "shape", on_ask)),
        SliderBox("The shock", _rows(ask), True, turn, back),
        Select("Length of a run", now, spans, lengthen),
        Select(
            "Seeds",
            str(ask.seeds),
            [(str(n), f"{n} with the shock, {n} without") for n in seeds],
            _set_seeds(ask, on_ask),
        ),
        tag("div", [Press(label, act, f"{label} the stress test", kind)], "rs-row"),
        _state(progress),
    ]
    card = tag("section", shock, "rs-card rs-grid rs-side", **{"aria-label": "Shock"})
    side = Side("Scenario", ask.setup, scenario_of, label="Scenario under stress")
    return tag("div", [side, card], "rs-grid")


def _rows(ask: Ask) -> list[dict[str, Any]]:
    """Sliders of the shock."""
    last = last_day(ask.setup)
    rows = [
        {
            "path": "size",
            "label": "Size",
            "unit": "%",
            "meaning": "part by which it changes",
            "low": PERCENT * LEAST_SIZE,
            "high": PERCENT * LARGEST_SIZE,
            "step": STEP_PERCENT,
            "value": round(PERCENT * ask.size, 4),
            "hint": "−50 % halves it, +100 % doubles it",
        },
        {
            "path": "day",
            "label": "Day",
            "unit": "",
            "meaning": "on which it begins",
            "low": 0,
            "high": last,
            "step": 1,
            "value": min(ask.day, last),
            "hint": "of the run, on which it begins",
        },
    ]
    if ask.shape != STEP:
        rows.append(
            {
                "path": "days",
                "label": "Length",
                "unit": "days",
                "meaning": "of the shock",
                "low": 1,
                "high": LONGEST,
                "step": 1,
                "value": ask.days,
                "hint": "until it ends" if ask.shape == "pulse" else "until all of it is there",
            }
        )
    return [row | {"mark": ""} for row in rows]


def _once(settings: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """Settings with each path once, the last one counting."""
    return tuple(dict(settings).items())


def _set(ask: Ask, name: str, on_ask: Callable[[Ask], None]) -> Callable[[str], None]:
    return lambda value: on_ask(ask.with_(**{name: value}))


def _set_seeds(ask: Ask, on_ask: Callable[[Ask], None]) -> Callable[[str], None]:
    return lambda text: on_ask(replace(ask, seeds=int(text)))


def _state(progress: Progress | None) -> Any:
    """How far it is, in words and as a bar."""
    if progress is None:
        return tag(
            "div", [tag("span", ["Nothing has been run yet."], role="status")], "rs-state", **{"data-stress": "none"}
        )
    phase = progress.phase
    said = WORDS.get(phase, phase.capitalize())
    if phase == RUNNING:
        pace = left(progress.done, 0, progress.total, progress.seconds)
        said = f"{progress.done:,} of {progress.total:,} runs" + (f", {pace}" if pace else "")
    parts = [tag("span", [said], role="status")]
    if progress.busy:
        share = f"{progress.done / max(1, progress.total):.3f}"
        parts.append(tag("progress", [], "rs-progress", value=share, max="1", **{"aria-label": "Runs that are done"}))
    return tag("div", parts, "rs-state", **{"data-stress": phase})
